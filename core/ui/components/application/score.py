"""What a row says of its verdicts: in signs and counts, in one line."""

from functools import lru_cache

from core.domain.assessment import Standing
from core.domain.rows import PipelineRow
from core.ui import format as f

_EVERY = tuple(Standing)


def must_haves(row: PipelineRow) -> str:
    """Say how many required criteria are met."""
    return f"{row.required_met} of {row.required_total}" if row.required_total else "–"


def verdict_counts(row: PipelineRow) -> str:
    """Say the verdicts in one line, each with its sign."""
    return _counted(tuple(map(row.standings.get, _EVERY))) if row.standings else ""


@lru_cache(4_096)
def _counted(counts: tuple[int | None, ...]) -> str:
    # Thousands of rows differ in few of these.
    return "  ".join(f"{f.SIGN[s]} {n or 0}" for s, n in zip(_EVERY, counts, strict=True))
