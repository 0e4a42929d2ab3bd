"""The one door from screens to services: what they may ask, and where the answers come from.

The protocols say what screens use, so that the same pages run on the real services and on the
in-memory twin of the tests.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

import streamlit as st

from core.domain.actor import Actor, Role, Session
from core.domain.agreement import AgreementReport
from core.domain.assessment import Score, Standing
from core.domain.criteria import Criteria, Criterion, CriterionConcern
from core.domain.filters import PipelineFilter, SavedView
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    CriterionId,
    EvaluationId,
    JobId,
    ModelRunId,
    ProposalId,
    RequisitionId,
    SavedViewId,
    SessionId,
    StopId,
    TrialId,
    UserId,
)
from core.domain.judgement import Blinding, Leaning, OverrideReason
from core.domain.model_costs import Expected
from core.domain.model_log import RunFilter
from core.domain.operations import DropReason, OperationsView
from core.domain.policy import Capability, StopScope, TenantPolicy
from core.domain.prompt_views import PromptsView, SampleJob
from core.domain.views import (
    ApplicationView,
    AuditPage,
    BatchCheck,
    BatchLine,
    ComparisonView,
    ConnectionView,
    ControlsView,
    CriteriaView,
    Doer,
    Found,
    Me,
    PageView,
    PipelineView,
    Progress,
    ProposalView,
    QueueRow,
    RequisitionCard,
    RunPage,
    RunRow,
    RunView,
    TrayLine,
    UserLine,
    Verification,
)
from core.ports import Clock


class SignedIn(Protocol):
    """An opened session."""

    @property
    def session(self) -> Session: ...


class SignIn(Protocol):
    """Sessions and passwords."""

    def verify(self, username: str, password: str, address: str, /) -> SignedIn: ...
    def resume(self, session_id: SessionId, /, *, watching: bool = False) -> Actor: ...
    def end(self, session_id: SessionId, /) -> None: ...
    def federated(self, said: Mapping[str, object], address: str, /) -> SignedIn: ...
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
    def reading_names(self, actor: Actor, requisition_id: RequisitionId, /) -> bool: ...
    def cancel(self, actor: Actor, requisition_id: RequisitionId, /) -> int: ...
    def find(
        self, actor: Actor, requisition_id: RequisitionId, words: str, /
    ) -> Mapping[ApplicationId, Found]: ...
    def export(
        self, actor: Actor, requisition_id: RequisitionId, asked: PipelineFilter, /
    ) -> bytes: ...
    def save_view(
        self,
        actor: Actor,
        requisition_id: RequisitionId,
        name: str,
        asked: PipelineFilter,
        *,
        shared: bool,
    ) -> SavedView: ...
    def remove_view(self, actor: Actor, id: SavedViewId, /) -> None: ...
    def set_blinding(
        self, actor: Actor, requisition_id: RequisitionId, blinding: Blinding, /
    ) -> None: ...


class Queue(Protocol):
    """Applications that wait for a person's eyes, over all of the person's jobs."""

    def open(self, actor: Actor, /) -> tuple[QueueRow, ...]: ...


class Screening(Protocol):
    """Scoring in the background."""

    def start(self, actor: Actor, requisition_id: RequisitionId, /) -> int: ...
    def regrade(self, actor: Actor, application_id: ApplicationId, /) -> None: ...


class Review(Protocol):
    """One application, or a few side by side.

    ``application`` finds the neighbours among those that ``within`` asks for, from where it stood
    before the reader's own view where that was ``just_said``. ``opened`` is called once the
    evidence is on the screen.
    """

    def application(
        self,
        actor: Actor,
        application_id: ApplicationId,
        within: PipelineFilter = ...,
        /,
        *,
        just_said: bool = ...,
    ) -> ApplicationView: ...
    def opened(self, actor: Actor, application_id: ApplicationId, /) -> None: ...
    def file(self, actor: Actor, application_id: ApplicationId, /) -> tuple[str, bytes]: ...
    def page(self, actor: Actor, application_id: ApplicationId, number: int, /) -> PageView: ...
    def compare(
        self, actor: Actor, application_ids: Sequence[ApplicationId], /
    ) -> ComparisonView: ...


class Judging(Protocol):
    """What a person thinks: verdicts overridden, own views."""

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
    ) -> None: ...
    def preview(
        self,
        actor: Actor,
        application_id: ApplicationId,
        criterion_id: CriterionId,
        standing: Standing | None,
        /,
    ) -> Score | None: ...
    def record_view(
        self, actor: Actor, application_id: ApplicationId, leaning: Leaning, note: str = "", /
    ) -> None: ...


class CriteriaDesk(Protocol):
    """Drafting and freezing criteria."""

    def open(self, actor: Actor, requisition_id: RequisitionId, /) -> CriteriaView: ...
    def save(
        self, actor: Actor, requisition_id: RequisitionId, criteria: tuple[Criterion, ...], /
    ) -> CriteriaView: ...
    def lint(self, actor: Actor, text: str, /) -> tuple[CriterionConcern, ...]: ...
    def freeze(self, actor: Actor, requisition_id: RequisitionId, version: int, /) -> Criteria: ...
    def confirm(
        self, actor: Actor, requisition_id: RequisitionId, seen: ContentHash, /
    ) -> None: ...


class AgreementDesk(Protocol):
    """People beside the assessor."""

    def of(self, actor: Actor, id: RequisitionId, /) -> AgreementReport | None: ...


class Approvals(Protocol):
    """Proposals waiting for a person; each decision carries the hash that was on the screen.

    A batch is decided only when ``check`` leaves nothing to open; every person in it is a decision
    and an audit event of their own.
    """

    def tray(self, actor: Actor, /) -> tuple[TrayLine, ...]: ...
    def shown(self, actor: Actor, ids: Collection[ProposalId], /) -> tuple[ProposalView, ...]: ...
    def approve(
        self, actor: Actor, proposal_id: ProposalId, hash_seen: ContentHash, /
    ) -> ProposalView: ...
    def refuse(self, actor: Actor, proposal_id: ProposalId, reason: str, /) -> ProposalView: ...
    def undo(self, actor: Actor, proposal_id: ProposalId, /) -> ProposalView: ...
    def ask_change(
        self, actor: Actor, proposal_id: ProposalId, note: str, leave_out: Collection[int], /
    ) -> None: ...
    def reverse(self, actor: Actor, proposal_id: ProposalId, /) -> ProposalView: ...
    def propose_again(self, actor: Actor, proposal_id: ProposalId, /) -> ProposalView: ...
    def check(self, actor: Actor, proposals: Collection[ProposalId], /) -> BatchCheck: ...
    def approve_all(
        self, actor: Actor, seen: Mapping[ProposalId, ContentHash], /
    ) -> tuple[BatchLine, ...]: ...
    def refuse_all(
        self, actor: Actor, proposals: Collection[ProposalId], reason: str, /
    ) -> tuple[BatchLine, ...]: ...
    def undo_all(
        self, actor: Actor, proposals: Collection[ProposalId], /
    ) -> tuple[BatchLine, ...]: ...
    def undoable(self, actor: Actor, /) -> tuple[ProposalView, ...]: ...


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
    def doers(self, actor: Actor, /) -> tuple[Doer, ...]: ...
    def verify(self, actor: Actor, /) -> Verification: ...
    def export(self, actor: Actor, /) -> Iterator[str]: ...


class ModelLog(Protocol):
    """What language models were sent and answered; opening the texts of one is recorded."""

    def page(
        self, actor: Actor, wanted: RunFilter = ..., *, before: int | None = ..., limit: int = ...
    ) -> RunPage: ...
    def models(self, actor: Actor, /) -> tuple[str, ...]: ...
    def opened(self, actor: Actor, id: ModelRunId, /) -> RunView: ...
    def of(self, actor: Actor, application_id: ApplicationId, /) -> tuple[RunRow, ...]: ...
    def opened_of(
        self, actor: Actor, application_id: ApplicationId, id: ModelRunId, /
    ) -> RunView: ...
    def expected(
        self, actor: Actor, requisition_id: RequisitionId, count: int, /
    ) -> Expected | None: ...


class Connection(Protocol):
    """The link to iCIMS; ``view`` shows the last check, ``check`` makes another."""

    def view(self, actor: Actor, /) -> ConnectionView: ...
    def check(self, actor: Actor, /) -> ConnectionView: ...


class Users(Protocol):
    """Who may sign in, and as what."""

    def list(self, actor: Actor, /) -> tuple[UserLine, ...]: ...
    def add(
        self,
        actor: Actor,
        username: str,
        name: str,
        roles: frozenset[Role],
        person: str = "",
        email: str = "",
    ) -> str: ...
    def change(
        self, actor: Actor, user: UserId, roles: frozenset[Role], person: str, email: str, /
    ) -> None: ...
    def set_disabled(self, actor: Actor, user: UserId, disabled: bool, /) -> None: ...
    def reset_password(self, actor: Actor, user: UserId, /) -> str: ...
    def end_sessions(self, actor: Actor, user: UserId, /) -> int: ...
    def release(self, actor: Actor, user: UserId, /) -> None: ...


class Controls(Protocol):
    """Thresholds and stop switches."""

    def view(self, actor: Actor, /) -> ControlsView: ...
    def set_policy(self, actor: Actor, policy: TenantPolicy, /) -> None: ...
    def stop(
        self, actor: Actor, capability: Capability, scope: StopScope, where: str, reason: str, /
    ) -> None: ...
    def lift(self, actor: Actor, id: StopId, /) -> None: ...


class Prompts(Protocol):
    """Versions of instructions to AI models, by name; production is moved by two people."""

    def view(self, actor: Actor, name: str, /) -> PromptsView: ...
    def write(self, actor: Actor, name: str, text: str, note: str, /) -> str: ...
    def stage(self, actor: Actor, name: str, version: str, /) -> None: ...
    def evaluate(self, actor: Actor, name: str, version: str, /) -> None: ...
    def cancel_evaluation(self, actor: Actor, id: EvaluationId, /) -> None: ...
    def sample_jobs(self, actor: Actor, /) -> tuple[SampleJob, ...]: ...
    def try_out(
        self, actor: Actor, name: str, version: str, requisition_id: RequisitionId, /
    ) -> None: ...
    def cancel_trial(self, actor: Actor, id: TrialId, /) -> None: ...
    def ask_promotion(self, actor: Actor, name: str, version: str, reason: str, /) -> None: ...
    def confirm(self, actor: Actor, name: str, version: str, /) -> None: ...
    def withdraw(self, actor: Actor, name: str, version: str, /) -> None: ...
    def decline(self, actor: Actor, name: str, version: str, /) -> None: ...
    def roll_back(self, actor: Actor, name: str, version: str, reason: str, /) -> None: ...


class Operations(Protocol):
    """The work behind the screens: what flows, what waits, what was given up."""

    def view(self, actor: Actor, /) -> OperationsView: ...
    def replay(self, actor: Actor, ids: Collection[JobId], /) -> int: ...
    def drop(self, actor: Actor, ids: Collection[JobId], reason: DropReason, /) -> int: ...


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
    def agreement(self) -> AgreementDesk: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def model_log(self) -> ModelLog: ...
    @property
    def connection(self) -> Connection: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def judging(self) -> Judging: ...
    @property
    def users(self) -> Users: ...
    @property
    def controls(self) -> Controls: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def prompts(self) -> Prompts: ...
    @property
    def operations(self) -> Operations: ...
    @property
    def cookie_key(self) -> str: ...
    @property
    def single_sign_on(self) -> Mapping[str, str]: ...
    @property
    def password_sign_in(self) -> bool: ...
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
    """Return the running application, for a screen."""
    return _stand_in or _built()


def serving() -> App:
    """Return the running application, for what answers requests beside the screens."""
    from core.bootstrap import get_app

    return _stand_in or get_app()


@st.cache_resource(show_spinner="Starting …")
def _built() -> App:
    """Wire the application once per process."""
    from core.bootstrap import get_app

    return get_app()
