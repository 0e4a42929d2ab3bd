"""The day's iCIMS requests as screens show them; who may see them is the caller's to check."""

from collections.abc import Sequence
from datetime import datetime

from core.domain.budget import USED_UP, Lane, lane_of
from core.domain.ids import RequisitionId
from core.domain.jobs import Depth
from core.domain.views import BudgetView, LaneView, Waiting
from core.ports import QuotaState, UnitOfWork
from core.services.progress import screening_group


def budget(uow: UnitOfWork, quota: QuotaState, now: datetime) -> BudgetView:
    """Sum up what was used, what is open to whom and what waits for more.

    Work of one kind counts as waiting for requests when the newest of it was put off for that.
    """
    plan, depths = quota.plan(now), uow.jobs.depths(now)
    reading = plan.reading
    known = reading.limit is not None and reading.remaining is not None
    return BudgetView(
        limit=reading.limit,
        used=(reading.limit or 0) - (reading.remaining or 0) if known else None,
        remaining=reading.remaining,
        resets_at=reading.resets_at,
        paused_until=reading.blocked_until,
        short=plan.short,
        lanes=tuple(
            LaneView(
                lane=lane,
                open=plan.open_to(lane),
                kept=plan.kept_for(lane),
                waiting=_waiting(depths, lane),
            )
            for lane in Lane
        ),
    )


def scoring_waits(uow: UnitOfWork, id: RequisitionId) -> Waiting | None:
    """Say how many applications of a requisition wait for requests to be scored with, if any."""
    jobs = uow.jobs.progress(screening_group(id))
    if jobs.next_at is None or not jobs.problem.startswith(USED_UP):
        return None
    return Waiting(jobs.waiting, jobs.next_at)


def _waiting(depths: Sequence[Depth], lane: Lane) -> Waiting | None:
    put_off = [
        (each.put_off, each.next_at)
        for each in depths
        if each.next_at
        and each.why.startswith(USED_UP)
        and lane_of(each.kind, each.priority) is lane
    ]
    if not put_off:
        return None
    return Waiting(sum(count for count, _ in put_off), min(at for _, at in put_off))
