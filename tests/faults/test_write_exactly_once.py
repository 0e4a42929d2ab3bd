"""Approved writes survive killed workers and broken connections: every one once, none lost.

`make faults` runs 200 writes and 50 kills; the suite a smaller number of the same.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from core.domain.approval import OutboxState, split_writes
from core.domain.audit import about, verify_chain
from core.domain.budget import Reserves
from core.domain.ids import ApplicationId, TenantId
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    Proposal,
    SetField,
    SetStage,
)
from core.domain.records import Application, ListNode
from core.flow.approve import approve
from core.icims import BasicCredentials, IcimsClient, parse_field_map
from core.ports import Trigger
from core.store import Store, open_store
from tests import small_world as world
from tests.faults.write_worker import CUSTOMER, RealClock
from tests.quota_bench import SilentLog, own_places
from tests.sandbox_server import RunningSandbox, start_sandbox
from tests.store_bench import SECRET, CountedIds, database, proposal, recruiter

FULL = os.environ.get("COPILOT_FAULTS") == "full"
WRITES, KILLS = (200, 50) if FULL else (40, 10)
STEPS = 4
SEED = 20_260_310
ROOT = Path(__file__).resolve().parents[2]
TEST = Trigger("check", "test")
PATIENCE = 900 if FULL else 110


@dataclass
class Workers:
    """Worker processes that can be killed; two at a time."""

    forks: subprocess.Popen[str]
    alive: list[int] = field(default_factory=list)

    def start(self) -> None:
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        self.forks.stdin.write("one more\n")
        self.forks.stdin.flush()
        self.alive.append(int(self.forks.stdout.readline()))

    def kill(self, which: int) -> None:
        os.kill(self.alive.pop(which), signal.SIGKILL)


@contextmanager
def workers(database_url: str, sandbox_url: str) -> Iterator[Workers]:
    command = [sys.executable, "-m", "tests.faults.write_worker", database_url, sandbox_url]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as forks:
        started = Workers(forks)
        try:
            yield started
        finally:
            for pid in started.alive:
                os.kill(pid, signal.SIGTERM)


def connect(sandbox: RunningSandbox) -> IcimsClient:
    return IcimsClient(
        base_url=sandbox.url,
        customer_id=CUSTOMER,
        credentials=BasicCredentials(username="api4711", password="password-4711"),
        field_map=parse_field_map(world.field_map(CUSTOMER)),
        call_log=SilentLog(),
        clock=RealClock(),
        reserves=Reserves(),
        places=own_places(),
    )


def changes_to(record: Application) -> tuple[Change, ...]:
    """Four iCIMS requests: fields, two assessment results, a stage."""
    today = datetime.now(UTC).date()
    interview = ListNode(world.NORTH.statuses["Interview"], "Interview")
    return (
        SetField("ai_match_score", None, int(record.id) % 100),
        AddTags("tags", (), ("High_Match",)),
        AppendText("private_note", f"Screened application {record.id}."),
        AddAssessmentResult("Recruiter copilot", today, 87, "first", "notes"),
        AddAssessmentResult("Recruiter copilot", today, 88, "second", "notes"),
        SetStage(record.stage, interview),
    )


def approve_all(store: Store, ats: IcimsClient, number: int) -> list[Proposal]:
    """Approve changes to ``number`` applications, each in a commit of its own."""
    plans = []
    for id in range(5_000, 5_000 + number):
        record = ats.application(TEST, ApplicationId(str(id)), live=True)
        now = store.clock.now()
        plan = proposal(record, *changes_to(record), at=now)
        made = approve(
            plan, recruiter(store.tenant, now), plan.hash, record,
            now=now, undo_window=timedelta(0), ids=CountedIds(),
        )  # fmt: skip
        with store.unit_of_work() as uow:
            uow.proposals.put(plan)
            uow.proposals.approve(made.approval)
            for entry in made.entries:
                uow.outbox.add(entry)
            for fact in made.facts:
                uow.audit.append(fact)
            uow.commit()
        plans.append(plan)
    return plans


def unfinished(store: Store, plans: list[Proposal]) -> int:
    with store.unit_of_work() as uow:
        entries = [entry for plan in plans for entry in uow.outbox.of(plan.id)]
    return sum(entry.state in (OutboxState.WAITING, OutboxState.SENDING) for entry in entries)


def until(condition: Callable[[], bool], deadline: float) -> bool:
    """Poll for something that happens in other processes; False when it did not in time."""
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.005)
    return False


def requests_reach(sandbox: RunningSandbox, target: int) -> bool:
    return sandbox.admin.requests(CUSTOMER) >= target


def kill_at_random(
    crew: Workers,
    sandbox: RunningSandbox,
    store: Store,
    plans: list[Proposal],
    chance: random.Random,
) -> int:
    """Kill workers at random requests, and a random moment after; return how many were killed."""
    deadline = time.monotonic() + PATIENCE
    for killed in range(KILLS):
        target = sandbox.admin.requests(CUSTOMER) + chance.randint(1, 2 * WRITES // KILLS)
        if not until(partial(requests_reach, sandbox, target), deadline):
            return killed
        time.sleep(chance.uniform(0, 0.02))
        if not unfinished(store, plans):
            return killed
        crew.kill(chance.randrange(len(crew.alive)))
        crew.start()
    return KILLS


@pytest.fixture(params=["sqlite", "postgresql"] if FULL else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as empty:
        yield empty


@pytest.mark.timeout(PATIENCE + 60)
def test_every_approved_write_arrives_exactly_once_whatever_is_killed(url: str) -> None:
    chance = random.Random(SEED)
    store = open_store(url, tenant=TenantId(CUSTOMER), secret_key=SECRET, clock=RealClock())
    store.migrate()
    with start_sandbox(world.SmallWorld()) as sandbox:
        ats = connect(sandbox)
        plans = approve_all(store, ats, WRITES // STEPS)
        for number, (fault, probability) in enumerate(
            [("reset_after", 0.15), ("reset_before", 0.05), ("unavailable", 0.05)]
        ):
            for method in ("PATCH", "POST"):
                seed = SEED + number
                sandbox.admin.fault(fault, method=method, probability=probability, seed=seed)
        with workers(url, sandbox.url) as crew:
            crew.start()
            crew.start()
            killed = kill_at_random(crew, sandbox, store, plans, chance)
            done = until(lambda: not unfinished(store, plans), time.monotonic() + PATIENCE)
        sandbox.admin.clear_faults()
        assert done
        assert killed == KILLS
        check_sandbox(sandbox, ats, plans)
        ats.close()
    check_store(store, plans)
    store.close()


def check_sandbox(sandbox: RunningSandbox, ats: IcimsClient, plans: list[Proposal]) -> None:
    journal = sandbox.admin.journal()
    expected = Counter(
        {(plan.application_id, effect): 2 for plan in plans for effect in ("changed", "added")}
    )
    assert Counter((str(entry["id"]), entry["effect"]) for entry in journal) == expected
    for plan in plans:
        record = ats.application(TEST, plan.application_id, live=True)
        fields = {name: value.value for name, value in record.fields.items()}
        assert fields["ai_match_score"] == int(plan.application_id) % 100
        assert fields["tags"] == ("High_Match",)
        assert str(fields["private_note"]).count("Screened") == 1
        assert sorted(e.result for e in record.assessment_results) == ["first", "second"]
        assert record.stage.label == "Interview"


def check_store(store: Store, plans: list[Proposal]) -> None:
    with store.unit_of_work() as uow:
        assert verify_chain(uow.audit.events()) == uow.audit.count()
        happened = Counter(event.fact.action for event in uow.audit.events())
        assert happened["write.in_doubt"]
        assert happened["write.found"]
        for plan in plans:
            entries = uow.outbox.of(plan.id)
            assert [entry.state for entry in entries] == [OutboxState.DONE] * STEPS
            assert len(split_writes(plan)) == STEPS
            assert all(uow.outbox.receipt(entry.id) for entry in entries)
            ends = Counter(
                event.fact.data["write"]
                for event in uow.audit.of_subject(about(plan.application_id))
                if event.fact.action in ("write.done", "write.found")
            )
            assert ends == Counter(entry.id for entry in entries)
