"""End this session, here and wherever its cookie was copied to."""

import streamlit as st

from core.ui.guard import guard
from core.ui.session import sign_out

actor = guard()
sign_out()
st.rerun()
