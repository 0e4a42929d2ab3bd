"""The iCIMS connection in plain words."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.domain.views import ConnectionView, FieldLine, FieldState
from core.ui import format as f

STATE: dict[FieldState, str] = {
    FieldState.READY: "● Ready",
    FieldState.MISSING: "✕ Not shown by iCIMS",
    FieldState.HIDDEN: "✕ Hidden from us",
    FieldState.WRONG_KIND: "◐ Of another kind",
    FieldState.NOT_MAPPED: "○ Not mapped yet",
}


def health(view: ConnectionView) -> None:
    """Say whether everything works, or what to change in iCIMS."""
    to_fix = len(view.problems) + len(_to_fix(view.fields))
    checked = f"Checked {f.age(view.checked_at, f.now())} ago, on {f.when(view.checked_at)}."
    if not to_fix:
        st.success(
            f"iCIMS answers, and every field the copilot needs is there. {checked}",
            title="Everything works",
            icon=f.icon("check_circle"),
        )
        return
    st.error(
        "Until then the copilot shows what it read before, and writes nothing that needs these. "
        f"{checked}",
        title=f"{f.plural(to_fix, 'thing')} to change" if view.fields else "iCIMS is out of reach",
        icon=f.icon("link_off"),
    )
    for problem in view.problems:
        st.markdown(f"{f.icon('build')} {f.escaped(problem, 400)}")


def budget(view: ConnectionView) -> None:
    """Show what is left of the day's requests, and what of it is kept for people."""
    left, limit = view.quota_remaining, view.quota_limit
    with st.container(horizontal=True):
        words = f"{f.number(left)} of {f.number(limit)}" if left is not None and limit else ""
        _figure("Requests left today", words or "Not said yet")
        _figure("Asked by the copilot today", f.number(view.calls_today))
        if view.quota_resets_at:
            _figure("Budget renews", f.when(view.quota_resets_at))
    if left is None or not limit:
        return
    st.progress(min(1.0, left / limit))
    if left <= view.reserve:
        st.warning(
            f"Only the {f.number(left)} requests kept for people who click are left. Background "
            "work goes on little by little as fewer are kept, and in full once the budget renews.",
            icon=f.icon("hourglass_top"),
        )
    else:
        st.caption(
            f"{f.number(view.reserve)} of them are kept for people who click; fewer towards the "
            "end of the day."
        )
    if view.waiting:
        st.caption(
            f"{f.plural(view.waiting.count, 'task')} put off for lack of requests; the first goes "
            f"on at {f.when(view.waiting.until)}."
        )


def field_table(fields: Sequence[FieldLine]) -> None:
    """List every field the copilot wants, with its state and what it is for."""
    st.subheader("Fields in iCIMS", anchor=False)
    if not fields:
        st.caption("The fields could not be checked, because iCIMS did not let us look.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "State": [STATE[line.state] for line in fields],
                "Field": [f.one_line(line.name) for line in fields],
                "What it is for": [f.one_line(line.purpose, 200) for line in fields],
                "Id in iCIMS": [f.one_line(line.icims_id) for line in fields],
            }
        ),
        hide_index=True,
        height="content",
        column_config=_COLUMNS,
        placeholder="–",
        alt="Fields the copilot wants, with their state",
    )


def request(view: ConnectionView) -> None:
    """Offer the text to send to iCIMS, ready to copy."""
    if text := request_text(view):
        st.subheader("What to ask iCIMS for", anchor=False)
        st.caption("Send this to your iCIMS administrator, or to iCIMS Technical Services.")
        st.code(text, language=None, wrap_lines=True)


def request_text(view: ConnectionView) -> str:
    """Write to iCIMS what is needed; empty when nothing is."""
    wanted = [line.to_ask for line in _to_fix(view.fields)]
    if not wanted:
        return ""
    points = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(wanted, 1))
    return (
        f"We connect a recruiting tool to our iCIMS platform (customer {view.customer_id}) over "
        f"the REST API. For its integration user we need:\n\n{points}\n\n"
        "It needs no access to gender, race, date of birth or other EEO fields; please leave "
        "those hidden."
    )


def target(view: ConnectionView) -> None:
    """Say which iCIMS this is."""
    st.caption(f"Customer {f.escaped(view.customer_id)} at {f.escaped(view.api_base)}")


def _to_fix(fields: Sequence[FieldLine]) -> list[FieldLine]:
    return [line for line in fields if line.to_ask]


def _figure(label: str, value: str) -> None:
    st.metric(label, value, border=True, width="stretch")


_COLUMNS = {
    "State": st.column_config.TextColumn(width=170),
    "Field": st.column_config.TextColumn(width=200),
    "What it is for": st.column_config.TextColumn(width=480),
    "Id in iCIMS": st.column_config.TextColumn(
        width=200, help="The id in iCIMS's interface, from the field map or the same for everybody."
    ),
}
