"""How far background work on a requisition is."""

from datetime import datetime

from core.domain.budget import USED_UP
from core.domain.ids import RequisitionId
from core.domain.views import Progress
from core.ports import JobProgress, UnitOfWork


def screening_group(id: RequisitionId) -> str:
    """Name the group of jobs that screen a requisition."""
    return f"screen:{id}"


def hidden_group(id: RequisitionId) -> str:
    """Name the group of jobs that ask again for applications we may not read."""
    return f"hidden:{id}"


def hidden_problem(uow: UnitOfWork, id: RequisitionId) -> str:
    """Say how many applications iCIMS lists and hides; empty when none."""
    hidden = uow.jobs.progress(hidden_group(id)).waiting
    if not hidden:
        return ""
    what = "1 application" if hidden == 1 else f"{hidden:,} applications"
    return (
        f"iCIMS lists {what} that it does not let us read; we ask again every day. Your iCIMS"
        " administrator can tell why."
    )


def gone_problem(uow: UnitOfWork, id: RequisitionId, listed: int) -> str:
    """Say how many of the ``listed`` applications iCIMS has no more; empty when none."""
    gone = listed - len(uow.applications.present(id))
    if gone <= 0:
        return ""
    what = "1 application is" if gone == 1 else f"{gone:,} applications are"
    return (
        f"{what} no longer in iCIMS: deleted there, or hidden from the copilot. The list still"
        " shows what was read last."
    )


def screening_progress(uow: UnitOfWork, id: RequisitionId, now: datetime) -> Progress | None:
    """Report the screening of a requisition; None when none was ever started."""
    jobs = uow.jobs.progress(screening_group(id))
    total = jobs.total - jobs.cancelled
    return _progress(jobs, total, now) if total else None


def screening_problem(uow: UnitOfWork, id: RequisitionId) -> str:
    """Say what keeps applications of a requisition from being scored; empty when nothing does."""
    jobs = uow.jobs.progress(screening_group(id))
    if not jobs.problem or (not jobs.failed and jobs.problem.startswith(USED_UP)):
        # What waits for requests is told with its number and time.
        return ""
    why = jobs.problem.rstrip(".")
    if jobs.failed:
        what = "1 application" if jobs.failed == 1 else f"{jobs.failed:,} applications"
        return f"{what} could not be scored: {why}. Score again to retry."
    return f"Scoring goes on by itself as soon as it can: {why}."


def _progress(jobs: JobProgress, total: int, now: datetime) -> Progress:
    left = None
    finished = jobs.done + jobs.failed
    if jobs.started_at is not None and finished:
        left = (now - jobs.started_at).total_seconds() / finished * jobs.waiting
    return Progress(done=jobs.done, total=total, failed=jobs.failed, left_seconds=left)
