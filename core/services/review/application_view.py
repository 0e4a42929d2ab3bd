"""Everything about one application, as far as one person may see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.assessment import Assessment, Contribution
from core.domain.ids import ApplicationId
from core.domain.policy import Capability, TenantPolicy
from core.domain.records import Requisition
from core.domain.rows import PipelineRow
from core.domain.views import ApplicationView, DocumentView
from core.ports import CachedApplication, UnitOfWork
from core.services.choices import Sight, sight, stop_words
from core.services.decisions.proposals import Showing
from core.services.names import user_names
from core.services.review.document import (
    Paper,
    document_view,
    highlights,
    paper_of,
    why_no_document,
)
from core.services.review.facts import fact_lines
from core.services.review.history import Stages, earlier_scores, override_lines, own_views, trail
from core.services.review.judged import latest_judged
from core.services.scoring.baseline import percentile
from core.services.scoring.criteria import criteria_versions
from core.services.scoring.screening import is_rescoring


@dataclass(slots=True)
class Sheet:
    """Puts an application's parts together; what belongs to its score comes last, if at all."""

    uow: UnitOfWork
    actor: Actor
    now: datetime
    cached: CachedApplication
    job: Requisition
    default: TenantPolicy
    stages: Stages
    _seen: Sight = field(init=False)
    _names: dict[str, str] = field(init=False)
    _paper: Paper | None = field(init=False)

    def __post_init__(self) -> None:
        self._seen = sight(self.uow, self.actor, self.job, self.default)
        self._names = user_names(self.uow)
        self._paper = paper_of(self.uow, self.cached)

    def view(self, row: PipelineRow) -> ApplicationView:
        """Show the application; nothing that tells of a score this person may not see yet."""
        bare = self._without_score(row)
        return bare if self._seen.hides(self._id) else self._with_score(bare)

    @property
    def _id(self) -> ApplicationId:
        return self.cached.application.id

    def _without_score(self, row: PipelineRow) -> ApplicationView:
        uow, id = self.uow, self._id
        showing = Showing(uow, self.actor, self.now, self.default)
        paper = self._paper
        return ApplicationView(
            requisition=self.job,
            row=row,
            candidate=self.cached.candidate,
            fetched_at=self.cached.fetched_at,
            assessment=None,
            sum=(),
            document=document_view(uow, paper) if paper else None,
            document_problem="" if paper else self._why_no_document(),
            proposals=tuple(showing.one(each) for each in reversed(uow.proposals.of(id))),
            trail=trail(uow, id, self._seen, self._names, self.stages),
            previous=None,
            next=None,
            views=own_views(uow, self.actor.id, id, self._seen, self._names),
            facts=fact_lines(self.cached.candidate, paper.parsed)
            if paper and self.cached.candidate
            else (),
            may_decide=may(self.actor, Command.APPROVE, self.job),
            rescoring=is_rescoring(uow, id),
            stopped=stop_words(uow, Capability.SCREENING, self.job)
            or stop_words(uow, Capability.WRITING, self.job),
        )

    def _with_score(self, view: ApplicationView) -> ApplicationView:
        uow, id = self.uow, self._id
        given = latest_judged(uow, self.job.id, id)
        if given is None:
            return view
        every, versions = uow.assessments.of(id), criteria_versions(uow, self.job.id)
        return replace(
            view,
            assessment=_compared(uow, given.assessment),
            sum=given.sum,
            own_assessment=_compared(uow, given.own),
            own_sum=given.own_sum,
            document=self._lit(view.document, given.own, given.sum),
            overrides=override_lines(every, versions, given.overrides, self._names),
            earlier=earlier_scores(every, versions, given.overrides),
        )

    def _lit(
        self, shown: DocumentView | None, own: Assessment, lines: Sequence[Contribution]
    ) -> DocumentView | None:
        """Light the evidence up; not in a newer resume than the one that was scored."""
        if shown is None or self._paper is None or not self._paper.bears(own):
            return shown
        return replace(shown, highlights=highlights(lines))

    def _why_no_document(self) -> str:
        return why_no_document(self.cached, self.uow.assessments.latest(self._id))


def placed(
    view: ApplicationView, ranked: Sequence[PipelineRow], asked: Collection[ApplicationId]
) -> ApplicationView:
    """Find the neighbours of an application among the ``ranked`` that were ``asked`` for.

    One that is not among them stands between the nearest that are, and has no place itself.
    """
    id = view.row.application_id
    order = [row.application_id for row in ranked]
    here = order.index(id)
    before = [each for each in order[:here] if each in asked]
    after = [each for each in order[here + 1 :] if each in asked]
    return replace(
        view,
        previous=before[-1] if before else None,
        next=after[0] if after else None,
        place=len(before) + 1 if id in asked else 0,
        places=len(asked),
    )


def _compared(uow: UnitOfWork, assessment: Assessment) -> Assessment:
    return replace(assessment, percentile=percentile(uow, assessment))
