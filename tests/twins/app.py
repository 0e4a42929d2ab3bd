"""A whole App in memory: the same screens, no database, no worker, no iCIMS.

Sign-in is the real service on in-memory accounts. ``TwinApp(state)`` knows three states: "full",
"empty" and "failing" (iCIMS unreachable, quota used up, log altered).
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from core.domain.actor import Actor, Role
from core.domain.approval import OutboxState
from core.domain.criteria import (
    Criteria,
    CriteriaStatus,
    Criterion,
    CriterionConcern,
    Severity,
)
from core.domain.filters import PipelineFilter
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    PersonId,
    ProposalId,
    RequisitionId,
    UserId,
)
from core.domain.judgement import Leaning
from core.domain.posting import PostingChange
from core.domain.rows import PipelineRow, WorkState
from core.domain.views import (
    Agreement,
    ApplicationView,
    AuditPage,
    CriteriaView,
    Doer,
    PipelineView,
    Progress,
    ProposalView,
    RequisitionCard,
    TrayLine,
    Verification,
    Waiting,
    WriteLine,
)
from core.errors import AtsUnavailable, ContentChanged, Unknown
from core.ports import Account
from core.services.accounts.passwords import hash_password
from core.services.accounts.sign_in import SignIn
from core.services.accounts.sign_in_policy import SignInPolicy
from core.services.prompts import Prompts
from core.services.review.application_view import placed
from tests.twins import people
from tests.twins.accounts import AccountsUnit
from tests.twins.admin import Connection, Controls, Users
from tests.twins.agreement import AgreementDesk
from tests.twins.model_log import ModelLog
from tests.twins.operations import Operations
from tests.twins.prompts import registry
from tests.twins.workbench import (
    EVERYBODY,
    ApprovalsExtras,
    Judging,
    PipelineExtras,
    Queue,
    ReviewExtras,
    without_score,
)
from tests.twins.workbench import (
    Part as _Part,
)

PASSWORD = "a password for the twin"
_ROLES = {
    "rosa": ("Rosa Field", Role.RECRUITER),
    "henry": ("Henry Marsh", Role.HIRING_MANAGER),
    "carla": ("Carla Stone", Role.COMPLIANCE),
    "adam": ("Adam Brook", Role.ADMIN),
}


class _Clock:
    """The time, or later: ``ahead`` is what a test lets pass."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class _Ids:
    def new(self) -> str:
        return token_hex(8)


class TwinApp:
    """All services in one object; every screen's question is answered from ``people``."""

    def __init__(self, state: str = "full") -> None:
        self.state = state
        self.clock = _Clock()
        self.demo = True
        self.cookie_key = "a key for tests only, 32 bytes or more"
        self.single_sign_on: dict[str, str] = {}
        self.password_sign_in = True
        self.accounts = AccountsUnit()
        self.sign_in = _sign_in(self.accounts)
        self._registries: dict[str, Prompts] = {}
        self.requisitions = self
        self.pipeline = _Pipeline(self)
        self.screening = _Screening(self)
        self.review = _Review(self)
        self.criteria = _Criteria(self)
        self.agreement = AgreementDesk(self)
        self.approvals = _Approvals(self)
        self.audit = _Audit(self)
        self.model_log = ModelLog(self)
        self.connection = Connection(self)
        self.users = Users(self)
        self.controls = Controls(self)
        self.operations = Operations(self)
        self.queue = Queue(self)
        self.judging = Judging(self)
        self.decided: dict[ProposalId, ProposalView] = {}
        self.scoring: Progress | None = None
        self.posting_change: PostingChange | None = None
        self.calls: list[str] = []
        self.shift_scores = 0
        self.blind: set[ApplicationId] = set()
        self.own_views: dict[ApplicationId, Leaning] = {}

    @property
    def demo_sign_ins(self) -> list[dict[str, str]]:
        return [
            {"username": who, "password": PASSWORD, "name": name, "role": role.replace("_", " ")}
            for who, (name, role) in _ROLES.items()
        ]

    def list(self, actor: Actor) -> tuple[RequisitionCard, ...]:
        if self.state == "empty":
            return ()
        return tuple(
            RequisitionCard(
                requisition=job,
                fetched_at=people.now() - timedelta(minutes=4 if number < 3 else 190),
                applications=applications,
                new=new,
                assessed=applications - new,
                proposals_open=waiting if Role.RECRUITER in actor.roles else 0,
                criteria_frozen=new < applications,
                progress=Progress(118, 212, 3, 140.0) if number == 1 else None,
                unseen=(applications - new) // 3,
                expiring=2 if number == 0 and Role.RECRUITER in actor.roles else 0,
                may_decide=Role.RECRUITER in actor.roles,
                problem="iCIMS did not answer at 09:14." if self.state == "failing" else "",
            )
            for number, (job, applications, new, waiting) in enumerate(people.JOBS)
        )

    @property
    def prompts(self) -> Prompts:
        """The real registry in memory, filled as the state says."""
        if self.state not in self._registries:
            self._registries[self.state] = registry(self.accounts, self.clock, self.state)
        return self._registries[self.state]

    def refresh(self, actor: Actor, requisition_id: RequisitionId) -> None:
        self.calls.append(f"refresh {requisition_id}")

    def rows(self) -> tuple[PipelineRow, ...]:
        """All rows as this moment's reader sees them."""
        rows = () if self.state == "empty" else people.rows(self.shift_scores)
        known = (
            replace(row, own_view=self.own_views.get(row.application_id, row.own_view))
            for row in rows
        )
        return tuple(people.masked(r) if r.application_id in self.blind else r for r in known)


