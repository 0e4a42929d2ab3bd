"""Rows of a ranked pipeline as one person may see them, without opening any document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.domain.actor import Actor
from core.domain.approval import OutboxState
from core.domain.filters import PipelineFilter
from core.domain.ids import ApplicationId, RequisitionId, UserId
from core.domain.judgement import Hidden, OwnView
from core.domain.policy import TenantPolicy
from core.domain.records import Requisition
from core.domain.routing import Eyes, eyes, is_flagged, suggest
from core.domain.rows import PipelineRow, WorkState
from core.ports import ProposalStanding, ProposalState, UnitOfWork
from core.services.choices import sight, tenant_policy
from core.services.pipeline.roster import Digest, Entry, Roster
from core.services.pipeline.search import found_in

_NOBODY: frozenset[UserId] = frozenset()
_IN_TROUBLE = {OutboxState.STALE, OutboxState.FAILED}


@dataclass(frozen=True, slots=True)
class Ranking:
    """Builds rows; the tenant's policy decides what is suggested, never what is shown."""

    roster: Roster
    default: TenantPolicy

    def rows(
        self,
        uow: UnitOfWork,
        actor: Actor,
        requisition: Requisition,
        now: datetime,
        unsaid: ApplicationId | None = None,
    ) -> tuple[PipelineRow, ...]:
        """Make a row of every application, best score first; the caller has admitted ``actor``.

        Applications without a score, or with one that is hidden from ``actor``, stand among the
        others by how long they have waited, at the middle of the list: unknown is neither good
        nor bad. ``unsaid`` stands where it stood before ``actor`` said what they think of it. Ask
        in a unit of work that has written nothing (see ``Roster``).
        """
        maker = _Maker(tenant_policy(uow, self.default), now)
        seen = sight(uow, actor, requisition, self.default).before_view(unsaid)
        standings = uow.overview.standings(requisition.id)
        lookers = uow.judgements.lookers(requisition.id)
        rows = []
        for entry in self.roster.entries(uow, requisition.id):
            id = entry.application_id
            looked = lookers.get(id, _NOBODY)
            hidden = seen.hides(id) if entry.digest else None
            person = _Personal(hidden, seen.own.get(id), len(looked), actor.id in looked)
            rows.append(maker.row(entry, standings.get(id), person))
        return tuple(sorted(rows, key=_rank))


def narrowed(
    uow: UnitOfWork, rows: Sequence[PipelineRow], id: RequisitionId, asked: PipelineFilter
) -> tuple[PipelineRow, ...]:
    """Keep the rows of a requisition that ``asked`` holds for, its full-text part included."""
    kept = tuple(filter(asked.test(), rows))
    if not asked.words or not kept:
        return kept
    found = found_in(uow, id, asked.words)
    return tuple(row for row in kept if row.application_id in found)


def neighbours(
    rows: Sequence[PipelineRow], id: ApplicationId
) -> tuple[ApplicationId | None, ApplicationId | None]:
    """Find the applications just before and just after ``id``; none where it is not in ``rows``."""
    order = [row.application_id for row in rows]
    if id not in order:
        return None, None
    place = order.index(id)
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    return before, after


class _Personal(NamedTuple):
    """What differs from person to person about one application."""

    hidden: Hidden | None
    own: OwnView | None
    looks: int
    looked: bool


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes rows under one policy at one time."""

    policy: TenantPolicy
    now: datetime

    def row(
        self, entry: Entry, standing: ProposalStanding | None, person: _Personal
    ) -> PipelineRow:
        digest = entry.digest
        # All that hangs on the score is taken from here, and it is not here for who may not see.
        shown = digest if person.hidden is None else None
        reasons = self._reasons(digest, shown)
        return PipelineRow(
            application_id=entry.application_id,
            person_id=entry.person_id,
            name=entry.name,
            known=entry.known,
            stage=entry.stage,
            applied_at=entry.since,
            days_waiting=(self.now - entry.since).days if entry.since else None,
            state=_state(digest, shown, standing),
            score=shown.score if shown else None,
            score_before=shown.score_before if shown else None,
            confidence=shown.confidence if shown else None,
            parse_health=digest.parse_health if digest else None,
            verdicts=shown.verdicts if shown else {},
            standings=shown.standings if shown else {},
            required_met=shown.required_met if shown else 0,
            required_total=shown.required_total if shown else 0,
            suggestion=suggest(shown.score, self.policy.thresholds) if shown else None,
            close_call=Eyes.CLOSE_CALL in reasons,
            ungraded=shown.ungraded if shown else "",
            flags=digest.flag_names if digest else (),
            proposal_id=standing.proposal_id if standing else None,
            icims_url=entry.icims_url,
            hidden=person.hidden,
            own_view=person.own.leaning if person.own else None,
            looks=person.looks,
            looked=person.looked,
            reasons=reasons,
        )

    def _reasons(self, digest: Digest | None, shown: Digest | None) -> tuple[Eyes, ...]:
        if shown is None:
            return (Eyes.FLAGGED,) if digest and is_flagged(digest.flags) else ()
        return eyes(shown.score, shown.confidence, shown.parse_health, shown.flags, self.policy)


def _rank(row: PipelineRow) -> tuple[float, int, str]:
    value = row.score.value if row.score else 50.0
    return -value, -(row.days_waiting or 0), row.application_id


def _state(
    digest: Digest | None, shown: Digest | None, standing: ProposalStanding | None
) -> WorkState:
    match standing and standing.state:
        case ProposalState.APPROVED if standing:
            return _written(standing.writes)
        case ProposalState.REFUSED:
            return WorkState.REFUSED
        case ProposalState.OPEN:
            return WorkState.PROPOSED
    if digest is None:
        return WorkState.NEW
    # That a document could not be graded is part of what is hidden.
    return WorkState.UNGRADED if shown and shown.score is None else WorkState.ASSESSED


def _written(writes: Sequence[OutboxState]) -> WorkState:
    if _IN_TROUBLE & set(writes):
        return WorkState.NEEDS_ATTENTION
    if all(state is OutboxState.CANCELLED for state in writes):
        return WorkState.ASSESSED
    done = all(state is OutboxState.DONE for state in writes)
    return WorkState.WRITTEN if done else WorkState.APPROVED
