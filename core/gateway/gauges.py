"""Numbers for a monitor: ids and names are never among them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from core.bootstrap import App
from core.domain.events import EventKind
from core.domain.jobs import Depth
from core.ports import UnitOfWork

_MOST_DEAD = 1_000


class EventCounts:
    """What this process was sent since it started."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._taken = Counter("copilot_events", "Events kept", ["kind"], registry=registry)
        self._repeated = Counter(
            "copilot_events_repeated", "Requests that were here before", registry=registry
        )
        self._refused = Counter(
            "copilot_events_refused", "Requests refused", ["reason"], registry=registry
        )
        for kind in EventKind:
            self._taken.labels(kind.value)

    def took(self, kind: EventKind, *, is_new: bool) -> None:
        """Count an event that was answered 200."""
        if is_new:
            self._taken.labels(kind.value).inc()
        else:
            self._repeated.inc()

    def refused(self, reason: str) -> None:
        """Count a request that was refused."""
        self._refused.labels(reason).inc()


class WorkGauges(Collector):
    """What waits and what has been recorded, counted when somebody asks."""

    def __init__(self, app: App) -> None:
        self._app = app

    def collect(self) -> list[GaugeMetricFamily]:
        """Count jobs and audit events."""
        now = self._app.clock.now()
        with self._app.store.unit_of_work() as uow:
            return [
                _gauge("jobs_waiting", "Jobs neither done nor given up", uow.jobs.pending()),
                _gauge(
                    "jobs_dead",
                    f"Jobs given up, at most {_MOST_DEAD:,}",
                    len(uow.jobs.dead(_MOST_DEAD)),
                ),
                _gauge("audit_events", "Events in the audit log", uow.audit.count()),
                *_silence(uow, now),
                *_queue(uow.jobs.depths(now), now),
            ]


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"copilot_{name}", words, value)


def _silence(uow: UnitOfWork, now: datetime) -> Iterator[GaugeMetricFamily]:
    last = uow.events.last_at()
    if last is not None:
        seconds = (now - last).total_seconds()
        yield _gauge("seconds_since_event", "Since iCIMS last told us something", seconds)


def _queue(depths: Iterable[Depth], now: datetime) -> list[GaugeMetricFamily]:
    labels = ["kind", "priority"]
    count = GaugeMetricFamily("copilot_jobs", "Jobs by state", labels=[*labels, "state"])
    oldest = GaugeMetricFamily(
        "copilot_jobs_oldest_seconds", "How long the oldest due job waits", labels=labels
    )
    for each in depths:
        names = [each.kind.value, each.priority.name.lower()]
        for state in ("due", "running", "put_off"):
            count.add_metric([*names, state], getattr(each, state))
        if each.oldest_due_at is not None:
            oldest.add_metric(names, (now - each.oldest_due_at).total_seconds())
    return [count, oldest]
