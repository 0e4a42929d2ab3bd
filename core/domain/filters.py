"""Narrowing a pipeline: what to ask of a row, and the same question as part of an address.

Everybody is shown until a person asks for less; what an address cannot mean is ignored, never
guessed at.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from core.domain.assessment import Standing
from core.domain.document import FlagKind
from core.domain.ids import CriterionId, RequisitionId, SavedViewId, UserId
from core.domain.judgement import Leaning
from core.domain.routing import Eyes
from core.domain.rows import PipelineRow, WorkState
from core.errors import InvalidInput


class Looked(StrEnum):
    """Who has opened the evidence."""

    NOBODY = "nobody"
    NOT_ME = "not_me"
    ME = "me"


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from ``low`` to ``high``, both included; None is open."""

    low: int | None = None
    high: int | None = None

    def holds(self, value: float | None) -> bool:
        """Say whether ``value`` is in the range; an unknown value is in no bounded range."""
        if self.low is None and self.high is None:
            return True
        if value is None:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Choice:
    """Labels of which one must be there, and labels none of which may be (NOT)."""

    some: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    def holds(self, labels: Iterable[str]) -> bool:
        """Say whether ``labels`` satisfy the choice."""
        there = frozenset(labels)
        return (not self.some or bool(there & self.some)) and not there & self.none


@dataclass(frozen=True, slots=True)
class Asked:
    """What a criterion's verdict must be, or with ``negated`` must not be."""

    criterion_id: CriterionId
    standing: Standing
    negated: bool = False

    def holds(self, verdicts: Mapping[CriterionId, Standing]) -> bool:
        """Say whether ``verdicts`` satisfy it; who has no verdict satisfies only a NOT."""
        return (verdicts.get(self.criterion_id) is self.standing) is not self.negated


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineFilter:
    """A question to a pipeline; all parts must hold, the empty question holds for everybody.

    ``name`` words must stand in the row's name; ``words`` is a full-text query over resumes, which
    ``holds`` leaves to the search (``core.domain.words``). Percentages are whole numbers.
    """

    name: str = ""
    words: str = ""
    criteria: tuple[Asked, ...] = ()
    score: Range = Range()
    confidence: Range = Range()
    health: Range = Range()
    days: Range = Range()
    required: Range = Range()
    stage: Choice = field(default_factory=Choice)
    state: Choice = field(default_factory=Choice)
    flag: Choice = field(default_factory=Choice)
    view: Choice = field(default_factory=Choice)
    why: Choice = field(default_factory=Choice)
    looked: Looked | None = None
    eyes: bool = False

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked."""
        return self == PipelineFilter()

    def holds(self, row: PipelineRow) -> bool:
        """Say whether ``row`` answers the question, the full-text part aside."""
        return self.test()(row)

    def test(self) -> Callable[[PipelineRow], bool]:
        """Give ``holds`` for many rows: only what is asked is looked at."""
        asked = [part for name, part in _PARTS.items() if getattr(self, name) != _ANYTHING[name]]
        return lambda row: all(part(self, row) for part in asked)


_ANYTHING = {part.name: getattr(PipelineFilter(), part.name) for part in fields(PipelineFilter)}
_PARTS: Mapping[str, Callable[[PipelineFilter, PipelineRow], bool]] = {
    "name": lambda f, row: _has(row.name, f.name),
    "criteria": lambda f, row: all(asked.holds(row.verdicts) for asked in f.criteria),
    "score": lambda f, row: f.score.holds(row.score.value if row.score else None),
    "confidence": lambda f, row: f.confidence.holds(_percent(row.confidence)),
    "health": lambda f, row: f.health.holds(_percent(row.parse_health)),
    "days": lambda f, row: f.days.holds(row.days_waiting),
    "required": lambda f, row: f.required.holds(row.required_met if row.required_total else None),
    "stage": lambda f, row: f.stage.holds((row.stage,)),
    "state": lambda f, row: f.state.holds((row.state.value,)),
    "flag": lambda f, row: f.flag.holds(row.flags),
    "view": lambda f, row: f.view.holds((row.own_view.value,) if row.own_view else ()),
    "why": lambda f, row: f.why.holds([reason.value for reason in row.reasons]),
    "looked": lambda f, row: f.looked is not None and _LOOKED[f.looked](row),
    "eyes": lambda f, row: bool(row.reasons),
}
_LOOKED: dict[Looked, Callable[[PipelineRow], bool]] = {
    Looked.NOBODY: lambda row: row.looks == 0,
    Looked.NOT_ME: lambda row: not row.looked,
    Looked.ME: lambda row: row.looked,
}


def _has(text: str, words: str) -> bool:
    where = text.casefold()
    return all(word in where for word in words.casefold().split())


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


# --- As an address ---------------------------------------------------------------------------

_NOT, _AS_IS, _BETWEEN, _VERDICT = "!", "=", "..", ":"
_ENDS = re.compile(r"([0-9]{0,6})\.\.([0-9]{0,6})")
_RANGES = ("score", "confidence", "health", "days", "required")
_CHOICES: Mapping[str, frozenset[str] | None] = {
    "stage": None,
    "state": frozenset(WorkState),
    "flag": frozenset(FlagKind),
    "view": frozenset(Leaning),
    "why": frozenset(Eyes),
}
"""What a choice is made from; iCIMS customers name their own stages."""
_LONGEST, _LONGEST_NAME, _MOST = 400, 60, 60
"""Characters of a text and of a view's name, and parts of a list, that are taken at most."""

