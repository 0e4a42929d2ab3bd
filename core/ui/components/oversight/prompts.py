"""Versions of instructions to AI models: which is in use, which waits, and what may be done."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from core.domain.actor import Actor
from core.domain.evaluation import RunState
from core.domain.prompt_views import PromptsView, VersionLine
from core.domain.prompts import Label, MoveKind
from core.ui import format as f
from core.ui.access import Prompts, the_app
from core.ui.components.oversight.difference import difference
from core.ui.components.oversight.prompt_dialogs import WRITTEN, ask, go_back, write
from core.ui.shell import spoken

SCREENING = "screening"
_DEED = "copilot_prompt_deed"
_VERSION = "prompt_version"
_BESIDE, _BELOW = "Side by side", "One below the other"
_LABEL = {
    Label.PRODUCTION: ":blue-badge[:material/check_circle: In production]",
    Label.STAGING: ":orange-badge[:material/science: To try next]",
}
_MOVE = {
    MoveKind.STAGED: "Marked as the next to try",
    MoveKind.PROMOTED: "Put into production by two people",
    MoveKind.ROLLED_BACK: "Production taken back to it",
}
Deed = Callable[[Prompts, Actor, str], None]
_DEEDS: Mapping[str, tuple[Deed, str]] = {
    "confirm": (lambda p, who, v: p.confirm(who, SCREENING, v), "In production from now on."),
    "withdraw": (lambda p, who, v: p.withdraw(who, SCREENING, v), "Taken back."),
    "decline": (lambda p, who, v: p.decline(who, SCREENING, v), "Declined; nothing changed."),
    "stage": (lambda p, who, v: p.stage(who, SCREENING, v), "Marked as the next to try."),
    "check": (lambda p, who, v: p.evaluate(who, SCREENING, v), "The check has begun."),
}


def carry_out(actor: Actor) -> None:
    """Do what was just clicked, if anything; to be called before the versions are read."""
    deed, version = st.session_state.pop(_DEED, ("", ""))
    if deed in _DEEDS:
        act, words = _DEEDS[deed]
        with spoken():
            act(the_app().prompts, actor, version)
            st.toast(words, icon=f.icon("check_circle"))


def in_use(actor: Actor, view: PromptsView) -> None:
    """Say which version scores are made with, or that no model is connected."""
    version = view.production.prompt.version
    if not view.model:
        st.info(
            f"Scoring goes on with the built-in assessor, which takes no instructions. Version "
            f"{version} will be used once a model is connected. Versions can be written and read; "
            "checks and promotions need the model.",
            title="No AI model is connected",
            icon=f.icon("cloud_off"),
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.model:
            st.markdown(
                f"{f.icon('smart_toy')} {f.escaped(view.model)} follows **version {version}**.",
                width="stretch",
            )
        may_go = view.may_write and bool(view.earlier)
        if may_go and st.button("Go back …", key="back_open", icon=f.icon("history")):
            go_back(actor, view)


def waiting(view: PromptsView) -> None:
    """Show the promotion that waits for a second person, with the answers this person may give."""
    asked = view.promotion
    if asked is None:
        return
    version = asked.promotion.ref.version
    with st.container(border=True, key="promotion"):
        st.markdown(
            f"**{f.icon('pending_actions')} Version {version} waits for a second person**  \n"
            f"{f.escaped(asked.who)} asked on {f.when(asked.promotion.asked_at)}: "
            f"“{f.escaped(asked.promotion.reason, 500)}”"
        )
        if not view.may_write:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            _button("confirm", "Put into production", version, off=bool(asked.hindrance))
            if asked.mine:
                _button("withdraw", "Withdraw", version)
            else:
                _button("decline", "Decline", version)
            st.caption(f.escaped(asked.hindrance, 300))


def chosen(view: PromptsView) -> VersionLine:
    """List all versions, newest first, and return the one the reader looks at."""
    lines = {line.prompt.version: line for line in view.versions}
    if written := st.session_state.pop(WRITTEN, ""):
        st.session_state[_VERSION] = written
    version = st.radio(
        "Versions",
        list(lines),
        index=list(lines).index(_first_shown(view)),
        format_func=lambda v: _named(lines[v]),
        captions=[_caption(line) for line in lines.values()],
        key=_VERSION,
    )
    shown = lines.get(version or "", view.versions[0])
    # Streamlit's own binding would put the label with its badges into the address.
    st.query_params["version"] = shown.prompt.version
    return shown


def _first_shown(view: PromptsView) -> str:
    """Name the version of the address, else the one that waits for an answer, else the newest."""
    wanted = st.query_params.get("version", "")
    asked = view.promotion.promotion.ref.version if view.promotion else ""
    numbers = [line.prompt.version for line in view.versions]
    return next((v for v in (wanted, asked) if v in numbers), numbers[0])


def _named(line: VersionLine) -> str:
    labels = " ".join(words for label, words in _LABEL.items() if label in line.labels)
    return f"**Version {line.prompt.version}** {_result(line)} {labels}"


def _result(line: VersionLine) -> str:
    run = line.evaluation
    if run is None or run.state is RunState.CANCELLED:
        return ":gray-badge[Not checked]"
    if run.state is RunState.BROKEN:
        return ":gray-badge[:material/link_off: Check broke off]"
    if run.under_way:
        return ":gray-badge[:material/sync: Being checked]"
    if run.passed:
        return ":green-badge[:material/check: Passed]"
    return f":red-badge[:material/close: {f.plural(len(run.failed_gates), 'gate')} failed]"


def _caption(line: VersionLine) -> str:
    if line.at is None:
        return f.escaped(line.note)
    return f"{f.escaped(line.who)}, {f.when(line.at)}  \n{f.escaped(line.note, 300)}"


def tools(actor: Actor, view: PromptsView, line: VersionLine) -> None:
    """Offer what can be done with a version, and say what keeps it from production."""
    version, run = line.prompt.version, line.evaluation
    if not view.may_write:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("New version from this …", key="write_open", icon=f.icon("edit_note")):
            write(actor, view, line)
        checking = run is not None and run.under_way
        _button("check", "Check", version, off=not view.model or checking)
        if Label.STAGING not in line.labels and Label.PRODUCTION not in line.labels:
            _button("stage", "Mark as next to try", version)
        if st.button(
            "Ask for production …", key="ask_open", icon=f.icon("publish"),
            disabled=bool(line.hindrance) or view.promotion is not None,
        ):  # fmt: skip
            ask(actor, view, version)
    # That no model is connected is said once, above.
    if view.model and line.hindrance and Label.PRODUCTION not in line.labels and not checking:
        st.caption(f"{f.icon('info')} {f.escaped(line.hindrance, 300)}")


def changed(view: PromptsView, line: VersionLine) -> None:
    """Show how a version differs from another one, by default the one in production."""
    others = [v for v in view.versions if v.prompt.version != line.prompt.version]
    if not others:
        st.caption("There is only one version so far.")
        return
    production = view.production.prompt.version
    numbers = [other.prompt.version for other in others]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        against = st.selectbox(
            "Compared with", numbers, numbers.index(production) if production in numbers else 0,
            format_func=lambda v: f"Version {v}", key=f"against_{line.prompt.version}", width=200,
        )  # fmt: skip
        how = st.segmented_control(
            "Shown", [_BELOW, _BESIDE], default=_BELOW, required=True, key="how_shown",
            label_visibility="collapsed",
        )  # fmt: skip
    other = next(v for v in others if v.prompt.version == against)
    titles = (f"Version {against}", f"Version {line.prompt.version}")
    key = f"{against}-{line.prompt.version}"
    difference(other.prompt.text, line.prompt.text, titles, beside=how == _BESIDE, key=key)


def history(view: PromptsView) -> None:
    """List who moved which label when and why."""
    if not view.moves:
        return
    with st.expander(
        f"What was in production, and when ({len(view.moves)})", icon=f.icon("history")
    ):
        frame = pd.DataFrame(
            {
                "Version": [move.version for move in view.moves],
                "What": [_MOVE[move.kind] for move in view.moves],
                "By": [f.one_line(move.who, 60) for move in view.moves],
                "When": [f.when(move.at) for move in view.moves],
                "Why": [f.one_line(move.reason, 500) for move in view.moves],
            }
        )
        st.dataframe(frame, hide_index=True, height="content", alt="Labels moved, newest first")


def _button(deed: str, words: str, version: str, *, off: bool = False) -> None:
    st.button(
        words,
        key=f"{deed}-{version}",
        icon=f.icon(_ICON[deed]),
        type="primary" if deed == "confirm" else "secondary",
        disabled=off,
        on_click=_take,
        args=(deed, version),
    )


_ICON = {
    "confirm": "publish", "withdraw": "undo", "decline": "block", "stage": "science",
    "check": "fact_check",
}  # fmt: skip


def _take(deed: str, version: str) -> None:
    st.session_state[_DEED] = (deed, version)
