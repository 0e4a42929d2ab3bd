"""The ranked pipeline of a requisition, from cache and at once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.filters import PipelineFilter, SavedView, encode
from core.domain.ids import ApplicationId, RequisitionId, SavedViewId
from core.domain.jobs import JobKind, JobRequest, Priority
from core.domain.judgement import Blinding, Leaning, OwnView
from core.domain.records import Requisition
from core.domain.routing import Suggestion
from core.domain.rows import PipelineRow
from core.domain.views import Agreement, Found, PipelineView, Progress
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_to_requisition
from core.services.budget import scoring_waits
from core.services.choices import blinding_of
from core.services.pipeline.ranking import Ranking, narrowed
from core.services.pipeline.requisitions import stop_here
from core.services.pipeline.saved_views import SavedViews
from core.services.pipeline.search import found_in
from core.services.pipeline.sheet import pipeline_sheet
from core.services.progress import (
    gone_problem,
    hidden_problem,
    screening_group,
    screening_problem,
    screening_progress,
)
from core.services.scoring.criteria import posting_change
from core.services.scoring.intake import people_cursor
from core.services.sync import data_as_of, sync_problem

_PEOPLE_AGAIN = timedelta(minutes=15)
"""Somebody whom iCIMS hides is not asked for again at every look."""

_SAME_WAY = {
    Leaning.ADVANCE: Suggestion.SCREENING_CALL,
    Leaning.UNSURE: Suggestion.REVIEW,
    Leaning.NOT_NOW: Suggestion.TALENT_POOL,
}


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Open a requisition's pipeline, search it, take it away, watch and stop its scoring."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ranking: Ranking
    views: SavedViews

    def open(self, actor: Actor, id: RequisitionId) -> PipelineView:
        """Show every application of a requisition, ranked, with the age of the data.

        Where people are still without a name, reading them is queued.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            rows = self.ranking.rows(uow, actor, requisition, now)
            view = PipelineView(
                requisition=requisition,
                fetched_at=data_as_of(uow, id),
                criteria=uow.criteria.frozen(id),
                rows=rows,
                progress=screening_progress(uow, id, now),
                may_screen=may(actor, Command.SCREEN, requisition),
                may_edit_criteria=may(actor, Command.EDIT_CRITERIA, requisition),
                may_approve=may(actor, Command.APPROVE, requisition),
                problem=sync_problem(uow, id)
                or screening_problem(uow, id)
                or hidden_problem(uow, id)
                or gone_problem(uow, id, len(rows)),
                posting_change=posting_change(uow, requisition),
                stopped=stop_here(uow, requisition),
                blinding=blinding_of(uow, requisition, self.ranking.default),
                agreement=_agreement(rows, uow.judgements.views_by(actor.id, id)),
                saved=tuple(uow.saved_views.of(id, actor.id)),
                waits=scoring_waits(uow, id),
            )
            if not all(row.known for row in rows):
                self._fetch_people(uow, requisition, now)
            return replace(view, reading_names=_is_reading_names(uow, id))

    def find(self, actor: Actor, id: RequisitionId, words: str) -> Mapping[ApplicationId, Found]:
        """Search the resumes of a requisition; nothing is found where nothing is asked.

        The log learns that somebody searched and how often it hit, never for what.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            if not words.strip():
                return {}
            found = found_in(uow, id, words)
            asked = content_hash(("search", id, words))
            uow.audit.append(
                fact_by(
                    actor, now, "pipeline.searched", f"requisition:{id}",
                    query=asked, count=len(found),
                )
            )  # fmt: skip
            uow.commit()
        return found

    def export(self, actor: Actor, id: RequisitionId, asked: PipelineFilter) -> bytes:
        """Give the rows that ``asked`` holds for as a CSV file; what is hidden stays hidden."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.EXPORT_PIPELINE, now, id)
            every = self.ranking.rows(uow, actor, requisition, now)
            rows = narrowed(uow, every, id, asked)
            sheet = pipeline_sheet(rows, uow.criteria.frozen(id))
            uow.audit.append(
                fact_by(
                    actor, now, "pipeline.exported", f"requisition:{id}",
                    filter=content_hash(encode(asked)), count=len(rows), hash=_sha256(sheet),
                )
            )  # fmt: skip
            uow.commit()
        return sheet

    def save_view(
        self, actor: Actor, id: RequisitionId, name: str, asked: PipelineFilter, *, shared: bool
    ) -> SavedView:
        """Keep a question to this pipeline (see ``SavedViews.save``)."""
        return self.views.save(actor, id, name, asked, shared=shared)

    def remove_view(self, actor: Actor, id: SavedViewId) -> None:
        """Remove a view of one's own."""
        self.views.remove(actor, id)

    def set_blinding(self, actor: Actor, id: RequisitionId, blinding: Blinding) -> None:
        """Choose who is reviewed blind on a requisition; holds for everybody from now on."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SET_BLINDING, now, id)
            uow.policies.put_blinding(id, blinding)
            uow.audit.append(
                fact_by(
                    actor, now, "blinding.set", f"requisition:{id}",
                    mode=blinding.mode.value, share=blinding.share,
                )
            )  # fmt: skip
            uow.commit()

    def reading_names(self, actor: Actor, id: RequisitionId) -> bool:
        """Say whether people's names are still on their way from iCIMS."""
        with self.unit_of_work() as uow:
            now = self.clock.now()
            admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            return _is_reading_names(uow, id)

    def _fetch_people(self, uow: UnitOfWork, requisition: Requisition, now: datetime) -> None:
        last = uow.requisitions.cursor(people_cursor(requisition.id))
        if last is not None and now - last < _PEOPLE_AGAIN:
            return
        if _is_reading_names(uow, requisition.id):
            return  # a second job beside a running one would read everybody twice
        request = JobRequest(
            kind=JobKind.FETCH_PEOPLE,
            tenant=requisition.tenant,
            dedupe_key=_names_key(requisition.id),
            payload={"requisition": requisition.id},
            priority=Priority.FRESH,
        )
        if uow.jobs.enqueue(request, now) is not None:
            uow.commit()

    def progress(self, actor: Actor, id: RequisitionId) -> Progress | None:
        """Say how far the scoring is; None when it was never started."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            return screening_progress(uow, id, now)

    def cancel(self, actor: Actor, id: RequisitionId) -> int:
        """Stop what is not yet scored; return how many applications that leaves."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SCREEN, now, id)
            stopped = uow.jobs.cancel(screening_group(id), now)
            uow.audit.append(
                fact_by(actor, now, "screening.cancelled", f"requisition:{id}", count=stopped)
            )
            uow.commit()
        return stopped


def _names_key(id: RequisitionId) -> str:
    return f"{JobKind.FETCH_PEOPLE}:{id}"


def _is_reading_names(uow: UnitOfWork, id: RequisitionId) -> bool:
    return uow.jobs.pending(_names_key(id)) > 0


def _agreement(
    rows: Sequence[PipelineRow], own: Mapping[ApplicationId, OwnView]
) -> Agreement | None:
    """Compare suggestions with what this person thought before seeing them; None without any."""
    suggested = {row.application_id: row.suggestion for row in rows if row.suggestion}
    both = [view for id, view in own.items() if view.blind and id in suggested]
    same = sum(_SAME_WAY[view.leaning] is suggested[view.application_id] for view in both)
    return Agreement(same, len(both)) if both else None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