Parameters = Mapping[str, tuple[str, ...]]
"""Query parameters, each with its values in order."""


def encode(asked: PipelineFilter) -> dict[str, list[str]]:
    """Write a question as query parameters; parts that ask nothing are left out.

    ``score=40..80``, ``stage=Phone screen``, ``stage=!Rejected``, ``criterion=c-1:met``,
    ``criterion=!c-2:not_shown``, ``looked=nobody``, ``eyes=1``, ``name=…``, ``words=…``. A label
    that begins with a mark of its own stands behind an ``=``.
    """
    found: dict[str, list[str]] = {
        "name": [asked.name],
        "words": [asked.words],
        "criterion": [
            f"{_NOT if a.negated else ''}{a.criterion_id}{_VERDICT}{a.standing.value}"
            for a in asked.criteria
        ],
        "looked": [asked.looked.value] if asked.looked else [],
        "eyes": ["1"] if asked.eyes else [],
    }
    found |= {name: [_range(getattr(asked, name))] for name in _RANGES}
    found |= {name: _choice(getattr(asked, name)) for name in _CHOICES}
    kept = {name: [value for value in values if value] for name, values in found.items()}
    return {name: values for name, values in kept.items() if values}


def decode(parameters: Parameters) -> PipelineFilter:
    """Read a question from query parameters; what makes no sense asks nothing."""
    values = {name: list(given)[:_MOST] for name, given in parameters.items()}

    def text(name: str) -> str:
        return " ".join(values.get(name, ())).strip()[:_LONGEST]

    ranges = {name: _to_range(text(name)) for name in _RANGES}
    choices = {name: _to_choice(values.get(name, ()), of) for name, of in _CHOICES.items()}
    criteria = (_to_asked(value) for value in values.get("criterion", ()))
    return PipelineFilter(
        name=text("name"),
        words=text("words"),
        criteria=tuple(asked for asked in criteria if asked),
        looked=Looked(text("looked")) if text("looked") in set(Looked) else None,
        eyes=text("eyes") == "1",
        **ranges,  # type: ignore[arg-type]  # the names are those of the fields
        **choices,  # type: ignore[arg-type]
    )


NAMES = frozenset({part.name for part in fields(PipelineFilter)} - {"criteria"} | {"criterion"})
"""Every query parameter that belongs to a filter."""


def _range(value: Range) -> str:
    if value == Range():
        return ""
    low = "" if value.low is None else str(value.low)
    high = "" if value.high is None else str(value.high)
    return f"{low}{_BETWEEN}{high}"


def _to_range(text: str) -> Range:
    ends = _ENDS.fullmatch(text)
    if ends is None:
        return Range()
    low, high = (int(end) if end else None for end in ends.groups())
    return Range() if low is not None and high is not None and low > high else Range(low, high)


def _choice(value: Choice) -> list[str]:
    some = (_AS_IS + label if label[:1] in (_NOT, _AS_IS) else label for label in value.some)
    return [*sorted(some), *(f"{_NOT}{label}" for label in sorted(value.none))]


def _to_choice(values: Iterable[str], known: frozenset[str] | None) -> Choice:
    some: set[str] = set()
    none: set[str] = set()
    for value in values:
        label = value[:_LONGEST].removeprefix(_NOT)
        unwanted = value.startswith(_NOT)
        label = label if unwanted else label.removeprefix(_AS_IS)
        if label and (known is None or label in known):
            (none if unwanted else some).add(label)
    return Choice(frozenset(some), frozenset(none))


def _to_asked(value: str) -> Asked | None:
    id, _, standing = value.removeprefix(_NOT).rpartition(_VERDICT)
    if not id or standing not in set(Standing):
        return None
    return Asked(CriterionId(id), Standing(standing), negated=value.startswith(_NOT))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A question to a requisition's pipeline that somebody keeps; shared ones others see too."""

    id: SavedViewId
    requisition_id: RequisitionId
    name: str
    asked: PipelineFilter
    by: UserId
    shared: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > _LONGEST_NAME:
            raise InvalidInput(f"A view needs a name of at most {_LONGEST_NAME} characters.")
