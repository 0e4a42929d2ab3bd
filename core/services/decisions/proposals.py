"""Proposals as shown to the person who decides on them."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.approval import Approval, OutboxEntry
from core.domain.assessment import Score
from core.domain.audit import Fact, about
from core.domain.ids import ApplicationId, AssessmentId, ContentHash, ProposalId, RequisitionId
from core.domain.judgement import Hidden
from core.domain.policy import Capability, TenantPolicy
from core.domain.proposal import AddAssessmentResult, Change, Proposal, SetField, needed_to_write
from core.domain.records import Requisition
from core.domain.views import ProposalView, TakenBack, TrayLine, WriteLine
from core.errors import ApprovalRefused
from core.flow.approve import REPLACED, UNDONE, is_taken_back, is_unwritten, why_not_reversible
from core.flow.propose import SCORE, SKILLS
from core.ports import CachedApplication, UnitOfWork
from core.services.choices import Sight, sight, stop_words
from core.services.decisions.proposing import is_withdrawn, why_not_again
from core.services.decisions.tray import Sketch, has_moved
from core.services.details import doer_name
from core.services.names import user_names
from core.services.wording import change_line, maker, write_line

CLOSED = "This proposal was already answered, or replaced by a newer one. Open it again."
_ANSWERED = "This proposal has been answered or replaced by a newer one."
UNDER_WAY = (
    "What was approved before is still on its way to iCIMS. Once it is there, this is proposed"
    " anew from what then stands in iCIMS."
)
_VIEW_FIRST = "Say what you think of this application first; then the proposal is shown."
_ASKED = (Command.APPROVE, Command.UNDO, Command.REVERSE, Command.PROPOSE)

Looked = Collection[tuple[ApplicationId, AssessmentId]]


@dataclass(frozen=True, slots=True)
class Job:
    """What one person may do with the proposals of one requisition, and see of them, now."""

    may: Collection[Command]
    title: str
    sight: Sight
    scoring_stopped: str
    writing_stopped: str

    def hides(self, proposal: Proposal | Sketch) -> Hidden | None:
        """Say why a proposal's content is not shown.

        What takes a written score back stays in sight while scores are stopped: that is when it
        is wanted most.
        """
        hidden = self.sight.hides(proposal.application_id)
        return None if hidden is Hidden.STOPPED and proposal.reverses else hidden

    def withheld(self, proposal: Proposal | Sketch) -> str:
        """Say why a proposal cannot be decided on though it is open; empty when it can."""
        hidden = self.hides(proposal)
        if hidden is not None:
            return _VIEW_FIRST if hidden is Hidden.OWN_VIEW_FIRST else self.scoring_stopped
        return ""

    def holds(self, proposal: Proposal) -> str:
        """Say what keeps an approved proposal from being written; empty when nothing does."""
        stopped = {
            Capability.WRITING: self.writing_stopped,
            Capability.SCREENING: self.scoring_stopped,
        }
        return next((s for each in needed_to_write(proposal) if (s := stopped[each])), "")


def job_of(uow: UnitOfWork, actor: Actor, requisition: Requisition, default: TenantPolicy) -> Job:
    """Work out what ``actor`` may do with the proposals of a requisition."""
    return Job(
        may=tuple(command for command in _ASKED if may(actor, command, requisition)),
        title=requisition.title,
        sight=sight(uow, actor, requisition, default),
        scoring_stopped=stop_words(uow, Capability.SCREENING, requisition),
        writing_stopped=stop_words(uow, Capability.WRITING, requisition),
    )


def require_open(uow: UnitOfWork, proposal: Proposal) -> None:
    """Raise ``ApprovalRefused`` for a proposal that was answered or replaced."""
    if all(other.id != proposal.id for other in uow.proposals.open_of(proposal.application_id)):
        raise ApprovalRefused(CLOSED)


@dataclass(slots=True)
class Showing:
    """Shows proposals to one person at one time; what they share is looked up once."""

    uow: UnitOfWork
    actor: Actor
    now: datetime
    default: TenantPolicy
    _names: dict[str, str] = field(init=False)
    _jobs: dict[RequisitionId, Job | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._names = user_names(self.uow)

    def job(self, id: RequisitionId) -> Job | None:
        """What the person may do and see on a requisition; None when it is not cached."""
        if id not in self._jobs:
            found = self.uow.requisitions.get(id)
            made = job_of(self.uow, self.actor, found, self.default) if found else None
            self._jobs[id] = made
        return self._jobs[id]

    def lines(self, sketches: Sequence[Sketch]) -> tuple[TrayLine, ...]:
        """Show open proposals as lines; a few statements for any number."""
        opened = opened_among(self.uow, self.actor, sketches)
        under_way = self._under_way(sketches)
        return tuple(
            self._line(sketch, sketch.id in opened, sketch.application_id in under_way)
            for sketch in sketches
        )

    def _under_way(self, proposals: Sequence[Proposal | Sketch]) -> Collection[ApplicationId]:
        return self.uow.outbox.under_way({each.application_id for each in proposals})

    def _line(self, sketch: Sketch, opened: bool, under_way: bool) -> TrayLine:
        job = self.job(sketch.requisition_id)
        hidden = job.hides(sketch) if job else None
        return TrayLine(
            id=sketch.id,
            application_id=sketch.application_id,
            candidate=sketch.candidate,
            job=job.title if job else "",
            what="" if hidden else sketch.what,
            made_by=maker(sketch.made_by, self._names),
            made_at=sketch.made_at,
            expires_at=sketch.expires_at,
            opened=opened,
            blocked=self._blocked(sketch, moved=sketch.moved, under_way=under_way),
            hidden=hidden,
        )

    def open_ones(self, proposals: Sequence[Proposal]) -> tuple[ProposalView, ...]:
        """Show proposals whole; a few statements for any number."""
        cached, opened = self._people(proposals), opened_among(self.uow, self.actor, proposals)
        jobs = {proposal.requisition_id for proposal in proposals}
        waiting = {id for job in jobs for id in self.uow.proposals.open_ids(job)}
        under_way = self._under_way(proposals)
        return tuple(
            self._masked(
                replace(
                    self._bare(proposal, cached.get(proposal.application_id)),
                    opened=proposal.id in opened,
                    blocked=("" if proposal.id in waiting else self._closed(proposal))
                    or self._why_blocked(
                        proposal,
                        cached.get(proposal.application_id),
                        under_way=proposal.application_id in under_way,
                    ),
                )
            )
            for proposal in proposals
        )

    def unwritten_ones(
        self, approved: Sequence[tuple[Proposal, Approval]]
    ) -> tuple[ProposalView, ...]:
        """Show approved proposals of which nothing has gone out yet."""
        cached = self._people([proposal for proposal, _ in approved])
        return tuple(
            self._masked(
                replace(
                    self._bare(proposal, cached.get(proposal.application_id)),
                    blocked=_ANSWERED,
                    undo_until=approval.undo_until,
                    can_undo=self._may(proposal, Command.UNDO),
                    approved_by=maker(approval.actor, self._names),
                    own=approval.actor.id == self.actor.id,
                    writes=self._writes(proposal, self.uow.outbox.of(proposal.id)),
                )
            )
            for proposal, approval in approved
        )

    def _people(self, proposals: Sequence[Proposal]) -> dict[ApplicationId, CachedApplication]:
        ids = {proposal.application_id for proposal in proposals}
        return {each.application.id: each for each in self.uow.applications.among(ids)}

    def one(self, proposal: Proposal) -> ProposalView:
        """Show a proposal with its answer and what became of its writes."""
        uow, id = self.uow, proposal.id
        approval, refusal = uow.proposals.approval(id), uow.proposals.refusal(id)
        asked, entries = uow.proposals.change_request(id), uow.outbox.of(id)
        cached = uow.applications.get(proposal.application_id)
        closed = self._closed(proposal)
        return self._masked(
            replace(
                self._bare(proposal, cached),
                opened=id in opened_among(uow, self.actor, (proposal,)),
                blocked=closed
                or self._why_blocked(
                    proposal, cached, under_way=bool(self._under_way((proposal,)))
                ),
                undo_until=approval.undo_until if approval else None,
                can_undo=self._may(proposal, Command.UNDO) and is_unwritten(entries),
                approved_by=maker(approval.actor, self._names) if approval else "",
                own=approval is not None and approval.actor.id == self.actor.id,
                refused_reason=refusal.reason if refusal else "",
                change_asked=asked.note if asked else "",
                asked_by=maker(asked.actor, self._names) if asked else "",
                writes=self._writes(proposal, entries),
                taken_back=self._taken_back(proposal, entries),
                makes_way="" if closed else self._made_way(proposal),
                repeatable=approval is not None
                and self._may(proposal, Command.PROPOSE)
                and not why_not_again(uow, proposal),
                reversible=self._may(proposal, Command.REVERSE)
                and not why_not_reversible(proposal, approval, entries)
                and not is_withdrawn(uow, proposal),
            )
        )

    def _bare(self, proposal: Proposal, cached: CachedApplication | None) -> ProposalView:
        job = self.job(proposal.requisition_id)
        return ProposalView(
            proposal=proposal,
            hash=proposal.hash,
            changes=tuple(change_line(change) for change in proposal.changes),
            made_by=maker(proposal.made_by, self._names),
            blocked="",
            candidate=cached.candidate.name if cached and cached.candidate else "",
            job=job.title if job else "",
            score=None if proposal.reverses else proposed_score(self.uow, proposal),
        )

    def _masked(self, view: ProposalView) -> ProposalView:
        """Take away all that tells what the hidden score is."""
        job = self.job(view.proposal.requisition_id)
        hidden = job.hides(view.proposal) if job else None
        if hidden is None:
            return view
        return replace(
            view,
            proposal=replace(view.proposal, changes=(), suggestion=""),
            hash=ContentHash(""),
            changes=(),
            score=None,
            refused_reason="",
            change_asked="",
            hidden=hidden,
        )

    def _may(self, proposal: Proposal, command: Command) -> bool:
        job = self.job(proposal.requisition_id)
        return job is not None and command in job.may

    def _writes(self, proposal: Proposal, entries: Sequence[OutboxEntry]) -> tuple[WriteLine, ...]:
        job = self.job(proposal.requisition_id)
        held = job.holds(proposal) if job else ""
        receipt = self.uow.outbox.receipt
        return tuple(write_line(e, receipt(e.id), self.now, held) for e in entries)

    def _taken_back(self, proposal: Proposal, entries: Sequence[OutboxEntry]) -> TakenBack | None:
        """Say who took an approval back, and when; the log alone keeps that."""
        if not is_taken_back(entries):
            return None
        found = (
            fact
            for fact in self._told(proposal, UNDONE, REPLACED)
            if fact.data.get("proposal") == proposal.id
        )
        fact = next(found, None)
        if fact is None:
            return None
        return TakenBack(
            by=doer_name(fact.actor_kind, fact.actor, self._names),
            at=fact.at,
            replaced=fact.action == REPLACED,
        )

    def _made_way(self, newer: Proposal) -> str:
        """Name who had approved the score that was taken back for this one; empty for none."""
        found = (fact for fact in self._told(newer, REPLACED) if fact.data.get("by") == newer.id)
        fact = next(found, None)
        if fact is None:
            return ""
        who = str(fact.data.get("approved_by"))
        return self._names.get(who, who)

    def _told(self, proposal: Proposal, *actions: str) -> Iterator[Fact]:
        events = self.uow.audit.of_subject(about(proposal.application_id))
        return (event.fact for event in events if event.fact.action in actions)

    def _closed(self, proposal: Proposal) -> str:
        uow = self.uow
        if any(each.id == proposal.id for each in uow.proposals.open_of(proposal.application_id)):
            return ""
        if uow.proposals.change_request(proposal.id):
            return "It was sent back for a change."
        return _ANSWERED

    def _why_blocked(
        self, proposal: Proposal, cached: CachedApplication | None, *, under_way: bool
    ) -> str:
        moved = cached is not None and has_moved(proposal, cached)
        return self._blocked(proposal, moved=moved, under_way=under_way)

    def _blocked(self, proposal: Proposal | Sketch, *, moved: bool, under_way: bool) -> str:
        job = self.job(proposal.requisition_id)
        if job is None or Command.APPROVE not in job.may:
            return "Only the recruiters named on this requisition can approve."
        if withheld := job.withheld(proposal) or job.writing_stopped:
            return withheld
        if under_way:
            return UNDER_WAY
        if self.now >= proposal.expires_at:
            return f"It expired on {proposal.expires_at:%d %B %Y}. Score the application again."
        if moved:
            return (
                "The application has changed in iCIMS since. Score it again for a fresh proposal."
            )
        return ""


def opened_among(
    uow: UnitOfWork, actor: Actor, proposals: Sequence[Proposal | Sketch]
) -> frozenset[ProposalId]:
    """Find the proposals whose evidence ``actor`` had on the screen: of that very assessment.

    A proposal that rests on no assessment counts once the application was opened.
    """
    looked = uow.judgements.looked(actor.id, {each.application_id for each in proposals})
    resting = {each.requisition_id for each in proposals if each.assessment_id is None}
    lookers = {id: uow.judgements.lookers(id) for id in resting}
    return frozenset(
        each.id
        for each in proposals
        if (
            (each.application_id, each.assessment_id) in looked
            if each.assessment_id is not None
            else actor.id in lookers[each.requisition_id].get(each.application_id, ())
        )
    )


def proposed_score(uow: UnitOfWork, proposal: Proposal) -> Score | None:
    """Find the score that a proposal would write; None when it writes none."""
    value = next((_score_in(change) for change in proposal.changes if _has_score(change)), None)
    if value is None:
        return None
    skills = (c.new for c in proposal.changes if isinstance(c, SetField) and c.field == SKILLS)
    band = _band_in(next(skills, None))
    if band is None and proposal.assessment_id:
        made = uow.assessments.get(proposal.application_id, proposal.assessment_id)
        band = made.score.band if made and made.score else None
    return Score(value=value, band=band or 0)


def _has_score(change: Change) -> bool:
    return isinstance(change, AddAssessmentResult) or (
        isinstance(change, SetField) and change.field == SCORE
    )


def _score_in(change: Change) -> int | None:
    value = (
        change.score if isinstance(change, AddAssessmentResult) else getattr(change, "new", None)
    )
    return round(value) if isinstance(value, int | float) else None


def _band_in(skills: object) -> int | None:
    try:
        band = json.loads(skills)["band"] if isinstance(skills, str) else None
    except (ValueError, KeyError, TypeError):
        return None
    return band if isinstance(band, int) else None
