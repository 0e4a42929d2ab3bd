"""What rows of a pipeline need of sealed records, opened once and kept until something changes."""

import sys
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from core.domain.assessment import Assessment, Score, Standing
from core.domain.criteria import Criteria, Importance
from core.domain.document import FlagKind
from core.domain.ids import ApplicationId, AssessmentId, CriterionId, PersonId, RequisitionId
from core.domain.judgement import Override, judged
from core.domain.records import Application
from core.ports import CachedApplication, Stamp, UnitOfWork

_MOST = 50_000
"""Entries a process keeps: about 120 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """An application's newest assessment with people's verdicts in it, without any text."""

    assessment_id: AssessmentId
    criteria_version: int
    score: Score | None
    score_before: Score | None
    confidence: float
    parse_health: float
    verdicts: Mapping[CriterionId, Standing]
    standings: dict[Standing, int]
    required_met: int
    required_total: int
    ungraded: str
    flags: tuple[FlagKind, ...]
    flag_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One application as a row needs it; ``known`` says that its person was read from iCIMS."""

    application_id: ApplicationId
    person_id: PersonId
    name: str
    known: bool
    stage: str
    since: datetime | None
    icims_url: str
    digest: Digest | None


_Page = Mapping[ApplicationId, tuple[Stamp, Entry]]


@dataclass(slots=True)
class Roster:
    """Entries of one tenant's requisitions, least recently used ones forgotten first.

    Stamps decide what is loaded again, so whatever was erased is gone at the next look. Ask only
    in a unit of work that has written nothing: what is rolled back must not stay here.
    """

    link_to: Callable[[Application], str]
    most: int = _MOST
    _pages: OrderedDict[RequisitionId, _Page] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def entries(self, uow: UnitOfWork, requisition: RequisitionId) -> tuple[Entry, ...]:
        """Give every application of a requisition, by id."""
        stamps = uow.overview.stamps(requisition)
        with self._lock:
            before = self._pages.get(requisition, {})
        changed = [id for id, stamp in stamps.items() if not _is_kept(before.get(id), stamp)]
        if changed or len(stamps) != len(before):
            # Loaded outside the lock: two threads may do it twice, none waits for the other.
            loaded = self._load(uow, requisition, changed)
            before = _renewed(before, stamps, loaded)
        self._keep(requisition, before)
        return tuple(entry for _, entry in before.values())

    def _keep(self, requisition: RequisitionId, page: _Page) -> None:
        with self._lock:
            self._pages[requisition] = page
            self._pages.move_to_end(requisition)
            while len(self._pages) > 1 and sum(map(len, self._pages.values())) > self.most:
                self._pages.popitem(last=False)

    def _load(
        self, uow: UnitOfWork, requisition: RequisitionId, ids: Sequence[ApplicationId]
    ) -> dict[ApplicationId, Entry]:
        digests = _digests(uow, requisition, ids)
        return {
            cached.application.id: self._entry(cached, digests.get(cached.application.id))
            for cached in uow.applications.among(ids)
        }

    def _entry(self, cached: CachedApplication, digest: Digest | None) -> Entry:
        application, person = cached.application, cached.candidate
        return Entry(
            application_id=application.id,
            person_id=application.person_id,
            name=(person.name if person else "") or f"Application {application.id}",
            known=person is not None,
            stage=sys.intern(_stage(cached)),
            since=application.created_at or application.updated_at,
            icims_url=self.link_to(application),
            digest=digest,
        )


def _stage(cached: CachedApplication) -> str:
    stage = cached.application.stage.label
    if cached.gone_at is None:
        return stage
    return f"{stage}, no longer in iCIMS" if stage else "No longer in iCIMS"


def _is_kept(kept: tuple[Stamp, Entry] | None, stamp: Stamp) -> bool:
    return kept is not None and kept[0] == stamp


def _renewed(
    before: _Page, stamps: Mapping[ApplicationId, Stamp], loaded: Mapping[ApplicationId, Entry]
) -> _Page:
    page: dict[ApplicationId, tuple[Stamp, Entry]] = {}
    for id, stamp in stamps.items():
        kept = before.get(id)
        if id in loaded:
            page[id] = (stamp, loaded[id])
        elif kept is not None and kept[0] == stamp:
            page[id] = kept  # One that could not be opened any more is in neither.
    return page


def _digests(
    uow: UnitOfWork, requisition: RequisitionId, ids: Collection[ApplicationId]
) -> dict[ApplicationId, Digest]:
    assessments = uow.assessments.latest_among(ids)
    overrides = uow.judgements.overrides_among(ids)
    versions = {
        number: uow.criteria.version(requisition, number)
        for number in {assessment.criteria_version for assessment in assessments.values()}
    }
    return {
        id: digest_of(assessment, versions[assessment.criteria_version], overrides.get(id, ()))
        for id, assessment in assessments.items()
    }


def digest_of(own: Assessment, criteria: Criteria | None, overrides: Sequence[Override]) -> Digest:
    """Boil an assessment, made under ``criteria``, down to what a row shows."""
    seen = judged(own, criteria, overrides) if criteria else own
    verdicts = {verdict.criterion_id: verdict.standing for verdict in seen.verdicts}
    wanted = criteria.criteria if criteria else ()
    required = {c.id for c in wanted if c.importance is Importance.REQUIRED}
    asked = [standing for id, standing in verdicts.items() if id in required]
    return Digest(
        assessment_id=own.key.id,
        criteria_version=own.criteria_version,
        score=seen.score,
        score_before=own.score if seen is not own else None,
        confidence=own.confidence,
        parse_health=own.parse_health,
        verdicts=verdicts,
        standings=dict(Counter(verdicts.values())),
        required_met=sum(standing is Standing.MET for standing in asked),
        required_total=len(asked),
        ungraded=seen.ungraded,
        flags=own.flags,
        flag_names=tuple(flag.value for flag in own.flags),
    )
