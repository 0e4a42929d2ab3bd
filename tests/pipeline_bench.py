"""A pipeline with people in it, for tests of what is shown to whom."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.domain.assessment import Assessment, Evidence, Score, Standing, Verdict
from core.domain.document import (
    ExtractedDocument,
    Flag,
    FlagKind,
    ParsedResume,
    ParseHealth,
    ResumeFacts,
    Span,
)
from core.domain.ids import ApplicationId, DocumentHash, OverrideId, PersonId, StopId, UserId
from core.domain.judgement import (
    CREDIT,
    Blinding,
    BlindMode,
    Leaning,
    Look,
    Override,
    OverrideReason,
    OwnView,
)
from core.domain.policy import Capability, Stop, StopScope, TenantPolicy
from core.services.pipeline.pipeline import Pipeline
from core.services.pipeline.ranking import Ranking
from core.services.pipeline.roster import Roster
from core.services.pipeline.saved_views import SavedViews
from tests.desk import TENANT, Desk
from tests.store_bench import (
    CRITERION,
    NOON,
    CountedIds,
    application,
    assessment,
    candidate,
    criteria,
)


def ranking_of(desk: Desk, policy: TenantPolicy | None = None) -> Ranking:
    """Make a ranking with an empty roster of its own."""
    return Ranking(Roster(desk.ats.link_to), policy or TenantPolicy())


def pipeline_of(desk: Desk, policy: TenantPolicy | None = None) -> Pipeline:
    """Make the pipeline of a process that has just started."""
    unit = desk.store.unit_of_work
    views = SavedViews(unit, desk.clock, CountedIds())
    return Pipeline(unit, desk.clock, ranking_of(desk, policy), views)


def person_of(id: str) -> PersonId:
    """Name the person behind application ``id``."""
    return PersonId(f"9{id}")


def applies(desk: Desk, id: str, name: str = "Anna Berg", days: int = 0, job: str = "101") -> None:
    """Let ``name`` apply ``days`` before noon."""
    person = person_of(id)
    first, _, last = name.partition(" ")
    at = NOON - timedelta(days=days)
    record = replace(application(TENANT, id, person, job), created_at=at, updated_at=at)
    with desk.store.unit_of_work() as uow:
        uow.applications.put(record, NOON)
        known = replace(candidate(TENANT, person), first_name=first, last_name=last)
        uow.applications.put_candidate(known, NOON)
        uow.commit()


def scored(
    id: str,
    score: int | None,
    standing: Standing = Standing.MET,
    *,
    confidence: float = 0.8,
    health: float = 0.9,
    flags: Sequence[FlagKind] = (),
    document: str = "d0c",
) -> Assessment:
    """Make an assessment of application ``id`` with one criterion; a score of None is ungraded."""
    credit = CREDIT[standing]
    evidence = (Evidence("Forklift", Span(3, 11), Span(13, 21)),) if credit else ()
    verdict = Verdict(
        criterion_id=CRITERION.id, standing=standing, credit=credit, evidence=evidence
    )
    return replace(
        assessment(TENANT, id, document=document, score=score),
        verdicts=(verdict,) if score is not None else (),
        score=None if score is None else Score(value=score, band=3),
        confidence=confidence,
        parse_health=health,
        flags=tuple(flags),
    )


def keep(desk: Desk, *assessments: Assessment) -> None:
    """Keep assessments of applications that are there already."""
    with desk.store.unit_of_work() as uow:
        for made in assessments:
            uow.assessments.put(made)
        uow.commit()


def freeze(desk: Desk) -> None:
    """Freeze the criteria that ``scored`` counts with."""
    with desk.store.unit_of_work() as uow:
        uow.criteria.put(criteria(TENANT).freeze(UserId("rosa"), NOON))
        uow.commit()


def overrides(desk: Desk, made: Assessment, standing: Standing | None) -> None:
    """Let Rosa see the one criterion of ``made`` differently, or take that back."""
    with desk.store.unit_of_work() as uow:
        uow.judgements.put_override(
            Override(
                id=OverrideId(CountedIds().new()),
                application_id=made.application_id,
                assessment_id=made.key.id,
                criterion_id=CRITERION.id,
                standing=standing,
                reason=OverrideReason.OVERLOOKED,
                by=UserId("rosa"),
                at=desk.clock.now(),
            )
        )
        uow.commit()


def sends_resume(desk: Desk, id: str, text: str, concealed: Span | None = None) -> None:
    """Put a resume behind application ``id``; ``concealed`` is what no reader sees of it."""
    document = DocumentHash(f"resume {id}")
    flags = (Flag(FlagKind.HIDDEN_TEXT, "white on white", concealed),) if concealed else ()
    extracted = ExtractedDocument(
        sha256=document, name="cv.txt", media_type="text/plain", text=text, pages=(), flags=flags
    )
    parsed = ParsedResume(
        document=extracted, facts=ResumeFacts(), health=ParseHealth(1.0), parser_version="test"
    )
    with desk.store.unit_of_work() as uow:
        uow.documents.put_parsed(person_of(id), parsed)
        uow.applications.set_resume(ApplicationId(id), document)
        uow.commit()


def thinks(desk: Desk, id: str, leaning: Leaning, *, who: str = "rosa", blind: bool = True) -> None:
    """Let somebody record what they think of application ``id``."""
    view = OwnView(
        application_id=ApplicationId(id),
        by=UserId(who),
        leaning=leaning,
        at=desk.clock.now(),
        blind=blind,
    )
    with desk.store.unit_of_work() as uow:
        uow.judgements.put_view(view)
        uow.commit()


def looks(desk: Desk, id: str, who: str = "rosa") -> None:
    """Let somebody open the evidence of application ``id``."""
    with desk.store.unit_of_work() as uow:
        look = Look(application_id=ApplicationId(id), by=UserId(who), at=desk.clock.now())
        uow.judgements.put_look(look)
        uow.commit()


def review_blind(desk: Desk, mode: BlindMode = BlindMode.ALWAYS) -> None:
    """Have the requisition reviewed blind."""
    with desk.store.unit_of_work() as uow:
        uow.policies.put_blinding(desk.requisition.id, Blinding(mode))
        uow.commit()


def stop(desk: Desk, capability: Capability) -> None:
    """Switch a capability off everywhere."""
    with desk.store.unit_of_work() as uow:
        uow.policies.put_stop(
            Stop(
                id=StopId(f"stop {capability}"),
                capability=capability,
                scope=StopScope.EVERYWHERE,
                where="",
                reason="An audit is under way.",
                by=UserId("ada"),
                at=NOON,
            )
        )
        uow.commit()
