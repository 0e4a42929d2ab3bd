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


@dataclass(frozen=True, slots=True)
class Screen:
    """A page: its script, what the menu says, and who may open it (empty: everybody)."""

    script: str
    title: str
    icon: str
    help: str
    roles: frozenset[Role] = frozenset()
    hidden: bool = False

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
    "pipeline": Screen(
        "review/pipeline.py", "Pipeline", "groups", "A job's applications.", _JOB, hidden=True
    ),
    "application": Screen(
        "review/application.py", "Application", "person", "One person.", _JOB, hidden=True
    ),
    "criteria": Screen(
        "review/criteria.py", "Criteria", "rule", "What a job asks for.", _RECRUITER, hidden=True
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
    "connection": Screen(
        "admin/connection.py",
        "Connection",
        "cable",
        "The link to iCIMS.",
        frozenset({Role.ADMIN}),
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
    work = [name for name, s in SCREENS.items() if s.roles & actor.roles]
    first = _home(work[0] if work else "password")
    return {"": [first, *(SCREENS[name].page() for name in work)], who: account}


def every_page() -> list[Page]:
    """List all pages, whoever may open them."""
    return [_home("password"), *(screen.page() for screen in SCREENS.values())]


def go(screen: str, **parameters: str) -> NoReturn:
    """Open another page; its address carries ``parameters``, so it can be shared."""
    st.switch_page(SCREENS[screen].page(), query_params=parameters)


def _home(screen: str) -> Page:
    """Lead from the bare address to ``screen``, which so has an address of its own."""

    def home() -> None:
        go(screen)

    return st.Page(home, title="Home", url_path="home", default=True, visibility="hidden")
