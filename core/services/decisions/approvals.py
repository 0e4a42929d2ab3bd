"""Decisions on proposals: the only place where an approval comes to be."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.approval import Approval
from core.domain.audit import AuditData, Fact
from core.domain.ids import ContentHash, ProposalId
from core.domain.proposal import Proposal
from core.domain.views import BatchCheck, BatchLine, BatchOutcome, ProposalView, TrayLine
from core.errors import ApprovalRefused, InvalidInput
from core.flow.approve import approve, ask_change, refuse, undo, why_not_reversible
from core.flow.propose import reversal, without
from core.ports import (
    CachedApplication,
    Clock,
    IdSource,
    UnitOfWork,
    UnitOfWorkFactory,
)
from core.services.access import admit_signed_in, admit_to_proposal, admit_to_proposals
from core.services.decisions.batch import Batch, Member, checked, chosen, require_opened
from core.services.decisions.proposals import UNDER_WAY, Showing, job_of, require_open
from core.services.decisions.proposing import (
    ProposalRules,
    Proposer,
    cancelled,
    is_withdrawn,
    why_not_again,
)
from core.services.decisions.tray import Tray
from core.services.names import user_names
from core.services.review.judged import latest_judged
from core.services.wording import maker

_LONGEST_REASON, _LONGEST_NOTE = 2_000, 500
_UNDERWAY = "It is being written already and can no longer be undone."
_NOT_READ = "iCIMS is being read again after the write. Try again in a moment."
_NOTHING_LEFT = "All that was written has been changed since; there is nothing to take back."
_NOTHING_TO_WRITE = "There is nothing to write any more. Score the application again."
_ALONE: AuditData = {}


@dataclass(frozen=True, slots=True)
class Approvals:
    """Approve, refuse, send back, undo and reverse, as one signed-in person; each is one commit.

    Many at once are many such commits: every person in a batch is a decision of their own.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource
    undo_window: timedelta
    rules: ProposalRules = field(default_factory=ProposalRules)
    sketched: Tray = field(default_factory=Tray)

    # --- What there is to decide ---------------------------------------------------------------

    def tray(self, actor: Actor) -> tuple[TrayLine, ...]:
        """List every open proposal this person may decide, oldest first."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, now)
            waiting = [
                sketch
                for requisition in uow.requisitions.all()
                if may(actor, Command.APPROVE, requisition)
                for sketch in self.sketched.sketches(uow, requisition.id)
            ]
            waiting.sort(key=lambda sketch: sketch.made_at)
            return self._showing(uow, actor, now).lines(waiting)

    def shown(self, actor: Actor, ids: Collection[ProposalId]) -> tuple[ProposalView, ...]:
        """Show proposals of this person's jobs whole, in the order asked for."""
        with self.unit_of_work() as uow:
            members = self._members(uow, actor, Command.APPROVE, ids)
            showing = self._showing(uow, actor, self.clock.now())
            return showing.open_ones([member.proposal for member in members])

    def undoable(self, actor: Actor) -> tuple[ProposalView, ...]:
        """List the approvals on this person's jobs that can still be undone, newest first.

        Those kept waiting after their undo window, by a stop or by iCIMS, are among them.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, now)
            approved = sorted(_unwritten(uow, actor), key=lambda pair: pair[1].at, reverse=True)
            return self._showing(uow, actor, now).unwritten_ones(approved)

    # --- One decision --------------------------------------------------------------------------

    def approve(self, actor: Actor, id: ProposalId, hash_seen: ContentHash) -> ProposalView:
        """Approve exactly what was shown; the writes go out when the undo window ends.

        ``hash_seen`` is the hash that came with the screen. Raises ``ApprovalRefused`` and its
        kinds, ``NotAllowed``, ``SessionEnded``, ``NotFound``.
        """
        return self._shown(actor, self._approve(actor, id, hash_seen, _ALONE))

    def refuse(self, actor: Actor, id: ProposalId, reason: str) -> ProposalView:
        """Say no, with a reason; nothing is written and nothing happens to the candidate."""
        return self._shown(actor, self._refuse(actor, id, reason, _ALONE))

    def undo(self, actor: Actor, id: ProposalId) -> ProposalView:
        """Take an approval back before anything of it has gone out: all of it or nothing."""
        return self._shown(actor, self._undo(actor, id, _ALONE, own=False))

    def ask_change(
        self, actor: Actor, id: ProposalId, note: str, leave_out: Collection[int]
    ) -> None:
        """Send a proposal back; it can then no longer be approved.

        With ``leave_out`` (indices of its changes) a proposal of the others takes its place at
        once, made by this person. With a ``note`` alone nothing does until somebody overrides a
        verdict or has this application scored again.
        """
        if len(note) > _LONGEST_NOTE:
            raise InvalidInput(f"Keep the note under {_LONGEST_NOTE} characters.")
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, cached = self._to_decide(uow, actor, Command.ASK_CHANGE, id)
            made = ask_change(proposal, actor, note, leave_out, now=now)
            proposer, record = self._proposer, cached.application
            kept = leave_out and without(proposal, leave_out, record, proposer.terms(uow, actor))
            uow.proposals.give_back(made.request)
            for fact in made.facts:
                uow.audit.append(fact)
            if kept:
                proposer.keep(uow, actor, kept)
            uow.commit()

    def reverse(self, actor: Actor, id: ProposalId) -> ProposalView:
        """Propose the opposite of what was written; it is approved or not like any other."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, cached, requisition = admit_to_proposal(uow, actor, Command.REVERSE, now, id)
            self._require_reversible(uow, proposal, cached)
            terms = self._proposer.terms(uow, actor)
            made = reversal(proposal, cached.application, terms)
            if made is None:
                raise ApprovalRefused(_NOTHING_LEFT)
            if withheld := job_of(uow, actor, requisition, self.rules.default).withheld(made):
                raise ApprovalRefused(withheld)
            self._proposer.keep(uow, actor, made)
            uow.commit()
            return self._showing(uow, actor, now).one(made)

    def propose_again(self, actor: Actor, id: ProposalId) -> ProposalView:
        """Propose what was approved and not written once more, from the same score.

        What would change is worked out anew from the record as it is now. Raises
        ``ApprovalRefused`` where the score no longer stands or something else took its place.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, _, requisition = admit_to_proposal(uow, actor, Command.PROPOSE, now, id)
            withheld = job_of(uow, actor, requisition, self.rules.default).withheld(proposal)
            if why := withheld or why_not_again(uow, proposal):
                raise ApprovalRefused(why)
            given = latest_judged(uow, requisition.id, proposal.application_id)
            made = self._proposer.renew(uow, actor, given) if given else None
            if made is None:
                raise ApprovalRefused(_NOTHING_TO_WRITE)
            uow.commit()
            return self._showing(uow, actor, now).one(made)

    # --- Many at once --------------------------------------------------------------------------

    def check(self, actor: Actor, proposals: Collection[ProposalId]) -> BatchCheck:
        """Say what this person must still open before deciding on these together."""
        with self.unit_of_work() as uow:
            members = self._members(uow, actor, Command.APPROVE, proposals)
            return checked(uow, actor, [member.proposal for member in members])

    def approve_all(
        self, actor: Actor, seen: Mapping[ProposalId, ContentHash]
    ) -> tuple[BatchLine, ...]:
        """Approve each proposal as it was shown; raises ``ApprovalRefused`` until ``check``."""
        batch = self._batch(actor, Command.APPROVE, seen)
        return batch.decide(
            BatchOutcome.APPROVED, lambda each: self._approve(actor, each, seen[each], batch.mark)
        )

    def refuse_all(
        self, actor: Actor, proposals: Collection[ProposalId], reason: str
    ) -> tuple[BatchLine, ...]:
        """Say no to each proposal; raises ``ApprovalRefused`` until ``check``."""
        if not reason.strip():
            raise InvalidInput("say in a few words why you refuse")
        batch = self._batch(actor, Command.REFUSE, proposals)
        return batch.decide(
            BatchOutcome.REFUSED, lambda each: self._refuse(actor, each, reason, batch.mark)
        )

    def undo_all(self, actor: Actor, proposals: Collection[ProposalId]) -> tuple[BatchLine, ...]:
        """Take back each of this person's own approvals that has not gone out.

        Nothing needs to be opened for that. What somebody else approved is taken back one by one:
        then it was meant.
        """
        with self.unit_of_work() as uow:
            batch = Batch(self._members(uow, actor, Command.UNDO, proposals))
        return batch.decide(
            BatchOutcome.UNDONE, lambda each: self._undo(actor, each, batch.mark, own=True)
        )

    # --- Inside --------------------------------------------------------------------------------

    def _approve(
        self, actor: Actor, id: ProposalId, hash_seen: ContentHash, mark: AuditData
    ) -> Proposal:
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, cached = self._to_decide(uow, actor, Command.APPROVE, id)
            made = approve(
                proposal,
                actor,
                hash_seen,
                cached.application,
                now=now,
                undo_window=self.undo_window,
                ids=self.ids,
            )
            uow.proposals.approve(made.approval)
            for entry in made.entries:
                uow.outbox.add(entry)
            _commit(uow, made.facts, mark)
            return proposal

    def _refuse(self, actor: Actor, id: ProposalId, reason: str, mark: AuditData) -> Proposal:
        if len(reason) > _LONGEST_REASON:
            raise InvalidInput(f"Keep the reason under {_LONGEST_REASON} characters.")
        with self.unit_of_work() as uow:
            proposal, _ = self._to_decide(uow, actor, Command.REFUSE, id)
            made = refuse(proposal, actor, reason, now=self.clock.now())
            uow.proposals.refuse(made.refusal)
            _commit(uow, made.facts, mark)
            return proposal

    def _undo(self, actor: Actor, id: ProposalId, mark: AuditData, *, own: bool) -> Proposal:
        now = self.clock.now()
        with self.unit_of_work() as uow:
            proposal, _, _ = admit_to_proposal(uow, actor, Command.UNDO, now, id)
            approval = uow.proposals.approval(id)
            if approval is None:
                raise ApprovalRefused("There is no approval to take back.")
            if own and approval.actor.id != actor.id:
                who = maker(approval.actor, user_names(uow))
                raise ApprovalRefused(
                    f"{who} approved this. Take it back on its own if you mean to."
                )
            made = undo(proposal, approval, uow.outbox.of(id), actor, now=now)
            if not cancelled(uow, made, now):
                raise ApprovalRefused(_UNDERWAY)
            _commit(uow, made.facts, mark)
            return proposal

    def _to_decide(
        self, uow: UnitOfWork, actor: Actor, command: Command, id: ProposalId
    ) -> tuple[Proposal, CachedApplication]:
        """Admit ``actor`` to answer a proposal that is open and that they may see."""
        now = self.clock.now()
        proposal, cached, requisition = admit_to_proposal(uow, actor, command, now, id)
        require_open(uow, proposal)
        job = job_of(uow, actor, requisition, self.rules.default)
        why = job.withheld(proposal)
        if command is Command.APPROVE:
            under_way = uow.outbox.under_way((proposal.application_id,))
            why = why or job.writing_stopped or (UNDER_WAY if under_way else "")
        if why:
            raise ApprovalRefused(why)
        return proposal, cached

    def _require_reversible(
        self, uow: UnitOfWork, proposal: Proposal, cached: CachedApplication
    ) -> None:
        approval, entries = uow.proposals.approval(proposal.id), uow.outbox.of(proposal.id)
        if why := why_not_reversible(proposal, approval, entries):
            raise ApprovalRefused(why)
        if is_withdrawn(uow, proposal):
            raise ApprovalRefused("That it be taken back is proposed already.")
        receipts = (uow.outbox.receipt(entry.id) for entry in entries)
        if any(receipt and cached.fetched_at < receipt.at for receipt in receipts):
            raise ApprovalRefused(_NOT_READ)

    def _batch(self, actor: Actor, command: Command, proposals: Collection[ProposalId]) -> Batch:
        with self.unit_of_work() as uow:
            members = self._members(uow, actor, command, proposals)
            check = checked(uow, actor, [member.proposal for member in members])
        require_opened(check)
        return Batch(members, sampled=check.opened < check.total)

    def _members(
        self, uow: UnitOfWork, actor: Actor, command: Command, proposals: Collection[ProposalId]
    ) -> tuple[Member, ...]:
        """Admit ``actor`` to every job of a batch, and find its proposals and their people."""
        now = self.clock.now()
        found = admit_to_proposals(uow, actor, command, now, chosen(proposals))
        cached = uow.applications.among({proposal.application_id for proposal in found})
        names = {c.application.id: c.candidate.name for c in cached if c.candidate}
        return tuple(Member(each, names.get(each.application_id, "")) for each in found)

    def _shown(self, actor: Actor, proposal: Proposal) -> ProposalView:
        with self.unit_of_work() as uow:
            return self._showing(uow, actor, self.clock.now()).one(proposal)

    @property
    def _proposer(self) -> Proposer:
        return Proposer(self.clock, self.ids, self.rules)

    def _showing(self, uow: UnitOfWork, actor: Actor, now: datetime) -> Showing:
        return Showing(uow, actor, now, self.rules.default)


def _unwritten(uow: UnitOfWork, actor: Actor) -> Iterator[tuple[Proposal, Approval]]:
    """Find the approved proposals of this person's jobs of which nothing has gone out yet."""
    jobs = uow.overview.unwritten()
    mine = {
        job
        for job in set(jobs.values())
        if (requisition := uow.requisitions.get(job)) and may(actor, Command.UNDO, requisition)
    }
    for proposal in uow.proposals.among([id for id, job in jobs.items() if job in mine]):
        if approval := uow.proposals.approval(proposal.id):
            yield proposal, approval


def _commit(uow: UnitOfWork, facts: Iterable[Fact], mark: AuditData) -> None:
    for fact in facts:
        uow.audit.append(replace(fact, data={**fact.data, **mark}))
    uow.commit()
