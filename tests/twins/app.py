"""A whole App in memory: the same screens, no database, no worker, no iCIMS.

Sign-in is the real service on in-memory accounts. ``TwinApp(state)`` knows three states: "full",
"empty" and "failing" (iCIMS unreachable, quota used up, log altered).
"""

import json
from collections.abc import Iterator
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
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    PersonId,
    ProposalId,
    RequisitionId,
    UserId,
)
from core.domain.views import (
    ApplicationView,
    AuditPage,
    ConnectionView,
    CriteriaView,
    PipelineRow,
    PipelineView,
    Progress,
    ProposalView,
    RequisitionCard,
    TrailLine,
    Verification,
    WorkState,
    WriteLine,
)
from core.errors import AtsUnavailable, ContentChanged, NotFound
from core.ports import Account
from core.services.sign_in import SignIn, SignInPolicy, _hash
from tests.twins import people
from tests.twins.accounts import AccountsUnit

PASSWORD = "a password for the twin"
_ROLES = {
    "rosa": ("Rosa Field", Role.RECRUITER),
    "henry": ("Henry Marsh", Role.HIRING_MANAGER),
    "carla": ("Carla Stone", Role.COMPLIANCE),
    "adam": ("Adam Brook", Role.ADMIN),
}


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class _Ids:
    def new(self) -> str:
        return token_hex(8)


class TwinApp:
    """All services in one object; every screen's question is answered from ``people``."""

    def __init__(self, state: str = "full") -> None:
        self.state = state
        self.demo = True
        self.cookie_key = "a key for tests only, 32 bytes or more"
        self.sign_in = _sign_in()
        self.requisitions = self
        self.pipeline = _Pipeline(self)
        self.screening = _Screening(self)
        self.review = _Review(self)
        self.criteria = _Criteria(self)
        self.approvals = _Approvals(self)
        self.audit = _Audit(self)
        self.connection = _Connection(self)
        self.decided: dict[ProposalId, ProposalView] = {}
        self.scoring: Progress | None = None
        self.calls: list[str] = []
        self.shift_scores = 0

    @property
    def demo_sign_ins(self) -> list[dict[str, str]]:
        return [
            {"username": who, "password": PASSWORD, "name": name, "role": role.value}
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
                proposals_open=waiting,
                criteria_frozen=new < applications,
                progress=Progress(118, 212, 3, 140.0) if number == 1 else None,
            )
            for number, (job, applications, new, waiting) in enumerate(people.JOBS)
        )

    def refresh(self, actor: Actor, requisition_id: RequisitionId) -> None:
        self.calls.append(f"refresh {requisition_id}")

    def rows(self) -> tuple[PipelineRow, ...]:
        return () if self.state == "empty" else people.rows(self.shift_scores)


def _sign_in() -> SignIn:
    store = AccountsUnit()
    for who, (name, role) in _ROLES.items():
        store.accounts.put(
            Account(
                id=UserId(f"u-{who}"),
                tenant=people.TENANT,
                username=who,
                display_name=name,
                email=f"{who}@example.com",
                password_hash=_hash(PASSWORD, 4),
                roles=frozenset({role}),
                icims_person_id=PersonId(f"9{who}"),
            )
        )
    return SignIn(store, _Clock(), _Ids(), people.TENANT, SignInPolicy(cost=4))


class _Part:
    def __init__(self, app: TwinApp) -> None:
        self.app = app


class _Pipeline(_Part):
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
        )

    def progress(self, actor: Actor, requisition_id: RequisitionId) -> Progress | None:
        return self.app.scoring

    def reading_names(self, actor: Actor, requisition_id: RequisitionId) -> bool:
        return False

    def cancel(self, actor: Actor, requisition_id: RequisitionId) -> int:
        self.app.scoring = None
        return 7


class _Screening(_Part):
    def start(self, actor: Actor, requisition_id: RequisitionId) -> int:
        if self.app.state == "failing":
            raise AtsUnavailable("iCIMS did not answer")
        self.app.scoring = Progress(3, 24, 1, 64.0)
        return 20


class _Review(_Part):
    def application(self, actor: Actor, application_id: ApplicationId) -> ApplicationView:
        rows = self.app.rows()
        found = [n for n, row in enumerate(rows) if row.application_id == application_id]
        if not found:
            raise NotFound(f"application {application_id} does not exist or is not yours")
        at = found[0]
        view = people.application(rows[at], failing=self.app.state == "failing")
        return replace(
            view,
            proposals=tuple(self.app.decided.get(p.proposal.id, p) for p in view.proposals),
            previous=rows[at - 1].application_id if at else None,
            next=rows[at + 1].application_id if at + 1 < len(rows) else None,
        )

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
        )

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


class _Approvals(_Part):
    def tray(self, actor: Actor) -> tuple[ProposalView, ...]:
        waiting = [r for r in self.app.rows() if r.state is WorkState.PROPOSED][:4]
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
                undo_until=undo_until,
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
        kept = [line for line in lines if who.casefold() in line.who.casefold()]
        return AuditPage(
            lines=tuple(kept), subjects=("application:20001",) * len(kept), total=len(lines)
        )

    def of_application(self, actor: Actor, application_id: ApplicationId) -> tuple[TrailLine, ...]:
        return people.TRAIL

    def verify(self, actor: Actor) -> Verification:
        problem = "row 5 was altered" if self.app.state == "failing" else ""
        return Verification(4 if problem else 8, "ab" * 32, problem)

    def export(self, actor: Actor) -> Iterator[str]:
        for line in people.TRAIL:
            yield json.dumps({"seq": line.seq, "hash": line.hash})


class _Connection(_Part):
    def view(self, actor: Actor) -> ConnectionView:
        failing = self.app.state == "failing"
        return ConnectionView(
            api_base="https://api.icims.example",
            customer_id=people.TENANT,
            problems=(
                "Field “AI_Reasoning” is missing on the applicant workflow form.",
                "The integration user may not read the resume field. Give its login group access.",
            )
            if failing
            else (),
            checked_at=people.now(),
            quota_limit=10_000,
            quota_remaining=312 if failing else 8_164,
            quota_resets_at=people.now() + timedelta(hours=6),
            calls_today=9_688 if failing else 1_836,
        )
