"""What scoring will send to a language model and cost, before it is started."""

import streamlit as st

from core.domain.model_costs import Basis, Expected
from core.ui import format as f


def will_leave(expected: Expected | None, count: int) -> None:
    """Say what will leave the building for ``count`` applications; 0 where nobody knows yet."""
    if expected is None:
        st.caption(f"{f.icon('home')} No language model is connected: nothing leaves.")
        return
    model = f.escaped(f"{expected.model.model} at {expected.model.host}", 120)
    many = f.plural(count, "resume") if count else "Each resume that is scored"
    st.markdown(f"{f.icon('outbound')} {many}, without identities, to {model}: {_amount(expected)}")
    st.caption(_basis(expected))


def _amount(expected: Expected) -> str:
    tokens = f"about **{f.number(expected.tokens.total)} tokens**"
    if expected.cost is None:
        return f"{tokens}. What they cost is not set up."
    # A dollar sign begins a formula where another follows.
    money = f.escaped(f.money(expected.cost, expected.currency))
    return f"{tokens}, **{money}**."


def _basis(expected: Expected) -> str:
    if expected.basis is Basis.PAST:
        return (
            f"By what {f.plural(expected.assessed, 'earlier resume')} took on average with "
            "these instructions."
        )
    return "Estimated from the sizes of instructions, criteria and resumes: none was sent before."
