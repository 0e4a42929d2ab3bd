"""The in-memory App's answers for administrators: users, thresholds and stops, the connection."""

from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from core.domain.actor import Actor, Role
from core.domain.ids import PersonId, StopId, UserId
from core.domain.policy import Capability, Stop, StopScope, TenantPolicy
from core.domain.views import (
    ConnectionView,
    ControlsView,
    FieldLine,
    FieldState,
    StopLine,
    UserLine,
    Waiting,
)
from core.errors import InvalidInput, StoreUnavailable
from tests.twins import people

FIRST_PASSWORD = "first-password-1"
_RECRUITER = frozenset({Role.RECRUITER})


class State(Protocol):
    """What the parts ask the App: full, empty or failing."""

    state: str


def _line(username: str, name: str, roles: frozenset[Role], **more: object) -> UserLine:
    line = UserLine(
        user_id=UserId(f"u-{username}"),
        username=username,
        display_name=name,
        email=f"{username}@example.com",
        roles=roles,
        icims_person_id=None,
        disabled=False,
        must_change_password=False,
        single_sign_on=False,
        sessions=0,
        last_seen_at=None,
        jobs=0,
    )
    # dataclasses.replace checks the names itself.
    return replace(line, **more)  # type: ignore[arg-type]


def _everybody() -> tuple[UserLine, ...]:
    now = people.now()
    return (
        _line("adam", "Adam Brook", frozenset({Role.ADMIN}), sessions=1, last_seen_at=now),
        _line(
            "carla", "Carla Stone", frozenset({Role.COMPLIANCE}), single_sign_on=True,
            last_seen_at=now - timedelta(days=3),
        ),
        _line(
            "henry", "Henry Marsh", frozenset({Role.HIRING_MANAGER}), jobs=2, sessions=2,
            icims_person_id=PersonId("103"), last_seen_at=now - timedelta(minutes=12),
        ),
        _line(
            "ivy", "Ivy Chen", _RECRUITER, jobs=4, icims_person_id=PersonId("109"), braked=True,
            last_seen_at=now - timedelta(hours=20),
        ),
        _line("luis", "Luis Ortega", _RECRUITER, icims_person_id=PersonId("771")),
        _line(
            "nora", "Nora Weiss", _RECRUITER, jobs=1, icims_person_id=PersonId("112"),
            must_change_password=True,
        ),
        _line(
            "owen", "Owen Pike", _RECRUITER, jobs=3, icims_person_id=PersonId("104"),
            disabled=True, last_seen_at=now - timedelta(days=90),
        ),
        _line(
            "rosa", "Rosa Field", _RECRUITER | {Role.HIRING_MANAGER}, jobs=6, sessions=1,
            icims_person_id=PersonId("101"), last_seen_at=now - timedelta(minutes=2),
        ),
        _line("zed", people.HOSTILE, _RECRUITER, jobs=1, icims_person_id=PersonId("113")),
    )  # fmt: skip


class Users:
    """Accounts in a dictionary; ``deeds`` says what was done."""

    def __init__(self, app: State) -> None:
        self.app = app
        self.lines = {line.user_id: line for line in _everybody()}
        self.deeds: list[str] = []

    def list(self, actor: Actor) -> tuple[UserLine, ...]:
        if self.app.state == "empty":
            return (self.lines[UserId("u-adam")],)
        return tuple(self.lines.values())

    def add(
        self,
        actor: Actor,
        username: str,
        name: str,
        roles: frozenset[Role],
        person: str = "",
        email: str = "",
    ) -> str:
        if self.app.state == "failing":
            raise StoreUnavailable("the database did not answer")
        if not username or not name or not roles:
            raise InvalidInput("A user needs a user name, a display name and at least one role.")
        id = PersonId(person) if person else None
        added = _line(username, name, roles, icims_person_id=id, must_change_password=True)
        self._keep(f"add {username}", added)
        return FIRST_PASSWORD

    def change(
        self, actor: Actor, user: UserId, roles: frozenset[Role], person: str, email: str
    ) -> None:
        if Role.COMPLIANCE in roles and len(roles) > 1:
            raise InvalidInput("Compliance goes with no other role.")
        id = PersonId(person) if person else None
        changed = replace(self.lines[user], roles=roles, icims_person_id=id, email=email)
        self._keep(f"change {user}", changed)

    def set_disabled(self, actor: Actor, user: UserId, disabled: bool) -> None:
        deed = "disable" if disabled else "enable"
        self._keep(f"{deed} {user}", replace(self.lines[user], disabled=disabled, sessions=0))

    def reset_password(self, actor: Actor, user: UserId) -> str:
        self._keep(f"reset {user}", replace(self.lines[user], must_change_password=True))
        return FIRST_PASSWORD

    def end_sessions(self, actor: Actor, user: UserId) -> int:
        ended = self.lines[user].sessions
        self._keep(f"end {user}", replace(self.lines[user], sessions=0))
        return ended

    def release(self, actor: Actor, user: UserId) -> None:
        self._keep(f"release {user}", replace(self.lines[user], braked=False))

    def _keep(self, deed: str, line: UserLine) -> None:
        self.deeds.append(deed)
        self.lines[line.user_id] = line


