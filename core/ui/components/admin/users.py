"""Users for an administrator: who can get in, what they may see, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.actor import Actor, Role
from core.domain.canonical import content_hash
from core.domain.ids import UserId
from core.domain.views import UserLine
from core.ui import format as f
from core.ui.access import Users, the_app
from core.ui.components.admin.user_dialogs import change, reset, switch_off
from core.ui.shell import spoken

_DEED = "copilot_user_deed"
_BY_JOB = frozenset({Role.RECRUITER, Role.HIRING_MANAGER})
_ROW = 38
_TALLEST = 12
"""Rows the table shows before it scrolls, so that what can be done stays in sight below."""


def carry_out(actor: Actor) -> None:
    """Do what was just clicked, if anything; to be called before the users are listed."""
    deed, user = st.session_state.pop(_DEED, ("", UserId("")))
    if deed not in _DEEDS:
        return
    with spoken():
        st.toast(_DEEDS[deed](the_app().users, actor, user), icon=f.icon("check_circle"))


def concerns(line: UserLine) -> tuple[str, ...]:
    """Say what keeps a user from working, in words an administrator can act on."""
    if line.disabled:
        return ()
    found = []
    if line.braked:
        found.append("Too many failed sign-ins: has to wait")
    if line.roles & _BY_JOB and not line.jobs:
        found.append("No open job names this iCIMS person")
    return tuple(found)


def choose(lines: Sequence[UserLine]) -> tuple[UserLine, ...]:
    """Narrow the users by what the administrator asks for."""
    tests: Mapping[str, Callable[[UserLine], bool]] = {
        "Everybody": lambda _: True,
        "Needs a look": lambda line: bool(concerns(line)),
        "Switched off": lambda line: line.disabled,
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        words = st.text_input(
            "Find by name, user name or e-mail",
            key="find_user",
            type="search",
            live=True,
            placeholder="Find by name, user name or e-mail",
            label_visibility="collapsed",
            width=320,
        )
        counts = {name: sum(map(test, lines)) for name, test in tests.items()}
        which = st.segmented_control(
            "Show",
            list(tests),
            format_func=lambda name: f"{name} {counts[name]}",
            default="Everybody",
            required=True,
            key="which_users",
            label_visibility="collapsed",
        )
    found = (line for line in lines if tests[which or "Everybody"](line))
    return tuple(line for line in found if _matches(line, words or ""))


def users_table(lines: Sequence[UserLine]) -> UserLine | None:
    """Show users; return the one whose row, or else whose address, was chosen."""
    event: Any = st.dataframe(
        _frame(lines),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        # The key names what is shown: a row number means another user in another list.
        key=f"users-{content_hash([line.user_id for line in lines])}",
        column_config=_COLUMNS,
        placeholder="–",
        row_height=_ROW,
        height="content" if len(lines) <= _TALLEST else _ROW * _TALLEST,
        alt="Users; choose a row to change one",
    )
    chosen = [lines[row] for row in event.selection.rows if row < len(lines)]
    asked = st.query_params.get("user", "")
    found: list[UserLine] = chosen or [line for line in lines if line.user_id == asked]
    return found[0] if found else None


def user_panel(actor: Actor, line: UserLine) -> None:
    """Show one user with what can be done."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", key="strong-user"):
            st.text(f.one_line(line.display_name))
            for role in sorted(line.roles):
                st.badge(f.ROLE[role], color="blue")
            if line.disabled:
                st.badge("Switched off", icon=f.icon("person_off"), color="gray")
        st.caption(_facts(line))
        for concern in concerns(line):
            st.warning(_advice(concern, line), icon=f.icon("warning"))
        if line.user_id == actor.id:
            st.caption("This is your own account. Another administrator changes what you may do.")
        else:
            _actions(actor, line)


