"""Run the real screens on the in-memory App: ``streamlit run tests/twins/serve.py -- full``."""

import runpy
import sys
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.ui.access import provide  # noqa: E402  # the path comes first
from core.ui.server import middleware, only_declared_pages, routes  # noqa: E402
from tests.twins.app import TwinApp  # noqa: E402

if __name__ != "__main__":
    # Imported by the server: one App for all sessions of this process.
    KIND = sys.argv[1] if len(sys.argv) > 1 else "full"

    async def begin_again(_: Request) -> Response:
        """Forget what was decided, and who is signed in."""
        provide(TwinApp(KIND))
        return Response(status_code=204)

    provide(TwinApp(KIND))
    only_declared_pages()
    again = Route("/begin_again", begin_again, methods=["POST"])
    app = st.App(__file__, routes=[*routes(), again], middleware=middleware())
else:
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
