"""One application on one screen: document, verdicts, sum, proposals, trail."""

from dataclasses import dataclass, replace

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.assessment import Assessment, Contribution, contributions
from core.domain.audit import about
from core.domain.criteria import Criteria
from core.domain.ids import ApplicationId
from core.domain.views import ApplicationView, DocumentView, Highlight
from core.errors import NotFound
from core.ports import CachedApplication, Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_application
from core.services.baseline import percentile
from core.services.criteria import criteria_versions
from core.services.names import user_names
from core.services.proposals import proposal_view
from core.services.ranking import Ranking, neighbours
from core.services.wording import trail_line


@dataclass(frozen=True, slots=True)
class Review:
    """Read an application and its document."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ranking: Ranking

    def application(self, actor: Actor, id: ApplicationId) -> ApplicationView:
        """Gather everything known about an application; nothing is fetched or changed."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cached, requisition = admit_to_application(uow, actor, Command.SEE_APPLICATION, now, id)
            versions = criteria_versions(uow, requisition.id)
            rows = self.ranking.rows(uow, uow.applications.of(requisition.id), versions, now)
            assessment = uow.assessments.latest(id)
            lines = _sum(assessment, versions.get(assessment.criteria_version if assessment else 0))
            names = user_names(uow)
            document = _document(uow, cached, lines)
            previous, following = neighbours(rows, id)
            return ApplicationView(
                requisition=requisition,
                row=next(row for row in rows if row.application_id == id),
                candidate=cached.candidate,
                fetched_at=cached.fetched_at,
                assessment=assessment
                and replace(assessment, percentile=percentile(uow, assessment)),
                sum=lines,
                document=document,
                document_problem="" if document else _why_no_document(cached, assessment),
                proposals=tuple(
                    proposal_view(uow, proposal, actor, now, names)
                    for proposal in reversed(uow.proposals.of(id))
                ),
                trail=tuple(trail_line(event, names) for event in uow.audit.of_subject(about(id))),
                previous=previous,
                next=following,
            )

    def file(self, actor: Actor, id: ApplicationId) -> tuple[str, bytes]:
        """Hand out the resume as the candidate uploaded it: its name and bytes."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cached, _ = admit_to_application(uow, actor, Command.SEE_DOCUMENT, now, id)
            found = cached.resume and uow.documents.file(
                cached.application.person_id, cached.resume
            )
        if not found:
            raise NotFound("There is no resume on file for this application.")
        return found


def _sum(assessment: Assessment | None, criteria: Criteria | None) -> tuple[Contribution, ...]:
    if assessment is None or criteria is None or not assessment.verdicts:
        return ()
    return contributions(criteria.criteria, assessment.verdicts)


def _document(
    uow: UnitOfWork, cached: CachedApplication, lines: tuple[Contribution, ...]
) -> DocumentView | None:
    person = cached.application.person_id
    parsed = uow.documents.parsed(person, cached.resume) if cached.resume else None
    if parsed is None or cached.resume is None:
        return None
    hidden = uow.documents.pseudonymised(person, cached.resume)
    return DocumentView(
        name=parsed.document.name,
        media_type=parsed.document.media_type,
        text=parsed.document.text,
        model_text=hidden[0].text if hidden else "",
        health=parsed.health,
        flags=parsed.document.flags,
        facts=parsed.facts,
        highlights=tuple(
            Highlight(
                criterion_id=line.criterion.id,
                label=line.criterion.label,
                standing=line.verdict.standing,
                span=evidence.original,
            )
            for line in lines
            for evidence in line.verdict.evidence
        ),
    )


def _why_no_document(cached: CachedApplication, assessment: Assessment | None) -> str:
    if assessment is not None and assessment.ungraded:
        return assessment.ungraded
    if cached.candidate is not None and cached.candidate.resume is None:
        return "There is no resume in iCIMS for this person."
    return "The resume has not been fetched yet. Start scoring to read it."