def _sign_in(store: AccountsUnit) -> SignIn:
    for who, (name, role) in _ROLES.items():
        store.accounts.put(
            Account(
                id=UserId(f"u-{who}"),
                tenant=people.TENANT,
                username=who,
                display_name=name,
                email=f"{who}@example.com",
                password_hash=hash_password(PASSWORD, 4),
                roles=frozenset({role}),
                icims_person_id=PersonId(f"9{who}"),
            )
        )
    return SignIn(store, _Clock(), _Ids(), people.TENANT, SignInPolicy(cost=4))


class _Pipeline(PipelineExtras):
    def open(self, actor: Actor, requisition_id: RequisitionId) -> PipelineView:
        job = people.job(requisition_id)
        return PipelineView(
            requisition=job,
            fetched_at=people.now() - timedelta(minutes=4),
            criteria=people.CRITERIA,
            rows=self.app.rows(),
            progress=self.app.scoring,
            may_screen=Role.RECRUITER in actor.roles,
            may_edit_criteria=Role.RECRUITER in actor.roles,
            problem="iCIMS did not answer at 09:14; this is what was read before."
            if self.app.state == "failing"
            else "",
            may_approve=Role.RECRUITER in actor.roles,
            blinding=self.blinding,
            agreement=Agreement(11, 14),
            saved=tuple(self.saved),
            posting_change=self.app.posting_change,
            waits=Waiting(1_240, people.now() + timedelta(hours=6))
            if self.app.state == "failing"
            else None,
        )

    def progress(self, actor: Actor, requisition_id: RequisitionId) -> Progress | None:
        return self.app.scoring

    def reading_names(self, actor: Actor, requisition_id: RequisitionId) -> bool:
        return False

    def cancel(self, actor: Actor, requisition_id: RequisitionId) -> int:
        self.app.scoring = None
        return 7


class _Screening(_Part):
    def regrade(self, actor: Actor, application_id: ApplicationId) -> None:
        self.app.calls.append(f"regrade {application_id}")

    def start(self, actor: Actor, requisition_id: RequisitionId) -> int:
        if self.app.state == "failing":
            raise AtsUnavailable("iCIMS did not answer")
        self.app.scoring = Progress(3, 24, 1, 64.0)
        return 20


class _Review(ReviewExtras):
    def application(
        self,
        actor: Actor,
        application_id: ApplicationId,
        within: PipelineFilter = EVERYBODY,
        *,
        just_said: bool = False,
    ) -> ApplicationView:
        if just_said:
            self.app.calls.append(f"in place {application_id}")
        rows = self.app.rows()
        found = [n for n, row in enumerate(rows) if row.application_id == application_id]
        if not found:
            raise Unknown("application", application_id)
        at = found[0]
        failing = self.app.state == "failing"
        view = people.application(rows[at], failing=failing)
        if rows[at].hidden:
            view = without_score(people.application(people.rows()[at], failing=failing), rows[at])
        shown = replace(
            view,
            proposals=tuple(self.app.decided.get(p.proposal.id, p) for p in view.proposals),
            may_decide=Role.RECRUITER in actor.roles,
        )
        return placed(shown, rows, {row.application_id for row in rows if within.holds(row)})

    def file(self, actor: Actor, application_id: ApplicationId) -> tuple[str, bytes]:
        return "resume.txt", b"resume"


