"""What a check found, and how it becomes a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.assist.screening.passages import Passage
from core.assist.screening.reading import Reading
from core.domain.assessment import Standing, Verdict
from core.domain.criteria import Criterion

MET_FROM = 0.7
PARTLY_FROM = 0.15
"""Less than this is chance: it gets no credit and no quote."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``credit`` 0 to 1, None when it could not be told; ``passages`` bear it out, best first."""

    credit: float | None
    passages: Sequence[Passage] = ()
    reason: str = ""


def no_data(reason: str) -> Finding:
    """Say that the document cannot tell; this never counts against a candidate."""
    return Finding(None, (), reason)


def not_shown(reason: str = "The resume does not show this.") -> Finding:
    """Say that a readable document does not show it."""
    return Finding(0.0, (), reason)


def verdict(criterion: Criterion, finding: Finding, reading: Reading) -> Verdict:
    """Turn a finding into a verdict; credit without a verified quote is dropped."""
    if finding.credit is None:
        return Verdict(
            criterion_id=criterion.id,
            standing=Standing.NO_DATA,
            credit=None,
            reason=finding.reason,
        )
    credit = round(min(1.0, finding.credit), 3)
    evidence = reading.quote(finding.passages)
    if credit < PARTLY_FROM or not evidence:
        reason = finding.reason if finding.credit == 0 else "The resume does not show this."
        return Verdict(
            criterion_id=criterion.id, standing=Standing.NOT_SHOWN, credit=0.0, reason=reason
        )
    return Verdict(
        criterion_id=criterion.id,
        standing=Standing.MET if credit >= MET_FROM else Standing.PARTLY,
        credit=credit,
        evidence=evidence,
        reason=finding.reason,
    )
