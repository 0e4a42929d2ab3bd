"""Questions to a pipeline that people keep for themselves or share."""

from dataclasses import dataclass, replace

from core.domain.access import Command
from core.domain.actor import Actor
from core.domain.audit import fact_by
from core.domain.canonical import content_hash
from core.domain.filters import PipelineFilter, SavedView, encode
from core.domain.ids import RequisitionId, SavedViewId
from core.errors import InvalidInput, NotAllowed, Unknown
from core.ports import Clock, IdSource, UnitOfWorkFactory
from core.services.access import admit_signed_in, admit_to_requisition

_MOST = 40
"""Views one person keeps of one requisition."""


@dataclass(frozen=True, slots=True)
class SavedViews:
    """Keep and remove views; their owner alone may change them."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    ids: IdSource

    def save(
        self,
        actor: Actor,
        requisition: RequisitionId,
        name: str,
        asked: PipelineFilter,
        *,
        shared: bool,
    ) -> SavedView:
        """Keep ``asked`` under ``name``; the same person's view of that name is replaced.

        A search for somebody's name is left out: views are not erased with a candidate.
        Raises ``InvalidInput`` without a name and for one view too many.
        """
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_to_requisition(uow, actor, Command.SAVE_VIEW, now, requisition)
            name = _plain(name)
            own = [
                view for view in uow.saved_views.of(requisition, actor.id) if view.by == actor.id
            ]
            same = [view.id for view in own if view.name.casefold() == name.casefold()]
            if not same and len(own) >= _MOST:
                raise InvalidInput(f"You keep {_MOST} views of this job. Remove one first.")
            view = SavedView(
                id=same[0] if same else SavedViewId(self.ids.new()),
                requisition_id=requisition,
                name=name,
                asked=replace(asked, name=""),
                by=actor.id,
                shared=shared,
            )
            uow.saved_views.put(view)
            uow.audit.append(
                fact_by(
                    actor, now, "saved_view.saved", f"requisition:{requisition}",
                    view=view.id, shared=shared, filter=content_hash(encode(asked)),
                )
            )  # fmt: skip
            uow.commit()
        return view

    def remove(self, actor: Actor, id: SavedViewId) -> None:
        """Remove a view of one's own; others' shared ones can only be looked through."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            admit_signed_in(uow, actor, now)
            view, asked = uow.saved_views.get(id), Unknown("view", id)
            if view is None:
                raise asked
            admit_to_requisition(uow, actor, Command.SAVE_VIEW, now, view.requisition_id, asked)
            if view.by != actor.id:
                raise NotAllowed("Only who saved a view can remove it.") if view.shared else asked
            uow.saved_views.remove(id)
            uow.audit.append(
                fact_by(
                    actor, now, "saved_view.removed", f"requisition:{view.requisition_id}", view=id
                )
            )
            uow.commit()


def _plain(name: str) -> str:
    """Take control and direction characters out of a name and its spaces together."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