class Controls:
    """A policy and a few stops; in the empty state nothing is stopped and no job is open."""

    def __init__(self, app: State) -> None:
        self.app = app
        self.policy = TenantPolicy()
        at = people.now() - timedelta(days=3, hours=2)
        self.stops = [
            _stop("1", Capability.WRITING, StopScope.JURISDICTION, "US / IL", at),
            _stop("2", Capability.SCREENING, StopScope.REQUISITION, people.JOBS[0][0].id, at),
            replace(
                _stop("3", Capability.SCREENING, StopScope.EVERYWHERE, "", at - timedelta(days=30)),
                lifted_by=UserId("u-adam"),
                lifted_at=at - timedelta(days=29),
            ),
        ]

    def view(self, actor: Actor) -> ControlsView:
        if self.app.state == "empty":
            return ControlsView(policy=self.policy, stops=(), lifted=(), places=(), jobs=())
        return ControlsView(
            policy=self.policy,
            stops=tuple(_shown(stop) for stop in self.stops if not stop.lifted_at),
            lifted=tuple(_shown(stop) for stop in self.stops if stop.lifted_at),
            places=("US", "US / IL", "US / NY"),
            jobs=tuple((job.id, job.title) for job, *_ in people.JOBS),
        )

    def set_policy(self, actor: Actor, policy: TenantPolicy) -> None:
        if self.app.state == "failing":
            raise StoreUnavailable("the database did not answer")
        self.policy = policy

    def stop(
        self, actor: Actor, capability: Capability, scope: StopScope, where: str, reason: str
    ) -> None:
        made = _stop(str(len(self.stops) + 1), capability, scope, where, people.now())
        self.stops.insert(0, replace(made, reason=reason))

    def lift(self, actor: Actor, id: StopId) -> None:
        self.stops = [
            replace(stop, lifted_by=actor.id, lifted_at=people.now()) if stop.id == id else stop
            for stop in self.stops
        ]


def _stop(id: str, capability: Capability, scope: StopScope, where: str, at: object) -> Stop:
    made = Stop(
        id=StopId(id),
        capability=capability,
        scope=scope,
        where=where,
        reason="A new state law asks for a notice first <b>(ticket 482)</b>",
        by=UserId("u-adam"),
        at=people.now(),
    )
    return replace(made, at=at)  # type: ignore[arg-type]


def _shown(stop: Stop) -> StopLine:
    title = next((job.title for job, *_ in people.JOBS if job.id == stop.where), "")
    return StopLine(
        stop=stop, who="Adam Brook", where=f"{title} ({stop.where})" if title else stop.where
    )


class Connection:
    """A connection that is sound, or, failing, lacks fields; ``gone`` answers nothing at all."""

    def __init__(self, app: State) -> None:
        self.app = app
        self.gone = False
        self.checks = 1
        self.checked_at = people.now() - timedelta(minutes=4)

    def check(self, actor: Actor) -> ConnectionView:
        self.checks += 1
        self.checked_at = people.now()
        return self.view(actor)

    def view(self, actor: Actor) -> ConnectionView:
        failing = self.app.state == "failing"
        asked = self.app.state != "empty"
        return ConnectionView(
            api_base="https://api.icims.example",
            customer_id=people.TENANT,
            problems=self._problems(),
            checked_at=self.checked_at,
            quota_limit=10_000 if asked else None,
            quota_remaining=(312 if failing else 8_164) if asked else None,
            quota_resets_at=people.now() + timedelta(hours=6) if asked else None,
            calls_today=(9_688 if failing else 1_836) if asked else 0,
            fields=() if self.gone else FIELDS_TO_FIX if failing else FIELDS,
            reserve=500,
            waiting=Waiting(1_240, people.now() + timedelta(hours=6)) if failing else None,
        )

    def _problems(self) -> tuple[str, ...]:
        if self.gone:
            return ("iCIMS did not answer in 30 seconds",)
        if self.app.state == "failing":
            return ("Nobody here can see requisition 1042: in iCIMS it has no recruiter.",)
        return ()


def _field(name: str, icims_id: str, purpose: str) -> FieldLine:
    return FieldLine(name=name, purpose=purpose, icims_id=icims_id, state=FieldState.READY)


FIELDS = (
    _field("AI match score", "field19001", "Shows the approved score in lists and searches."),
    _field("AI reasoning", "field19003", "Explains the score in sentences, with quotes."),
    _field("AI skills", "field19002", "Keeps every verdict as data, for iCIMS reports."),
    _field("Tags", "field19007", "Marks applications, so that searches can filter by them."),
    _field("Private note", "field19010", "Says when and how the application was screened."),
    _field("Hiring stage", "status", "Shows where an application stands."),
    _field("Resume", "resume", "Is what is scored and quoted."),
)
FIELDS_TO_FIX = (
    replace(
        FIELDS[0],
        state=FieldState.MISSING,
        to_ask="Please give our integration user's login group read and write access to the "
        "applicant workflow field field19001, admin number 301.",
    ),
    replace(
        FIELDS[1],
        icims_id="",
        state=FieldState.NOT_MAPPED,
        to_ask="Please create a long text field “AI reasoning” on the applicant workflow.",
    ),
    replace(
        FIELDS[2],
        state=FieldState.WRONG_KIND,
        to_ask="We need “AI skills” as a long text, but field19002 is of another kind.",
    ),
    *FIELDS[3:6],
    replace(
        FIELDS[6],
        state=FieldState.HIDDEN,
        to_ask="Please give our integration user's login group read access to the standard field "
        "resume of the person.",
    ),
)
