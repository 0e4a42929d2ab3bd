"""Keeping proposals: what becomes one, what it replaces, and what a person left out for good."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.actor import Actor
from core.domain.approval import OutboxState
from core.domain.audit import about, fact_by
from core.domain.ids import ApplicationId, AssessmentId, ProposalId
from core.domain.policy import TenantPolicy
from core.domain.proposal import Proposal, record_basis
from core.domain.records import Application
from core.flow.approve import Undone, give_way, is_unwritten
from core.flow.propose import Slot, Terms, propose, slot
from core.ports import Clock, IdSource, ProposalStanding, ProposalState, UnitOfWork
from core.services.choices import tenant_policy
from core.services.review.judged import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRules:
    """The tenant's choices; ``fields`` are the logical names in its field map.

    ``default`` holds until an administrator has set a policy.
    """

    fields: Collection[str] = ()
    valid_for: timedelta = timedelta(days=7)
    default: TenantPolicy = field(default_factory=TenantPolicy)


@dataclass(frozen=True, slots=True)
class Proposer:
    """Makes and keeps proposals; whoever calls has admitted the maker, and commits."""

    clock: Clock
    ids: IdSource
    rules: ProposalRules

    def terms(self, uow: UnitOfWork, maker: Actor) -> Terms:
        """Say what a proposal made now is made under."""
        return Terms(
            id=ProposalId(self.ids.new()),
            # A proposal outlives the session it was made in, and is shown to others.
            made_by=replace(maker, session=None),
            now=self.clock.now(),
            valid_for=self.rules.valid_for,
            available=self.rules.fields,
            thresholds=tenant_policy(uow, self.rules.default).thresholds,
        )

    def renew(self, uow: UnitOfWork, maker: Actor, given: Judged) -> Proposal | None:
        """Propose what an assessment calls for, as people judged it, in place of earlier ones.

        What a person left out of an earlier proposal of the same assessment stays out. None, and
        nothing replaced, where there is nothing to write.
        """
        id = given.own.application_id
        record = uow.applications.get(id)
        if record is None or given.criteria is None:
            return None
        terms = self.terms(uow, maker)
        full = propose(given.own, given.criteria, record.application, terms, given.overrides)
        made = full and _shaped(full, left_out(uow, id, given.own.key.id), record.application)
        return self.keep(uow, maker, made) if made else None

    def keep(self, uow: UnitOfWork, maker: Actor, made: Proposal) -> Proposal:
        """Keep a proposal in place of the open ones of its application, with its facts.

        One that brings a score also takes the place of approved scores that still wait: what a
        person corrected must not reach iCIMS before the correction.
        """
        now, id = self.clock.now(), made.application_id
        for old in uow.proposals.open_of(id):
            uow.proposals.supersede(old.id, now)
            uow.audit.append(fact_by(maker, now, "proposal.superseded", about(id), proposal=old.id))
        if made.brings_score:
            self._make_way(uow, maker, made)
        uow.proposals.put(made)
        uow.audit.append(
            fact_by(
                maker, now, "proposal.made", about(id),
                proposal=made.id, content=made.hash, assessment=made.assessment_id,
                suggestion=made.suggestion, reverses=made.reverses,
                expires_at=made.expires_at.isoformat(),
            )
        )  # fmt: skip
        return made

    def _make_way(self, uow: UnitOfWork, maker: Actor, newer: Proposal) -> None:
        """Take back the approved scores of which nothing has gone out; the others are written."""
        now = self.clock.now()
        for old in uow.proposals.of(newer.application_id):
            approval, entries = uow.proposals.approval(old.id), uow.outbox.of(old.id)
            if approval is None or not old.brings_score or not is_unwritten(entries):
                continue
            undone = give_way(old, approval, entries, newer, maker, now=now)
            if cancelled(uow, undone, now):
                for fact in undone.facts:
                    uow.audit.append(fact)


def cancelled(uow: UnitOfWork, undone: Undone, now: datetime) -> bool:
    """Cancel the writes of an approval that is taken back; False when the first has started.

    Steps go out in their order, so with the first of them none can start any more.
    """
    return all(
        uow.outbox.move(id, expect=OutboxState.WAITING, to=OutboxState.CANCELLED, now=now)
        for id in undone.cancel
    )


def left_out(uow: UnitOfWork, id: ApplicationId, assessment: AssessmentId) -> frozenset[Slot]:
    """Name what people left out of the proposals of one assessment."""
    of_it = (made for made in uow.proposals.of(id) if made.assessment_id == assessment)
    asked = ((made, uow.proposals.change_request(made.id)) for made in of_it)
    return frozenset(
        slot(made.changes[index]) for made, request in asked if request
        for index in request.leave_out
    )  # fmt: skip


def _shaped(made: Proposal, without: frozenset[Slot], record: Application) -> Proposal | None:
    if not without:
        return made
    kept = tuple(change for change in made.changes if slot(change) not in without)
    return replace(made, changes=kept, basis=record_basis(record, kept)) if kept else None


def has_lapsed(
    proposal: Proposal | None, standing: ProposalStanding, record: Application, now: datetime
) -> bool:
    """Say whether a proposal came to nothing without anybody's no, so that a fresh one is due.

    That is when it can no longer be approved, was taken back, or was approved and not written.
    """
    match standing.state:
        case ProposalState.OPEN:
            return (
                proposal is None
                or now >= proposal.expires_at
                or record_basis(record, proposal.changes) != proposal.basis
            )
        case ProposalState.APPROVED:
            return _came_to_nothing(standing)
    return False


def _came_to_nothing(standing: ProposalStanding) -> bool:
    ended = set(standing.writes)
    return bool(ended & {OutboxState.STALE, OutboxState.FAILED}) or ended == {OutboxState.CANCELLED}


def why_not_again(uow: UnitOfWork, proposal: Proposal) -> str:
    """Say why an approved proposal cannot be proposed again as it is; empty when it can.

    It can where it came to nothing, was not followed by another, and its score still stands.
    """
    standing = uow.overview.standing(proposal.application_id)
    if standing is None or standing.proposal_id != proposal.id:
        return "A newer proposal of this application has taken its place."
    if not proposal.brings_score or standing.state is not ProposalState.APPROVED:
        return "Only an approved score that was not written can be proposed again."
    if not _came_to_nothing(standing):
        return "It was written to iCIMS, or still will be."
    latest = uow.assessments.latest(proposal.application_id)
    if latest is None or latest.key.id != proposal.assessment_id:
        return "The application has been scored again since."
    return ""


def is_due(
    last: Proposal, standing: ProposalStanding, record: Application, now: datetime, *, asked: bool
) -> bool:
    """Say whether scoring, with the same result, makes a fresh proposal in place of ``last``.

    What people shaped is not replaced behind their back: a proposal that was sent back is renewed,
    and one that takes writes back is followed by a new one, only where a person ``asked`` for this
    very application to be scored again.
    """
    lapsed = has_lapsed(last, standing, record, now)
    if last.reverses is not None:
        return asked and (lapsed or standing.state is not ProposalState.OPEN)
    return lapsed or (asked and standing.state is ProposalState.RETURNED)


def is_withdrawn(uow: UnitOfWork, written: Proposal) -> bool:
    """Say whether a proposal that takes ``written`` back waits for an answer or was approved."""
    for other in uow.proposals.of(written.application_id):
        if other.reverses != written.id:
            continue
        if any(each.id == other.id for each in uow.proposals.open_of(other.application_id)):
            return True
        entries = uow.outbox.of(other.id)
        ended = {OutboxState.CANCELLED, OutboxState.STALE, OutboxState.FAILED}
        if entries and not all(entry.state in ended for entry in entries):
            return True
    return False
