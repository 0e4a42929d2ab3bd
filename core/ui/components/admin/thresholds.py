"""Where suggestions change and what waits for a person, with a picture of the zones of a score."""

from dataclasses import replace

import altair as alt
import pandas as pd
import streamlit as st

from core.domain.judgement import Blinding, BlindMode
from core.domain.policy import TenantPolicy
from core.domain.routing import Thresholds
from core.ui.components.admin.controls import take

_BLIND = {
    BlindMode.OFF: "Never",
    BlindMode.SAMPLED: "For a sample of the applications",
    BlindMode.ALWAYS: "For every application",
}
_NARROW = 14
"""Points below which a zone has no room for its name."""
_THICK = 40
"""Pixels of the picture of the zones."""


def policy_form(policy: TenantPolicy) -> None:
    """Let the administrator move the thresholds; nothing holds before it is saved."""
    key = f"{policy!r}"
    st.subheader("What a score suggests", anchor=False)
    picture = st.container()
    edges = policy.thresholds
    pool, call = st.slider(
        "Where review begins and ends",
        0, 100, (edges.pool, edges.call), key=f"edges-{key}",
    )  # fmt: skip
    with picture:
        band(Thresholds(pool, call))
    st.caption(
        f"Below {pool}: consider the talent pool. {pool} to {call}: review. Above {call}: consider "
        "a screening call. These are suggestions; no score rejects anybody."
    )
    st.subheader("What waits for a person's eyes", anchor=False)
    left, right = st.columns(2)
    sure = left.slider(
        "Confidence below", 0, 100, round(policy.sure_from * 100), 5, format="%d%%",
        key=f"sure-{key}", help="How much of the score rests on evidence rather than on no data.",
    )  # fmt: skip
    readable = right.slider(
        "Read quality below", 0, 100, round(policy.readable_from * 100), 5, format="%d%%",
        key=f"readable-{key}", help="How well the document could be read.",
    )  # fmt: skip
    wanted = TenantPolicy(
        thresholds=Thresholds(pool, call),
        sure_from=_kept(policy.sure_from, sure),
        readable_from=_kept(policy.readable_from, readable),
        blinding=_blinding(policy.blinding, key),
    )
    _save(policy, wanted)


def band(thresholds: Thresholds) -> None:
    """Paint the three zones of a score, to scale."""
    zones = zones_of(thresholds)
    # Streamlit's chart theme leaves marks of text black.
    ink = "#e7ecf1" if st.context.theme.type == "dark" else "#17212b"
    base = alt.Chart(zones)
    bars = base.mark_bar(opacity=0.3, cornerRadius=4, size=_THICK).encode(
        x=alt.X("from:Q", axis=None, scale=alt.Scale(domain=[0, 100], nice=False)),
        x2="to:Q",
        # The theme's colours by place: blue, grey, amber, green.
        color=alt.Color(
            "zone:N",
            legend=None,
            scale=alt.Scale(domain=["Review", "Talent pool", "", "Screening call"]),
        ),
    )
    names = base.mark_text(fontSize=14, fontWeight=600, color=ink).encode(
        x="middle:Q", text="name:N"
    )
    described = ". ".join(f"{z.zone}: {z.range}" for z in zones.itertuples())
    chart = (bars + names).properties(height=_THICK + 20)
    st.altair_chart(chart, alt=f"Zones of a score. {described}")


def zones_of(thresholds: Thresholds) -> pd.DataFrame:
    """Lay the zones out: where each begins and ends, and its name if there is room for it."""
    pool, call = thresholds.pool, thresholds.call
    rows = [
        ("Talent pool", 0, pool, f"below {pool}"),
        ("Review", pool, call, f"{pool} to {call}"),
        ("Screening call", call, 100, f"above {call}"),
    ]
    frame = pd.DataFrame(rows, columns=["zone", "from", "to", "range"])
    frame["middle"] = (frame["from"] + frame["to"]) / 2
    frame["name"] = frame["zone"].where(frame["to"] - frame["from"] >= _NARROW, "")
    return frame


def _blinding(now: Blinding, key: str) -> Blinding:
    st.subheader("Own view before the score", anchor=False)
    mode = st.radio(
        "Reviewers say what they think before they see a score",
        tuple(_BLIND),
        index=tuple(_BLIND).index(now.mode),
        format_func=lambda mode: _BLIND[mode],
        key=f"blind-{key}",
        help="For jobs whose recruiter has not chosen otherwise.",
    )
    share = now.share
    if mode is BlindMode.SAMPLED:
        percent = st.slider(
            "Share of the applications", 5, 100, max(5, round(share * 100)), 5, format="%d%%",
            key=f"share-{key}",
        )  # fmt: skip
        share = _kept(share, percent)
    return replace(now, mode=mode, share=share)


def _kept(share: float, percent: int) -> float:
    """Read a slider; one that was not moved keeps the exact share."""
    return share if round(share * 100) == percent else percent / 100


def _save(policy: TenantPolicy, wanted: TenantPolicy) -> None:
    changed = wanted != policy
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save",
            key="save_policy",
            type="primary",
            disabled=not changed,
            on_click=take,
            args=(wanted,),
        )
        st.caption(
            "Not saved yet. Suggestions on the screens follow at once; scores, proposals and what "
            "was written stay as they are."
            if changed
            else "Saved."
        )
