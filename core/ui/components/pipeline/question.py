"""The question a pipeline is asked: it lives in the page's address, and widgets only mirror it."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.domain.filters import NAMES, PipelineFilter, decode, encode


def asked() -> PipelineFilter:
    """Read the question from the address of this page."""
    there = st.query_params
    return decode({name: tuple(there.get_all(name)) for name in NAMES if name in there})


def address(question: PipelineFilter) -> dict[str, str | list[str]]:
    """Write a question as parameters to hand on to another page."""
    return dict(encode(question))


def ask(question: PipelineFilter) -> None:
    """Put a question into the address; what else stands there stays."""
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in NAMES}
    st.query_params.from_dict({**kept, **encode(question)})


def narrow(**parts: Any) -> None:
    """Ask the same question with some of its parts replaced."""
    ask(replace(asked(), **parts))


def mirror(key: str, value: Any) -> str:
    """Make the widget named ``key`` show ``value``; called just before it is drawn.

    Only where they differ, and not for spaces at a text's ends: somebody may be typing there.
    """
    there = st.session_state.get(key)
    same = there.strip() == value if isinstance(there, str) else there == value
    if key not in st.session_state or not same:
        st.session_state[key] = value
    return key
