"""The one door from screens to services: what they may ask, and where the answers come from.

The protocols say what screens use, so that the same pages run on the real services and on the
in-memory twin of the tests.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import streamlit as st

from core.domain.actor import Actor, Session
from core.domain.criteria import Criteria, Criterion, CriterionConcern
from core.domain.ids import ApplicationId, ContentHash, ProposalId, RequisitionId, SessionId
from core.domain.views import (
    ApplicationView,
    AuditPage,
    ConnectionView,
    CriteriaView,
    Me,
    PipelineView,
    Progress,
    ProposalView,
    RequisitionCard,
    TrailLine,
    Verification,
)


class SignedIn(Protocol):
    """An opened session."""

    @property
    def session(self) -> Session: ...


class SignIn(Protocol):
    """Sessions and passwords."""

    def verify(self, username: str, password: str, address: str, /) -> SignedIn: ...
    def resume(self, session_id: SessionId, /) -> Actor: ...
    def end(self, session_id: SessionId, /) -> None: ...
    def change_password(self, actor: Actor, old: str, new: str, /) -> SignedIn: ...
    def me(self, actor: Actor, /) -> Me: ...


class Requisitions(Protocol):
    """The jobs of the signed-in person."""

    def list(self, actor: Actor, /) -> tuple[RequisitionCard, ...]: ...
    def refresh(self, actor: Actor, requisition_id: RequisitionId, /) -> None: ...


class Pipeline(Protocol):
    """The ranked applications of a job."""

    def open(self, actor: Actor, requisition_id: RequisitionId, /) -> PipelineView: ...
    def progress(self, actor: Actor, requisition_id: RequisitionId, /) -> Progress | None: ...
    def reading_names(self, actor: Actor, requisition_id: RequisitionId) -> bool: ...
    def cancel(self, actor: Actor, requisition_id: RequisitionId, /) -> int: ...


class Screening(Protocol):
    """Scoring in the background."""

    def start(self, actor: Actor, requisition_id: RequisitionId, /) -> int: ...


class Review(Protocol):
    """One application."""

    def application(self, actor: Actor, application_id: ApplicationId, /) -> ApplicationView: ...
    def file(self, actor: Actor, application_id: ApplicationId, /) -> tuple[str, bytes]: ...


class CriteriaDesk(Protocol):
    """Drafting and freezing criteria."""

    def open(self, actor: Actor, requisition_id: RequisitionId, /) -> CriteriaView: ...
    def save(
        self, actor: Actor, requisition_id: RequisitionId, criteria: tuple[Criterion, ...], /
    ) -> CriteriaView: ...
    def lint(self, actor: Actor, text: str, /) -> tuple[CriterionConcern, ...]: ...
    def freeze(self, actor: Actor, requisition_id: RequisitionId, version: int, /) -> Criteria: ...


class Approvals(Protocol):
    """Proposals waiting for a person."""

    def tray(self, actor: Actor, /) -> tuple[ProposalView, ...]: ...
    def approve(
        self, actor: Actor, proposal_id: ProposalId, hash_seen: ContentHash, /
    ) -> ProposalView: ...
    def refuse(self, actor: Actor, proposal_id: ProposalId, reason: str, /) -> ProposalView: ...
    def undo(self, actor: Actor, proposal_id: ProposalId, /) -> ProposalView: ...


class Audit(Protocol):
    """The log."""

    def page(
        self,
        actor: Actor,
        *,
        before: int | None,
        limit: int,
        subject: str = "",
        who: str = "",
        action: str = "",
    ) -> AuditPage: ...
    def of_application(
        self, actor: Actor, application_id: ApplicationId, /
    ) -> tuple[TrailLine, ...]: ...
    def verify(self, actor: Actor, /) -> Verification: ...
    def export(self, actor: Actor, /) -> Iterator[str]: ...


class Connection(Protocol):
    """The link to iCIMS."""

    def view(self, actor: Actor, /) -> ConnectionView: ...


class App(Protocol):
    """Everything a screen may ask, and what the sign-in screen needs to know."""

    @property
    def sign_in(self) -> SignIn: ...
    @property
    def requisitions(self) -> Requisitions: ...
    @property
    def pipeline(self) -> Pipeline: ...
    @property
    def screening(self) -> Screening: ...
    @property
    def review(self) -> Review: ...
    @property
    def criteria(self) -> CriteriaDesk: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def connection(self) -> Connection: ...
    @property
    def cookie_key(self) -> str: ...
    @property
    def demo(self) -> bool: ...
    @property
    def demo_sign_ins(self) -> Sequence[Mapping[str, str]]: ...


_stand_in: App | None = None


def provide(app: App | None) -> None:
    """Put ``app`` in the place of the real one, in this process; None takes it away again.

    Only code that runs in the server can call this: no request, setting or variable reaches it.
    """
    global _stand_in
    _stand_in = app


def the_app() -> App:
    """Return the running application."""
    return _stand_in or _built()


@st.cache_resource(show_spinner="Starting …")
def _built() -> App:
    """Wire the application once per process.

    Most of a re-run's cost is collecting garbage among objects that live for ever; freezing them
    once takes a 500-row page from 38 to 6 ms.
    """
    from core.bootstrap import get_app

    app: App = get_app()
    gc.collect()
    gc.freeze()
    return app
