"""The in-memory App's answers for searching, judging, comparing and deciding in batches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from core.domain.actor import Actor
from core.domain.assessment import Score, Standing, Verdict
from core.domain.document import Span
from core.domain.filters import PipelineFilter, SavedView
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    CriterionId,
    ProposalId,
    RequisitionId,
    SavedViewId,
)
from core.domain.judgement import Blinding, Leaning, OverrideReason, sample
from core.domain.posting import PostingChange
from core.domain.rows import PipelineRow
from core.domain.views import (
    ApplicationView,
    BatchCheck,
    BatchLine,
    BatchOutcome,
    ComparedLine,
    ComparisonView,
    Found,
    PageMark,
    PageView,
    Progress,
    ProposalView,
    QueueRow,
)
from core.errors import InvalidInput, NotAllowed, Unknown
from tests.twins import people
from tests.twins.paper import paper

EVERYBODY = PipelineFilter()


class World(Protocol):
    """What the parts share."""

    state: str
    blind: set[ApplicationId]
    own_views: dict[ApplicationId, Leaning]
    decided: dict[ProposalId, ProposalView]
    calls: list[str]
    scoring: Progress | None
    posting_change: PostingChange | None

    def rows(self) -> tuple[PipelineRow, ...]: ...


class Part:
    """One service of the twin."""

    def __init__(self, app: World) -> None:
        self.app = app


class PipelineExtras(Part):
    """Search, saved views, export and blind-first."""

    def __init__(self, app: World) -> None:
        super().__init__(app)
        self.blinding = Blinding()
        self.saved: list[SavedView] = []

    def find(
        self, actor: Actor, requisition_id: RequisitionId, words: str
    ) -> Mapping[ApplicationId, Found]:
        at = people.RESUME.casefold().find(words.casefold())
        if at < 0 or not words.strip():
            return {}
        passage = people.RESUME[max(0, at - 40) : at + 80]
        start = passage.casefold().find(words.casefold())
        found = Found(passage, (Span(start, start + len(words)),))
        return {row.application_id: found for row in self.app.rows()[:7]}

    def export(self, actor: Actor, requisition_id: RequisitionId, asked: PipelineFilter) -> bytes:
        return "Candidate,Score\r\n".encode("utf-8-sig")

    def save_view(
        self,
        actor: Actor,
        requisition_id: RequisitionId,
        name: str,
        asked: PipelineFilter,
        *,
        shared: bool,
    ) -> SavedView:
        view = SavedView(
            id=SavedViewId(f"v{len(self.saved)}"),
            requisition_id=requisition_id,
            name=name,
            asked=asked,
            by=actor.id,
            shared=shared,
        )
        self.saved.append(view)
        return view

    def remove_view(self, actor: Actor, id: SavedViewId) -> None:
        self.saved = [view for view in self.saved if view.id != id]

    def set_blinding(self, actor: Actor, requisition_id: RequisitionId, blinding: Blinding) -> None:
        self.blinding = blinding
        covered = (row.application_id for row in people.rows())
        self.app.blind = {id for id in covered if blinding.covers(id)}


class Queue(Part):
    """What waits for a person's eyes."""

    def open(self, actor: Actor) -> tuple[QueueRow, ...]:
        job = people.JOBS[0][0]
        return tuple(
            QueueRow(row=row, requisition_id=job.id, job=job.title)
            for row in self.app.rows()
            if row.reasons
        )


class ReviewExtras(Part):
    """Looks, original pages and comparing."""

    def opened(self, actor: Actor, application_id: ApplicationId) -> None:
        self.app.calls.append(f"opened {application_id}")

    def page(self, actor: Actor, application_id: ApplicationId, number: int) -> PageView:
        if self.app.state == "failing":
            raise InvalidInput("The original page could not be drawn. The text is complete.")
        png, boxes = paper(people.RESUME, number)
        return PageView(
            number=number,
            count=2,
            png=png,
            marks=tuple(PageMark(criterion, *box) for criterion, box in boxes.items()),
            first_of=tuple((criterion, 1) for criterion in paper(people.RESUME, 1)[1]),
            missing=("c5",) if number == 1 else (),
        )

    def compare(self, actor: Actor, application_ids: Sequence[ApplicationId]) -> ComparisonView:
        if not 2 <= len(application_ids) <= 4:
            raise InvalidInput("Choose two to four people to compare.")
        by_id = {row.application_id: row for row in self.app.rows()}
        if missing := [id for id in application_ids if id not in by_id]:
            raise Unknown("application", missing[0])
        rows = tuple(by_id[id] for id in application_ids)
        lines = [
            ComparedLine(
                criterion=criterion,
                verdicts=tuple(_verdict(row, criterion.id) for row in rows),
                disagree=len({row.verdicts[criterion.id] for row in rows if row.verdicts}) > 1,
            )
            for criterion in people.CRITERIA.criteria
        ]
        return ComparisonView(
            requisition=people.JOBS[0][0],
            rows=rows,
            lines=tuple(sorted(lines, key=lambda line: not line.disagree)),
            bullets=tuple(("Five years of intensive care.",) if r.score else () for r in rows),
        )


def without_score(view: ApplicationView, row: PipelineRow) -> ApplicationView:
    """The same application before its reader has recorded a view of their own."""
    return replace(
        view, row=row, assessment=None, sum=(), own_assessment=None, own_sum=(), overrides=(),
        earlier=(), views=(),
        document=view.document and replace(view.document, highlights=()),
        proposals=tuple(replace(p, changes=(), hidden=row.hidden) for p in view.proposals),
    )  # fmt: skip


