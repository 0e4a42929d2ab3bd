"""The relay tells a broker of what is due, and loses nothing when the broker is away."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from core.domain.ids import JobId, TenantId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.errors import BrokerUnavailable, InvalidInput
from core.ports import Published
from core.queue.broker import Broker
from core.queue.relay import Relay
from core.store import Store
from tests.store_bench import HandClock


@dataclass
class Line:
    """A broker in memory; it takes nothing while it is ``away``."""

    away: bool = False
    told: list[JobId] = field(default_factory=list)
    tried: threading.Event = field(default_factory=threading.Event)

    def publish(self, jobs: Sequence[Published]) -> None:
        self.tried.set()
        if self.away:
            raise BrokerUnavailable("away")
        self.told += [job.id for job in jobs]


def relay_of(store: Store, line: Line) -> Relay:
    return Relay(
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        publish=line.publish,
        idle=0.01,
        first_wait=0.01,
        longest_wait=0.02,
    )


def add(store: Store, key: str, priority: Priority = Priority.BACKLOG) -> JobId:
    request = JobRequest(
        kind=JobKind.SCREEN, tenant=TenantId(store.tenant), dedupe_key=key, priority=priority
    )
    with store.unit_of_work() as uow:
        id = uow.jobs.enqueue(request, store.clock.now())
        uow.commit()
    assert id is not None
    return id


def test_a_broker_is_told_once_and_the_most_urgent_first(store: Store) -> None:
    line = Line()
    slow, click = add(store, "slow"), add(store, "click", Priority.CLICK)
    assert (relay_of(store, line).relay(), relay_of(store, line).relay()) == (2, 0)
    assert line.told == [click, slow]


def test_while_the_broker_is_away_jobs_wait_in_the_table_and_are_told_when_it_is_back(
    store: Store,
) -> None:
    line = Line(away=True)
    id = add(store, "a")
    with pytest.raises(BrokerUnavailable):
        relay_of(store, line).relay()
    line.away = False
    assert relay_of(store, line).relay() == 1
    assert line.told == [id]


def test_what_the_broker_has_lost_is_told_again(store: Store, clock: HandClock) -> None:
    line = Line()
    id = add(store, "a")
    relay_of(store, line).relay()
    clock.forward(seconds=59)
    assert relay_of(store, line).relay() == 0
    clock.forward(seconds=2)
    assert relay_of(store, line).relay() == 1
    assert line.told == [id, id]


def test_a_relay_outlives_an_absence_of_the_broker(store: Store) -> None:
    line = Line(away=True)
    id = add(store, "a")
    stopped = threading.Event()
    thread = threading.Thread(target=relay_of(store, line).run, args=(stopped,))
    thread.start()
    assert line.tried.wait(30)
    line.away = False
    while not line.told:
        threading.Event().wait(0.01)
    stopped.set()
    thread.join(30)
    assert line.told == [id]


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1", "memory://", "amqp:/x"])
def test_a_broker_of_another_kind_is_refused_in_words(url: str) -> None:
    with pytest.raises(InvalidInput, match="COPILOT_BROKER_URL"):
        Broker(url, TenantId("t"))


def test_a_broker_that_cannot_be_reached_is_no_mystery() -> None:
    broker = Broker("amqp://guest:secret@127.0.0.1:1//", TenantId("t"))
    with pytest.raises(BrokerUnavailable) as refused:
        broker.publish([Published(JobId("1"), 0)])
    assert "secret" not in str(refused.value)