class _Criteria(_Part):
    def __init__(self, app: TwinApp) -> None:
        super().__init__(app)
        self.draft = replace(
            people.CRITERIA, version=2, status=CriteriaStatus.DRAFT, frozen_at=None, frozen_by=None
        )

    def open(self, actor: Actor, requisition_id: RequisitionId) -> CriteriaView:
        return CriteriaView(
            requisition=people.job(requisition_id),
            criteria=self.draft,
            frozen=people.CRITERIA,
            concerns=tuple(c for item in self.draft.criteria for c in self.lint(actor, item.label)),
            may_edit=Role.RECRUITER in actor.roles,
            posting_change=self.app.posting_change,
        )

    def confirm(self, actor: Actor, requisition_id: RequisitionId, seen: ContentHash) -> None:
        self.app.calls.append(f"still right {requisition_id}")
        self.app.posting_change = None

    def save(
        self, actor: Actor, requisition_id: RequisitionId, criteria: tuple[Criterion, ...]
    ) -> CriteriaView:
        self.draft = replace(self.draft, version=self.draft.version + 1, criteria=criteria)
        return self.open(actor, requisition_id)

    def lint(self, actor: Actor, text: str) -> tuple[CriterionConcern, ...]:
        words = {
            "young": (Severity.BLOCK, "This asks for an age, which is protected.", "Age"),
            "native": (Severity.WARN, "Ask for the level the work needs.", "National origin"),
        }
        return tuple(
            CriterionConcern(severity, word, message, rule, "Example source, 2026")
            for word, (severity, message, rule) in words.items()
            if word in text.casefold()
        )

    def freeze(self, actor: Actor, requisition_id: RequisitionId, version: int) -> Criteria:
        self.draft = self.draft.freeze(actor.id, people.now())
        return self.draft


class _Approvals(ApprovalsExtras):
    def tray(self, actor: Actor) -> tuple[TrayLine, ...]:
        return tuple(people.tray_line(view) for view in self._waiting())

    def shown(self, actor: Actor, ids: Collection[ProposalId]) -> tuple[ProposalView, ...]:
        views = {view.proposal.id: view for view in self._waiting()}
        return tuple(views[id] for id in ids if id in views)

    def _waiting(self) -> tuple[ProposalView, ...]:
        waiting = [row for row in self.app.rows() if row.state is WorkState.PROPOSED]
        views = [people.proposal(row) for row in waiting]
        return tuple(v for v in views if v.proposal.id not in self.app.decided)

    def approve(
        self, actor: Actor, proposal_id: ProposalId, hash_seen: ContentHash
    ) -> ProposalView:
        view = self._view(proposal_id)
        if hash_seen != view.hash:
            raise ContentChanged("the proposal changed since you were shown it; look at it again")
        undo_until = people.now() + timedelta(seconds=30)
        return self._keep(
            replace(
                view,
                approved_by="Rosa Field",
                own=True,
                undo_until=undo_until,
                can_undo=True,
                writes=(
                    WriteLine(
                        OutboxState.WAITING, undo_until, "Waiting for the undo window to end"
                    ),
                ),
            )
        )

    def refuse(self, actor: Actor, proposal_id: ProposalId, reason: str) -> ProposalView:
        return self._keep(replace(self._view(proposal_id), refused_reason=reason or "none given"))

    def undo(self, actor: Actor, proposal_id: ProposalId) -> ProposalView:
        del self.app.decided[proposal_id]
        return self._view(proposal_id)

    def _view(self, id: ProposalId) -> ProposalView:
        rows = (row for row in self.app.rows() if row.proposal_id == id)
        return people.proposal(next(rows))

    def _keep(self, view: ProposalView) -> ProposalView:
        self.app.decided[view.proposal.id] = view
        return view


class _Audit(_Part):
    def page(
        self,
        actor: Actor,
        *,
        before: int | None,
        limit: int,
        subject: str = "",
        who: str = "",
        action: str = "",
    ) -> AuditPage:
        lines = () if self.app.state == "empty" else tuple(reversed(people.TRAIL))
        about = subject in ("", "application:20001")
        kept = [line for line in lines if about and who in ("", people.DOERS.get(line.who))]
        return AuditPage(
            lines=tuple(kept), subjects=("Application 20001",) * len(kept), total=len(lines)
        )

    def doers(self, actor: Actor) -> tuple[Doer, ...]:
        if self.app.state == "empty":
            return ()
        return tuple(Doer(id, people.LABELS.get(id, name)) for name, id in people.DOERS.items())

    def verify(self, actor: Actor) -> Verification:
        problem = "row 5 was altered" if self.app.state == "failing" else ""
        return Verification(4 if problem else 8, "ab" * 32, problem)

    def export(self, actor: Actor) -> Iterator[str]:
        for line in people.TRAIL:
            yield json.dumps({"seq": line.seq, "hash": line.hash})
