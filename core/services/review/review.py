"""One application on one screen: document, verdicts, sum, proposals, trail; or a few compared."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import about, fact_by
from core.domain.filters import PipelineFilter
from core.domain.ids import ApplicationId
from core.domain.judgement import Look
from core.domain.rows import PipelineRow
from core.domain.views import ApplicationView, ComparisonView, PageView
from core.errors import InvalidInput, NotFound, Unknown
from core.ports import Clock, PagePictures, UnitOfWorkFactory
from core.services.access import admit_to_application
from core.services.choices import sight
from core.services.pipeline.ranking import Ranking, narrowed
from core.services.review.application_view import Sheet, placed
from core.services.review.comparison import chosen, comparison
from core.services.review.document import NO_RESUME, content_of, page_view, paper_of, quotes_of
from core.services.review.history import Stages
from core.services.review.judged import latest_judged

EVERYBODY = PipelineFilter()


@dataclass(frozen=True, slots=True)
class Review:
    """Read an application and its document."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ranking: Ranking
    pictures: PagePictures
    stages: Stages = field(default_factory=dict)

    def application(
        self,
        actor: Actor,
        id: ApplicationId,
        within: PipelineFilter = EVERYBODY,
        *,
        just_said: bool = False,
    ) -> ApplicationView:
        """Gather everything known about an application; nothing is fetched or changed.

        Its neighbours are those among the ranked applications that ``within`` asks for. Where its
        score is hidden from this person, nothing that tells of it is in the answer. A view opens
        the score and moves the application: where it was ``just_said``, the neighbours are those
        of its place before.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cached, job = admit_to_application(uow, actor, Command.SEE_APPLICATION, now, id)
            rows = self.ranking.rows(uow, actor, job, now)
            sheet = Sheet(uow, actor, now, cached, job, self.ranking.default, self.stages)
            view = sheet.view(_row(rows, id))
            if just_said:
                rows = self.ranking.rows(uow, actor, job, now, unsaid=id)
            kept = rows if within.is_empty else narrowed(uow, rows, job.id, within)
            asked = {row.application_id for row in kept}
            return placed(view, rows, asked)

    def opened(self, actor: Actor, id: ApplicationId) -> None:
        """Record that this person has the evidence on the screen; a fact once per assessment."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            _, job = admit_to_application(uow, actor, Command.SEE_APPLICATION, now, id)
            hidden = sight(uow, actor, job, self.ranking.default).hides(id)
            latest = None if hidden else uow.assessments.latest(id)
            shown = latest.key.id if latest else None
            look = Look(application_id=id, by=actor.id, at=now, assessment_id=shown)
            if uow.judgements.put_look(look):
                uow.audit.append(
                    fact_by(
                        actor, now, "application.opened", about(id),
                        assessment=shown, hidden=hidden.value if hidden else None,
                    )
                )  # fmt: skip
                uow.commit()

    def file(self, actor: Actor, id: ApplicationId) -> tuple[str, bytes]:
        """Hand out the resume as the candidate uploaded it: its name and bytes."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cached, _ = admit_to_application(uow, actor, Command.SEE_DOCUMENT, now, id)
            return content_of(uow, cached)

    def page(self, actor: Actor, id: ApplicationId, number: int) -> PageView:
        """Paint original page ``number`` (from 1) with boxes around the evidence on it.

        Raises ``NotFound`` without a resume, ``DocumentRefused`` for what has no such page.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            cached, job = admit_to_application(uow, actor, Command.SEE_DOCUMENT, now, id)
            hidden = sight(uow, actor, job, self.ranking.default).hides(id)
            given = None if hidden else latest_judged(uow, job.id, id)
            paper, (_, content) = paper_of(uow, cached), content_of(uow, cached)
        if paper is None:
            raise NotFound(NO_RESUME)
        quotes = quotes_of(given.sum) if given and paper.bears(given.own) else ()
        spans = [span for _, span in quotes]
        picture = self.pictures.picture(paper.document, content, number, spans)
        return page_view(picture, paper.document, quotes)

    def compare(self, actor: Actor, ids: Sequence[ApplicationId]) -> ComparisonView:
        """Put two to four people of one requisition side by side, disagreements first."""
        now, wanted = self.clock.now(), chosen(ids)
        with self.unit_of_work() as uow:
            admitted = [
                admit_to_application(uow, actor, Command.SEE_APPLICATION, now, id) for id in wanted
            ]
            job = admitted[0][1]
            if any(other.id != job.id for _, other in admitted):
                raise InvalidInput("Choose people who applied for the same job.")
            rows = self.ranking.rows(uow, actor, job, now)
            seen = sight(uow, actor, job, self.ranking.default)
            hidden = {id: seen.hides(id) for id in wanted}
            return comparison(uow, job, [_row(rows, id) for id in wanted], hidden)


def _row(rows: Sequence[PipelineRow], id: ApplicationId) -> PipelineRow:
    found = next((row for row in rows if row.application_id == id), None)
    if found is None:
        raise Unknown("application", id)  # it was erased between two questions
    return found