def _actions(actor: Actor, line: UserLine) -> None:
    id = line.user_id
    with st.container(horizontal=True):
        if st.button("Roles and details …", key=f"change-{id}", icon=f.icon("manage_accounts")):
            change(actor, line)
        if st.button("New password …", key=f"reset-{id}", icon=f.icon("key")):
            reset(actor, line)
        if line.sessions:
            _deed("Sign out everywhere", "end", id, "logout")
        if line.braked:
            _deed("Let them try again now", "release", id, "lock_open")
        if line.disabled:
            _deed("Switch on", "enable", id, "person_check")
        elif st.button("Switch off …", key=f"disable-{id}", icon=f.icon("person_off")):
            switch_off(actor, line)


def _deed(label: str, deed: str, user: UserId, icon: str) -> None:
    st.button(label, key=f"{deed}-{user}", icon=f.icon(icon), on_click=_take, args=(deed, user))


def _take(deed: str, user: UserId) -> None:
    st.session_state[_DEED] = (deed, user)


def _end(users: Users, actor: Actor, user: UserId) -> str:
    return f"{f.plural(users.end_sessions(actor, user), 'session')} ended."


def _release(users: Users, actor: Actor, user: UserId) -> str:
    users.release(actor, user)
    return "They can try to sign in again at once."


def _enable(users: Users, actor: Actor, user: UserId) -> str:
    users.set_disabled(actor, user, False)
    return "Switched on. They sign in with the password they had."


_DEEDS: Mapping[str, Callable[[Users, Actor, UserId], str]] = {
    "end": _end,
    "release": _release,
    "enable": _enable,
}


def _facts(line: UserLine) -> str:
    person = f"iCIMS person {f.escaped(line.icims_person_id)}" if line.icims_person_id else ""
    jobs = f"named on {f.plural(line.jobs, 'open job')}" if line.roles & _BY_JOB else ""
    sessions = f.plural(line.sessions, "session") if line.sessions else "not signed in"
    seen = f"last seen {f.when(line.last_seen_at)}" if line.last_seen_at else "never signed in"
    way = "signs in with the company account" if line.single_sign_on else ""
    first = "still has the first password" if line.must_change_password else ""
    who = (f.escaped(line.username), f.escaped(line.email))
    return " · ".join(part for part in (*who, person, jobs, sessions, seen, way, first) if part)


def _advice(concern: str, line: UserLine) -> str:
    if line.braked and concern.startswith("Too many"):
        return f"{concern}. It ends by itself; you can also let them try again now."
    return (
        f"{concern}, so this user sees an empty list. Check the person id, or have a job in iCIMS "
        "name them as recruiter, secondary recruiter or hiring manager."
    )


def _matches(line: UserLine, words: str) -> bool:
    where = " ".join((line.display_name, line.username, line.email)).casefold()
    return all(word in where for word in words.casefold().split())


def _standing(line: UserLine) -> str:
    if line.disabled:
        return "○ Switched off"
    if line.must_change_password:
        return "◐ First password"
    return "● Active"


def _frame(lines: Sequence[UserLine]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Name": [f.one_line(line.display_name, 60) for line in lines],
            "User name": [f.one_line(line.username, 40) for line in lines],
            "Roles": [", ".join(f.ROLE[role] for role in sorted(line.roles)) for line in lines],
            "Open jobs": pd.array(
                [line.jobs if line.roles & _BY_JOB else None for line in lines], "Int64"
            ),
            "Account": [_standing(line) for line in lines],
            "Sessions": pd.array([line.sessions for line in lines], "Int64"),
            "Last seen": [line.last_seen_at for line in lines],
            "Needs a look": ["; ".join(concerns(line)) for line in lines],
        }
    )


_COLUMNS = {
    "Name": st.column_config.TextColumn(width=190),
    "User name": st.column_config.TextColumn(width=140),
    "Roles": st.column_config.TextColumn(width=190),
    "Open jobs": st.column_config.NumberColumn(
        width=85, help="Open jobs in iCIMS that name this person, and so what they see here."
    ),
    "Account": st.column_config.TextColumn(width=130),
    "Sessions": st.column_config.NumberColumn(width=80, help="Browsers signed in now."),
    "Last seen": st.column_config.DatetimeColumn(width=150, format="distance"),
    "Needs a look": st.column_config.TextColumn(width=300),
}
