"""One request to a language model: exactly what was sent, beside how it reads, and the reply.

All of it may be a candidate's or a model's words: it is drawn as text and never as Markdown.
"""

from collections.abc import Callable

import streamlit as st

from core.domain.identity import IdentityKind
from core.domain.model_log import BodyState, RunBody, sent_hash
from core.domain.model_runs import Outcome
from core.domain.views import RunRow, RunView
from core.ui import format as f
from core.ui.components.states import empty

CHECK = "A check of instructions"
"""What stands for the person where golden cases were sent."""
OUTCOME = {
    Outcome.ANSWERED: "Answered",
    Outcome.UNFIT: "Answer not usable",
    Outcome.REFUSED: "Model refused",
    Outcome.UNDER_WAY: "No answer known yet",
    Outcome.CUT: "Answer cut off",
    Outcome.SILENT: "No answer in time",
    Outcome.FAILED: "Service failed",
    Outcome.STOPPED: "Ended early",
}
_ROLES = {"system": "Instructions", "user": "Document", "assistant": "Model"}
_KINDS = {
    IdentityKind.URL: ("web address", "web addresses"),
    IdentityKind.ADDRESS: ("address", "addresses"),
    IdentityKind.EMAIL: ("e-mail address", "e-mail addresses"),
    IdentityKind.NATIONALITY: ("nationality", "nationalities"),
    IdentityKind.NATIONAL_ID: ("national ID", "national IDs"),
    IdentityKind.MARITAL_STATUS: ("marital status", "marital statuses"),
    IdentityKind.FAMILY: ("family detail", "family details"),
    IdentityKind.NETWORK: ("network or profile", "networks or profiles"),
    IdentityKind.HIDDEN: ("hidden passage", "hidden passages"),
}
_STAYS = "When, where to and how much was sent stays, with its fingerprint."
_GONE = {
    BodyState.EXPIRED: (
        "The text was deleted",
        f"Texts are kept for a limited time. {_STAYS}",
        "auto_delete",
    ),
    BodyState.ERASED: (
        "The text was erased with the candidate",
        f"Their key was destroyed, so nobody can read it again. {_STAYS}",
        "person_off",
    ),
}
_OPEN = "copilot_open_run"


def held(id: str, fetch: Callable[[], RunView]) -> RunView:
    """Fetch a request once and hold it while it is open: one reading is one entry in the log."""
    kept: RunView | None = st.session_state.get(_OPEN)
    if kept is None or kept.row.line.id != id:
        kept = st.session_state[_OPEN] = fetch()
    return kept


def let_go() -> None:
    """Forget the request that was open."""
    st.session_state.pop(_OPEN, None)


def run_label(row: RunRow) -> str:
    """Name a request in one line."""
    line = row.line
    return f"{f.when(line.asked_at)} · {f.one_line(line.model, 60)} · {OUTCOME[line.outcome]}"


def run_texts(view: RunView) -> None:
    """Show one request with everything that is known of it."""
    _facts(view)
    if view.body is None:
        empty(*_GONE.get(view.row.line.body, _GONE[BodyState.ERASED]))
        return
    _identities(view)
    _sent(view, view.body)
    _reply(view, view.body)


def _facts(view: RunView) -> None:
    line = view.row.line
    sent, received = f.number(line.tokens.sent), f.number(line.tokens.received)
    about = "" if line.counted else " (estimated: the service did not count)"
    instructions = f"instructions “{line.prompt.name}”, version {line.prompt.version}"
    settings = ", ".join(f"{name} {value}" for name, value in line.parameters.items())
    job, person = line.subject.requisition_id, line.subject.application_id
    cost = view.row.cost
    with st.container(gap="xsmall"):
        st.subheader(
            f"{OUTCOME[line.outcome]} after {f.seconds(line.seconds * 1000)}", anchor=False
        )
        whose = (f"application {person}", f"job {job}", view.row.job) if person else (CHECK,)
        _plain(f.when(line.asked_at), *whose)
        _plain(f"{line.model} at {line.host}", instructions, settings)
        price = "" if cost is None else f.money(cost, view.currency)
        _plain(f"{sent} tokens sent, {received} received{about}", price)


def _plain(*parts: str) -> None:
    st.caption(" · ".join(f.escaped(part, 200) for part in parts if part))


def _identities(view: RunView) -> None:
    """Say which classes of identity had been replaced before the text left."""
    if not view.replaced:
        st.info("No identity was replaced: none was found in the resume.", icon=f.icon("shield"))
        return
    named = ", ".join(_counted(kind, count) for kind, count in sorted(view.replaced))
    st.info(
        f"Replaced by placeholders before the text left: {named}.", icon=f.icon("shield_person")
    )


def _counted(kind: IdentityKind, count: int) -> str:
    plain = kind.value.replace("_", " ")
    return f.plural(count, *_KINDS.get(kind, (plain,)))


def _sent(view: RunView, body: RunBody) -> None:
    st.subheader("What was sent", anchor=False)
    reads, bytes_ = st.columns(2, gap="medium")
    with reads:
        st.caption("As it reads")
        with st.container(border=True):
            for message in view.messages:
                st.caption(_ROLES.get(message.role) or f.escaped(message.role, 40))
                st.text(f.exact(message.text), width="stretch")
            if not view.messages:
                st.caption("It has another shape than a chat: read the bytes beside it.")
    with bytes_:
        st.caption(f"Byte for byte, {f.size(len(body.sent))}")
        _code(body.sent.decode("utf-8", "backslashreplace"))
    _proof(view, body)


def _proof(view: RunView, body: RunBody) -> None:
    line = view.row.line
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download the exact bytes", body.sent, file_name=f"sent-{line.id}.json",
            mime="application/octet-stream", icon=f.icon("download"), on_click="ignore",
            key=f"download-{line.id}",
        )  # fmt: skip
        if sent_hash(body.sent) == line.sent_hash:
            st.caption(
                f"SHA-256 `{line.sent_hash}`, as recorded when it was sent. Characters "
                "that cannot be seen stand here as ⟨U+202E⟩; in the download they are as sent."
            )
        else:
            st.error("These are not the bytes that were recorded.", icon=f.icon("gpp_bad"))


def _reply(view: RunView, body: RunBody) -> None:
    st.subheader("What came back", anchor=False)
    if not body.received:
        st.caption("Nothing.")
        return
    reads, came = st.columns(2, gap="medium")
    with reads:
        st.caption("As it reads")
        _code(view.reply)
    with came:
        st.caption(f"As it came, {f.size(view.row.line.received_bytes)}")
        _code(body.received)


def _code(text: str) -> None:
    # In its full length: a block that scrolls by itself cannot be reached with the keyboard.
    st.code(f.exact(text), language=None, wrap_lines=True)
