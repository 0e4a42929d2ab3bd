"""Which pages there are, for whom, and how one leads to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import Page

from core.domain.actor import Actor, Role
from core.ui import format as f
from core.ui.access import the_app

_PAGES = Path(__file__).resolve().parents[2] / "pages"
_JOB = frozenset({Role.RECRUITER, Role.HIRING_MANAGER})
_RECRUITER = frozenset({Role.RECRUITER})
_AUDIENCES = {
    "review": "Review",
    "oversight": "Oversight",
    "admin": "Administration",
    "account": "Account",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """A page: its script, what the menu says, and who may open it (empty: everybody)."""

    script: str
    title: str
    icon: str
    help: str
    roles: frozenset[Role] = frozenset()
    hidden: bool = False

    @property
    def audience(self) -> str:
        """Name the kind of work the screen is for: the folder its script lives in."""
        return _AUDIENCES[self.script.partition("/")[0]]

    def page(self) -> Page:
        """Declare the page for the menu."""
        return st.Page(
            _PAGES / self.script,
            title=self.title,
            icon=f.icon(self.icon),
            help=self.help,
            visibility="hidden" if self.hidden else "visible",
        )


SCREENS = {
    "requisitions": Screen(
        "review/requisitions.py", "Requisitions", "work", "Your open jobs.", _JOB
    ),
    "queue": Screen(
        "review/queue.py", "Needs your eyes", "visibility", "What a score may have wrong.", _JOB
    ),
    "pipeline": Screen(
        "review/pipeline.py", "Pipeline", "groups", "A job's applications.", _JOB, hidden=True
    ),
    "application": Screen(
        "review/application.py", "Application", "person", "One person.", _JOB, hidden=True
    ),
    "compare": Screen(
        "review/compare.py", "Compare", "compare", "People side by side.", _JOB, hidden=True
    ),
    "criteria": Screen(
        "review/criteria.py", "Criteria", "rule", "What a job asks for.", _JOB, hidden=True
    ),
    "approvals": Screen(
        "review/approvals.py", "Approvals", "inbox", "Changes waiting for you.", _RECRUITER
    ),
    "audit_log": Screen(
        "oversight/audit_log.py",
        "Audit log",
        "history_edu",
        "What happened, verifiable.",
        frozenset({Role.COMPLIANCE}),
    ),
    "what_left": Screen(
        "oversight/what_left.py",
        "What left the building",
        "outbound",
        "What language models were sent, byte for byte.",
        frozenset({Role.COMPLIANCE}),
    ),
    "connection": Screen(
        "admin/connection.py",
        "Connection",
        "cable",
        "The link to iCIMS.",
        frozenset({Role.ADMIN}),
    ),
    "operations": Screen(
        "admin/operations.py",
        "Operations",
        "monitor_heart",
        "What comes in, what waits, what failed.",
        frozenset({Role.ADMIN}),
    ),
    "users": Screen(
        "admin/users.py", "Users", "group", "Who may sign in, and as what.", frozenset({Role.ADMIN})
    ),
    "controls": Screen(
        "admin/controls.py",
        "Thresholds and stops",
        "tune",
        "What is suggested, and what is switched off.",
        frozenset({Role.ADMIN}),
    ),
    "prompts": Screen(
        "oversight/prompts.py",
        "AI instructions",
        "smart_toy",
        "What AI models are told, checked and promoted.",
        frozenset({Role.COMPLIANCE, Role.ADMIN}),
    ),
    "password": Screen("account/password.py", "Change password", "key", "Your password."),
    "sign_out": Screen("account/sign_out.py", "Sign out", "logout", "End this session."),
}
_ACCOUNT = ("password", "sign_out")


def menu(actor: Actor) -> Mapping[str, list[Page]]:
    """List the pages of the actor's roles; only the password page while it must be changed."""
    me = the_app().sign_in.me(actor)
    who = f.escaped(me.display_name, 40)
    account = [SCREENS[name].page() for name in _ACCOUNT]
    if me.must_change_password:
        return {"": [_home("password")], who: account}
    groups = work_of(actor)
    first = _home(next((names[0] for names in groups.values()), "password"))
    pages = {title: [SCREENS[name].page() for name in names] for title, names in groups.items()}
    return {**pages, "": [first, *pages.get("", [])], who: account}


def work_of(actor: Actor) -> dict[str, list[str]]:
    """Name the screens of the actor's roles by kind of work.

    Who has one role, or does one kind of work, has it all in sight: a title would hide it behind
    a click.
    """
    groups: dict[str, list[str]] = {}
    for name, screen in SCREENS.items():
        if screen.roles & actor.roles:
            groups.setdefault(screen.audience, []).append(name)
    if len(actor.roles) == 1 or len(groups) == 1:
        return {"": [name for names in groups.values() for name in names]}
    return groups


def every_page() -> list[Page]:
    """List all pages, whoever may open them."""
    return [_home("password"), *(screen.page() for screen in SCREENS.values())]


def go(screen: str, **parameters: str | list[str]) -> NoReturn:
    """Open another page; its address carries ``parameters``, so it can be shared."""
    st.switch_page(SCREENS[screen].page(), query_params=parameters)


def _home(screen: str) -> Page:
    """Show ``screen`` at the bare address as well.

    Leading on from there to its own address would take a moment in which the menu is drawn
    already, and Streamlit drops a click that falls into it.
    """
    at = SCREENS[screen]
    return st.Page(
        _PAGES / at.script, title=at.title, url_path="home", default=True, visibility="hidden"
    )
