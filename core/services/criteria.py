"""What a requisition asks for: drafted, edited by the recruiter, checked, frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.criteria import (
    Criteria,
    CriteriaStatus,
    Criterion,
    CriterionConcern,
    Severity,
)
from core.domain.ids import RequisitionId, UserId
from core.domain.records import Requisition
from core.domain.views import CriteriaView
from core.errors import CriteriaRefused, NotFound
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_requisition
from core.services.baseline import gather_request

Draft = Callable[[Requisition, datetime, UserId], Criteria]
Lint = Callable[[str], tuple[CriterionConcern, ...]]


@dataclass(frozen=True, slots=True)
class CriteriaDesk:
    """The criteria of a requisition, for those who may see or edit them."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    draft: Draft
    check: Lint

    def open(self, actor: Actor, id: RequisitionId) -> CriteriaView:
        """Show the newest version; where there is none, a draft from the posting, not yet kept."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            criteria = uow.criteria.latest(id) or self.draft(requisition, now, actor.id)
            return self._view(uow, requisition, criteria)

    def lint(self, actor: Actor, text: str) -> tuple[CriterionConcern, ...]:
        """Check a wording while it is typed; stores nothing."""
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, self.clock.now())
        return self.check(text)

    def save(
        self, actor: Actor, id: RequisitionId, criteria: tuple[Criterion, ...]
    ) -> CriteriaView:
        """Keep an edited list as a new draft version; scores under older versions stay."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.EDIT_CRITERIA, now, id)
            draft = self._next_draft(uow, actor, requisition, criteria, now)
            uow.criteria.put(draft)
            uow.audit.append(
                fact_by(
                    actor, now, "criteria.saved", f"requisition:{id}",
                    version=draft.version, hash=draft.hash, count=len(criteria),
                )
            )  # fmt: skip
            uow.commit()
            return self._view(uow, requisition, draft)

    def freeze(self, actor: Actor, id: RequisitionId, version: int) -> Criteria:
        """Close draft ``version`` for scoring; blocked while it names a protected trait.

        Raises ``CriteriaRefused`` with the wording at fault, ``NotFound`` for another version.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.EDIT_CRITERIA, now, id)
            draft = uow.criteria.version(id, version)
            if draft is None and version == 1:
                draft = self.draft(requisition, now, actor.id)
            if draft is None:
                raise NotFound(f"version {version} of these criteria does not exist")
            return self.freeze_draft(uow, actor, requisition, draft, now)

    def freeze_draft(
        self,
        uow: UnitOfWork,
        actor: Actor,
        requisition: Requisition,
        draft: Criteria,
        now: datetime,
    ) -> Criteria:
        """Freeze, record and commit ``draft``; the actor has been admitted by the caller."""
        for concern in self._concerns(draft):
            if concern.severity is Severity.BLOCK:
                raise CriteriaRefused(f"“{concern.phrase}” cannot count: {concern.message}")
        frozen = draft.freeze(actor.id, now)
        uow.criteria.put(frozen)
        uow.audit.append(
            fact_by(
                actor, now, "criteria.frozen", f"requisition:{frozen.requisition_id}",
                version=frozen.version, hash=frozen.hash,
            )
        )  # fmt: skip
        uow.jobs.enqueue(gather_request(requisition), now)
        uow.commit()
        return frozen

    def _next_draft(
        self,
        uow: UnitOfWork,
        actor: Actor,
        requisition: Requisition,
        criteria: tuple[Criterion, ...],
        now: datetime,
    ) -> Criteria:
        latest = uow.criteria.latest(requisition.id)
        return Criteria(
            tenant=requisition.tenant,
            requisition_id=requisition.id,
            version=latest.version + 1 if latest else 1,
            criteria=criteria,
            status=CriteriaStatus.DRAFT,
            author=actor.id,
            created_at=now,
        )

    def _view(self, uow: UnitOfWork, requisition: Requisition, criteria: Criteria) -> CriteriaView:
        return CriteriaView(
            requisition=requisition,
            criteria=criteria,
            frozen=uow.criteria.frozen(requisition.id),
            concerns=self._concerns(criteria),
        )

    def _concerns(self, criteria: Criteria) -> tuple[CriterionConcern, ...]:
        wordings = dict.fromkeys(
            text for c in criteria.criteria for text in (c.label, *c.terms) if text
        )
        return tuple(concern for text in wordings for concern in self.check(text))


def criteria_versions(uow: UnitOfWork, id: RequisitionId) -> dict[int, Criteria]:
    """Map version numbers to a requisition's criteria, as far as any were kept."""
    latest = uow.criteria.latest(id)
    found = (
        uow.criteria.version(id, number) for number in range(1, latest.version + 1 if latest else 1)
    )
    return {criteria.version: criteria for criteria in found if criteria}
