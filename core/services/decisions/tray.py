"""What the tray's lines need of open proposals, kept open between two looks at it."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from core.domain.actor import Actor
from core.domain.ids import ApplicationId, AssessmentId, ProposalId, RequisitionId
from core.domain.proposal import Proposal, record_basis
from core.ports import CachedApplication, Stamp, UnitOfWork
from core.services.wording import change_line, few_words

_MOST = 20_000
"""Sketches kept in a process, about a kilobyte each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """An open proposal without its texts; ``moved`` says that its record has changed since."""

    id: ProposalId
    requisition_id: RequisitionId
    application_id: ApplicationId
    assessment_id: AssessmentId | None
    reverses: ProposalId | None
    candidate: str
    what: str
    made_by: Actor
    made_at: datetime
    expires_at: datetime
    moved: bool


_Page = Mapping[ProposalId, tuple[Stamp, Sketch]]


@dataclass(slots=True)
class Tray:
    """Sketches of one tenant's open proposals, least recently used requisitions forgotten first.

    A proposal never changes; what it is about does, and then its stamp. Ask only in a unit of
    work that has written nothing: what is rolled back must not stay here.
    """

    most: int = _MOST
    _pages: OrderedDict[RequisitionId, _Page] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def sketches(self, uow: UnitOfWork, requisition: RequisitionId) -> tuple[Sketch, ...]:
        """Give the open proposals of a requisition, oldest first."""
        open_ids = uow.proposals.open_ids(requisition)
        if not open_ids:
            return ()
        stamps = uow.overview.stamps(requisition)
        with self._lock:
            before = self._pages.get(requisition, {})
        wanted = {id: stamps[of] for id, of in open_ids.items() if of in stamps}
        changed = [id for id, stamp in wanted.items() if before.get(id, (None,))[0] != stamp]
        loaded = _load(uow, changed) if changed else {}
        page = {
            id: (stamp, sketch)
            for id, stamp in wanted.items()
            if (sketch := loaded.get(id) or _kept(before, id, stamp))
        }
        self._keep(requisition, page)
        return tuple(sketch for _, sketch in page.values())

    def _keep(self, requisition: RequisitionId, page: _Page) -> None:
        with self._lock:
            self._pages[requisition] = page
            self._pages.move_to_end(requisition)
            while len(self._pages) > 1 and sum(map(len, self._pages.values())) > self.most:
                self._pages.popitem(last=False)


def _kept(before: _Page, id: ProposalId, stamp: Stamp) -> Sketch | None:
    kept = before.get(id)
    return kept[1] if kept is not None and kept[0] == stamp else None


def _load(uow: UnitOfWork, ids: Collection[ProposalId]) -> dict[ProposalId, Sketch]:
    proposals = uow.proposals.among(ids)
    records = uow.applications.among({proposal.application_id for proposal in proposals})
    by_id = {record.application.id: record for record in records}
    return {each.id: _sketch(each, by_id.get(each.application_id)) for each in proposals}


def _sketch(proposal: Proposal, record: CachedApplication | None) -> Sketch:
    return Sketch(
        id=proposal.id,
        requisition_id=proposal.requisition_id,
        application_id=proposal.application_id,
        assessment_id=proposal.assessment_id,
        reverses=proposal.reverses,
        candidate=record.candidate.name if record and record.candidate else "",
        what=few_words([change_line(change) for change in proposal.changes]),
        made_by=proposal.made_by,
        made_at=proposal.made_at,
        expires_at=proposal.expires_at,
        moved=record is not None and has_moved(proposal, record),
    )


def has_moved(proposal: Proposal, record: CachedApplication) -> bool:
    """Say whether what a proposal rests on has changed in iCIMS since it was made."""
    return record_basis(record.application, proposal.changes) != proposal.basis