def _verdict(row: PipelineRow, criterion: CriterionId) -> Verdict | None:
    standing = row.verdicts.get(criterion)
    own = next(v for v in people.VERDICTS if v.criterion_id == criterion)
    if standing is None:
        return None
    credit = {Standing.MET: 1.0, Standing.PARTLY: 0.5, Standing.NOT_SHOWN: 0.0}.get(standing)
    evidence = own.evidence if credit else ()
    if credit and not evidence:
        return own
    return Verdict(
        criterion_id=criterion, standing=standing, credit=credit, evidence=evidence,
        reason=own.reason,
    )  # fmt: skip


class Judging(Part):
    """Overrides and own views."""

    def override(
        self,
        actor: Actor,
        application_id: ApplicationId,
        criterion_id: CriterionId,
        standing: Standing | None,
        *,
        reason: OverrideReason,
        note: str = "",
        quote: str = "",
    ) -> None:
        if quote and quote not in people.MODEL_RESUME:
            raise InvalidInput("These words do not stand in the resume, letter by letter.")
        self.app.calls.append(f"override {application_id} {criterion_id} {standing} {reason.value}")

    def preview(
        self,
        actor: Actor,
        application_id: ApplicationId,
        criterion_id: CriterionId,
        standing: Standing | None,
    ) -> Score | None:
        row = next(row for row in self.app.rows() if row.application_id == application_id)
        more = {Standing.MET: 6, Standing.PARTLY: 2, Standing.NOT_SHOWN: -7}
        if row.score is None:
            return None
        value = row.score.value + (more.get(standing, 0) if standing else 0)
        return Score(value=max(0, min(100, value)), band=row.score.band)

    def record_view(
        self, actor: Actor, application_id: ApplicationId, leaning: Leaning, note: str = ""
    ) -> None:
        self.app.blind.discard(application_id)
        self.app.own_views[application_id] = leaning
        self.app.calls.append(f"view {application_id} {leaning.value}")


class ApprovalsExtras(Part):
    """Requests for change, reversals and batches."""

    def ask_change(
        self, actor: Actor, proposal_id: ProposalId, note: str, leave_out: Collection[int]
    ) -> None:
        self.app.calls.append(f"ask_change {proposal_id} {note} {sorted(leave_out)}")

    def reverse(self, actor: Actor, proposal_id: ProposalId) -> ProposalView:
        self.app.calls.append(f"reverse {proposal_id}")
        return self._shown(proposal_id)

    def propose_again(self, actor: Actor, proposal_id: ProposalId) -> ProposalView:
        self.app.calls.append(f"propose_again {proposal_id}")
        return self._shown(proposal_id)

    def check(self, actor: Actor, proposals: Collection[ProposalId]) -> BatchCheck:
        rows = {row.proposal_id: row for row in self.app.rows() if row.proposal_id}
        asked = [rows[id] for id in proposals if id in rows]
        opened = [row for row in asked if row.looked]
        chosen = set(sample([row.proposal_id or "" for row in asked], actor.id))
        in_sample = [row for row in asked if row.proposal_id in chosen]
        free = len(opened) == len(asked)
        return BatchCheck(
            opened=len(opened),
            total=len(asked),
            sample=tuple(row.application_id for row in in_sample),
            to_open=()
            if free
            else tuple(row.application_id for row in in_sample if not row.looked),
        )

    def approve_all(
        self, actor: Actor, seen: Mapping[ProposalId, ContentHash]
    ) -> tuple[BatchLine, ...]:
        if self.check(actor, seen).to_open:
            raise NotAllowed("Open the people of the sample first.")
        return tuple(
            self._line(id, BatchOutcome.APPROVED if n != 2 else BatchOutcome.NOT_DONE)
            for n, id in enumerate(seen)
        )

    def refuse_all(
        self, actor: Actor, proposals: Collection[ProposalId], reason: str
    ) -> tuple[BatchLine, ...]:
        return tuple(self._line(id, BatchOutcome.REFUSED) for id in proposals)

    def undo_all(self, actor: Actor, proposals: Collection[ProposalId]) -> tuple[BatchLine, ...]:
        for id in proposals:
            self.app.decided.pop(id, None)
        return tuple(self._line(id, BatchOutcome.UNDONE) for id in proposals)

    def undoable(self, actor: Actor) -> tuple[ProposalView, ...]:
        return tuple(view for view in reversed(self.app.decided.values()) if view.can_undo)

    def _line(self, id: ProposalId, outcome: BatchOutcome) -> BatchLine:
        view = self._shown(id)
        if outcome is BatchOutcome.APPROVED:
            self.app.decided[id] = replace(
                view,
                approved_by="Rosa Field",
                own=True,
                can_undo=True,
                undo_until=people.soon(),
            )
        return BatchLine(
            proposal_id=id,
            application_id=view.proposal.application_id,
            candidate=view.candidate,
            outcome=outcome,
            why="" if outcome is not BatchOutcome.NOT_DONE else "The record changed in iCIMS.",
        )

    def _shown(self, id: ProposalId) -> ProposalView:
        row = next(row for row in people.rows() if row.proposal_id == id)
        return people.proposal(row)
