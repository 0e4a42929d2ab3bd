"""Verdicts with quotes, and the score as their visible weighted sum."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.canonical import content_hash
from core.domain.criteria import Criteria, Criterion
from core.domain.document import FlagKind, Month, ResumeFacts, Span
from core.domain.identity import PseudonymisedText
from core.domain.ids import (
    ApplicationId,
    AssessmentId,
    ContentHash,
    CriterionId,
    DocumentHash,
    TenantId,
    UserId,
)
from core.domain.model_runs import UNWATCHED, Watch


class Standing(StrEnum):
    """What the document shows about a criterion.

    NOT_SHOWN: the document was readable and does not show it. NO_DATA: it could not be told
    (for example a location nobody wrote down); NO_DATA never counts against a candidate.
    """

    MET = "met"
    PARTLY = "partly"
    NOT_SHOWN = "not_shown"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verified quote: ``quote`` stands at ``span`` of the pseudonymised text.

    ``original`` is the same passage in the candidate's own document. Build with ``locate``.
    """

    quote: str
    span: Span
    original: Span


def locate(text: PseudonymisedText, quote: str, near: int = 0) -> Evidence | None:
    """Find ``quote`` character for character in ``text``; None when it is not there.

    Of several places the first at or after ``near`` wins, else the first of all.
    """
    if not quote.strip():
        return None
    start = text.text.find(quote, near)
    if start < 0:
        start = text.text.find(quote)
    if start < 0:
        return None
    span = Span(start, start + len(quote))
    return Evidence(quote, span, text.to_original(span))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found for one criterion.

    ``credit`` is the share of the criterion's weight that counts, 0 to 1: above 0 only with
    evidence, None for NO_DATA. ``reason`` is one plain sentence. ``by`` is the person who gave the
    verdict in the place of an assessor; people may know more than the document shows.
    """

    criterion_id: CriterionId
    standing: Standing
    credit: float | None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    by: UserId | None = None

    def __post_init__(self) -> None:
        if (self.credit is None) != (self.standing is Standing.NO_DATA):
            raise ValueError("only a no-data verdict has no credit")
        if self.credit is None:
            return
        if not 0.0 <= self.credit <= 1.0:
            raise ValueError("credit is between 0 and 1")
        if (self.credit > 0) != (self.standing is not Standing.NOT_SHOWN):
            raise ValueError("credit without a met or partly met criterion")
        if self.credit > 0 and not self.evidence and self.by is None:
            raise ValueError("no credit without a quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """``value`` 0–100; ``band`` the ± around it; both rounded to whole points."""

    value: int
    band: int

    @property
    def low(self) -> int:
        """Lower end of the band."""
        return max(0, self.value - self.band)

    @property
    def high(self) -> int:
        """Upper end of the band."""
        return min(100, self.value + self.band)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of the sum: ``points`` of at most ``possible``; the points add up to the score."""

    criterion: Criterion
    verdict: Verdict
    points: float
    possible: float


def contributions(
    criteria: Sequence[Criterion], verdicts: Sequence[Verdict]
) -> tuple[Contribution, ...]:
    """Lay out the score as a sum, in criteria order.

    ``possible`` is the criterion's weight as a share of 100 among criteria with data;
    ``points = credit × possible``. A NO_DATA criterion has 0 of 0.
    """
    by_id = {v.criterion_id: v for v in verdicts}
    pairs = [(c, by_id[c.id]) for c in criteria]
    known = sum(c.weight for c, v in pairs if v.credit is not None)
    lines = []
    for criterion, verdict in pairs:
        possible = 100 * criterion.weight / known if verdict.credit is not None else 0.0
        lines.append(Contribution(criterion, verdict, (verdict.credit or 0.0) * possible, possible))
    return tuple(lines)


def score_of(
    criteria: Sequence[Criterion], verdicts: Sequence[Verdict], parse_health: float
) -> Score | None:
    """Add up the score; None when no criterion has data.

    The band is half the range the value could take if every NO_DATA criterion were settled
    either way and every PARTLY one were one notch (a quarter of its weight) off, widened by
    poor extraction: ``(50·u + 25·p)·(2 − health)``, with u and p the weight shares of NO_DATA
    and PARTLY; at least 2.
    """
    total = sum(c.weight for c in criteria)
    lines = contributions(criteria, verdicts)
    if not any(line.possible for line in lines):
        return None
    unknown = sum(x.criterion.weight for x in lines if x.verdict.credit is None) / total
    partly = sum(x.criterion.weight for x in lines if x.verdict.standing is Standing.PARTLY) / total
    band = (50 * unknown + 25 * partly) * (2 - parse_health)
    return Score(value=round(sum(x.points for x in lines)), band=max(2, round(band)))


@dataclass(frozen=True, slots=True)
class FreezeKey:
    """Equal keys mean the identical assessment, for ever."""

    document: DocumentHash
    criteria: ContentHash
    assessor: str

    @property
    def id(self) -> AssessmentId:
        """The assessment's id within one application, derived from the key."""
        return AssessmentId(content_hash(self)[:32])


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An application's verdicts and score under one freeze key.

    ``score`` is None when ``ungraded`` says why it could not be graded. ``confidence`` 0–1.
    ``flags`` are the kinds found in the document, for a person to look at; they move no score.
    ``percentile`` compares with historic applicants of similar requisitions, None without any.
    """

    tenant: TenantId
    application_id: ApplicationId
    key: FreezeKey
    criteria_version: int
    verdicts: tuple[Verdict, ...]
    score: Score | None
    confidence: float
    parse_health: float
    bullets: tuple[str, ...] = ()
    green_flags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    ungraded: str = ""
    flags: tuple[FlagKind, ...] = ()
    percentile: float | None = None
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        if (self.score is None) != bool(self.ungraded):
            raise ValueError("an assessment has a score or says why it has none")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRequest:
    """All an assessor may know: no name, no id of the person, no iCIMS field.

    ``facts`` are those of the resume with spans on ``text``: build them with ``blind_facts``.
    ``name_like`` are words of ``text`` that could be somebody's name: no evidence, whoever's.
    ``as_of`` is the month of the application, up to which a current position counts: taken from
    the record, not from the clock, so that a later run counts the same. Without it the latest
    month in ``facts`` stands in. ``watch`` answers for what a language model is asked meanwhile.
    """

    text: PseudonymisedText
    criteria: Criteria
    facts: ResumeFacts = field(default_factory=ResumeFacts)
    name_like: tuple[Span, ...] = ()
    as_of: Month | None = None
    watch: Watch = field(default=UNWATCHED, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What verdicts say in plain sentences; ``confidence`` 0–1."""

    confidence: float
    bullets: tuple[str, ...] = ()
    green_flags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
