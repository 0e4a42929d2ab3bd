"""What a requisition asks for: drafted, edited by the recruiter, checked, frozen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.access import Command, may
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.criteria import (
    Criteria,
    CriteriaStatus,
    Criterion,
    CriterionConcern,
    Severity,
)
from core.domain.ids import ContentHash, RequisitionId, UserId
from core.domain.posting import Fit, PostingChange, change_since, posting_of
from core.domain.records import Requisition
from core.domain.views import CriteriaView
from core.errors import ContentChanged, CriteriaRefused, NotFound
from core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_requisition
from core.services.scoring.baseline import gather_request

Draft = Callable[[Requisition, datetime, UserId], Criteria]
Lint = Callable[[str], tuple[CriterionConcern, ...]]

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class CriteriaDesk:
    """The criteria of a requisition, for those who may see or edit them."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    draft: Draft
    check: Lint

    def open(self, actor: Actor, id: RequisitionId) -> CriteriaView:
        """Show the newest version; where there is none, a draft from the posting, not yet kept.

        Who may not edit them is shown those in use, if any are.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.SEE_REQUISITION, now, id)
            if not may(actor, Command.EDIT_CRITERIA, requisition):
                return self._read(uow, actor, requisition, now)
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
        fit = Fit(posting=posting_of(requisition), at=now, by=actor.id)
        uow.criteria.put_fit(requisition.id, fit)
        uow.audit.append(
            fact_by(
                actor, now, "criteria.frozen", f"requisition:{frozen.requisition_id}",
                version=frozen.version, hash=frozen.hash,
            )
        )  # fmt: skip
        uow.jobs.enqueue(gather_request(requisition), now)
        uow.commit()
        return frozen

    def confirm(self, actor: Actor, id: RequisitionId, seen: ContentHash) -> None:
        """Record that the frozen criteria still fit the posting whose change was ``seen``.

        Raises ``ContentChanged`` when it has changed again since. Nothing is scored anew.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            requisition = admit_to_requisition(uow, actor, Command.EDIT_CRITERIA, now, id)
            posting, frozen = posting_of(requisition), uow.criteria.frozen(id)
            if frozen is None or content_hash(posting) != seen:
                raise ContentChanged("The posting has changed again. Please look once more.")
            uow.criteria.put_fit(id, Fit(posting=posting, at=now, by=actor.id))
            uow.audit.append(
                fact_by(
                    actor, now, "criteria.confirmed", f"requisition:{id}",
                    version=frozen.version, posting=seen,
                )
            )  # fmt: skip
            uow.commit()

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
            criteria=tuple(map(_named, criteria)),
            status=CriteriaStatus.DRAFT,
            author=actor.id,
            created_at=now,
        )

    def _read(
        self, uow: UnitOfWork, actor: Actor, requisition: Requisition, now: datetime
    ) -> CriteriaView:
        frozen = uow.criteria.frozen(requisition.id)
        shown = frozen or uow.criteria.latest(requisition.id)
        return CriteriaView(
            requisition=requisition,
            criteria=shown or self.draft(requisition, now, actor.id),
            frozen=frozen,
            concerns=(),
        )

    def _view(self, uow: UnitOfWork, requisition: Requisition, criteria: Criteria) -> CriteriaView:
        return CriteriaView(
            requisition=requisition,
            criteria=criteria,
            frozen=uow.criteria.frozen(requisition.id),
            concerns=self._concerns(criteria),
            may_edit=True,
            posting_change=posting_change(uow, requisition),
        )

    def _concerns(self, criteria: Criteria) -> tuple[CriterionConcern, ...]:
        wordings = dict.fromkeys(
            text for c in criteria.criteria for text in (c.label, *c.terms) if text
        )
        return tuple(concern for text in wordings for concern in self.check(text))


def _named(criterion: Criterion) -> Criterion:
    """Give a criterion the name that a reader would see; raises ``CriteriaRefused``."""
    label = " ".join(criterion.label.split())
    if len(label) > _LONGEST_NAME:
        raise CriteriaRefused(f"Keep the name “{label[:40]}…” under {_LONGEST_NAME} characters.")
    return replace(criterion, label=label)


def posting_change(uow: UnitOfWork, requisition: Requisition) -> PostingChange | None:
    """Say how the posting differs from what the criteria in use were held against."""
    if uow.criteria.frozen(requisition.id) is None:
        return None
    return change_since(uow.criteria.fit(requisition.id), posting_of(requisition))


def criteria_versions(uow: UnitOfWork, id: RequisitionId) -> dict[int, Criteria]:
    """Map version numbers to a requisition's criteria, as far as any were kept."""
    latest = uow.criteria.latest(id)
    found = (
        uow.criteria.version(id, number) for number in range(1, latest.version + 1 if latest else 1)
    )
    return {criteria.version: criteria for criteria in found if criteria}
