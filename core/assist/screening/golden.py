"""The golden cases: criteria, resumes of nobody, and the verdicts a careful person gives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from core.assist.screening.tables import table
from core.domain.assessment import Standing
from core.domain.criteria import Criteria, CriteriaStatus, Criterion, CriterionKind, Importance
from core.domain.document import Month
from core.domain.evaluation import Gate
from core.domain.ids import CriterionId, RequisitionId, TenantId, UserId

NAME = "[NAME_1]"
"""The token in whose place other names are put."""
_NOBODY = UserId("golden-cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCase:
    """One case: ``sections`` of a pseudonymised resume, the first of which is its head.

    ``paraphrase`` says the same in other words, empty where there is none; ``order`` is a passage
    that speaks to the model. ``expected`` are the standings a careful person may give.
    """

    id: str
    title: str
    criteria: Criteria
    expected: Mapping[CriterionId, frozenset[Standing]]
    sections: tuple[str, ...]
    paraphrase: tuple[str, ...] = ()
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCases:
    """All cases with their thresholds; ``names`` are put in the place of ``NAME`` in turn."""

    version: str
    as_of: Month
    names: tuple[str, ...]
    thresholds: Mapping[Gate, float]
    cases: tuple[GoldenCase, ...]


@cache
def golden_cases() -> GoldenCases:
    """Read ``data/evaluations/screening.toml``."""
    raw = table("evaluations/screening")
    year, month = map(int, raw["as_of"].split("-"))
    day = raw["date"]
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return GoldenCases(
        version=raw["version"],
        as_of=Month(year, month),
        names=tuple(raw["names"]),
        thresholds={gate: float(raw["thresholds"][gate]) for gate in Gate},
        cases=tuple(_case(entry, at) for entry in raw["case"]),
    )


def _case(entry: Mapping[str, Any], at: datetime) -> GoldenCase:
    rows = entry["criterion"]
    drafted = Criteria(
        tenant=TenantId("golden"),
        requisition_id=RequisitionId(entry["id"]),
        version=1,
        criteria=tuple(map(_criterion, rows)),
        status=CriteriaStatus.DRAFT,
        author=_NOBODY,
        created_at=at,
    )
    return GoldenCase(
        id=entry["id"],
        title=entry["title"],
        criteria=drafted.freeze(_NOBODY, at),
        expected={row["id"]: frozenset(map(Standing, row["expected"])) for row in rows},
        sections=_sections(entry["sections"]),
        paraphrase=_sections(entry.get("paraphrase", ())),
        order=entry["order"],
    )


def _sections(raw: Any) -> tuple[str, ...]:
    return tuple(section.strip() for section in raw)


def _criterion(row: Mapping[str, Any]) -> Criterion:
    return Criterion(
        id=CriterionId(row["id"]),
        label=row["label"],
        kind=CriterionKind(row["kind"]),
        importance=Importance(row["importance"]),
        weight=row["weight"],
        terms=tuple(row["terms"]),
        minimum=row.get("minimum"),
        level=row.get("level", ""),
    )


def reversed_criteria(criteria: Criteria) -> Criteria:
    """Ask for the same, last thing first."""
    return replace(criteria, criteria=criteria.criteria[::-1])
