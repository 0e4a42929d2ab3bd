"""Run the real screens on the in-memory App: ``streamlit run tests/twins/serve.py -- full``."""

import runpy
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.ui.access import provide  # noqa: E402  # the path comes first
from tests.twins.app import TwinApp  # noqa: E402


@st.cache_resource
def twin(state: str) -> TwinApp:
    """One App for all sessions of this process."""
    return TwinApp(state)


provide(twin(sys.argv[1] if len(sys.argv) > 1 else "full"))
runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
