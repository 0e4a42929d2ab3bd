"""Pages run on the in-memory App, one at a time, as Streamlit would run them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.access import provide
from tests.twins.app import PASSWORD, TwinApp

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def no_stand_in() -> Iterator[None]:
    """Leave no App behind for the next test."""
    yield
    provide(None)


@pytest.fixture
def twin() -> TwinApp:
    """The App in its full state; ``twin.state`` may be set to empty or failing."""
    app = TwinApp()
    provide(app)
    return app


@pytest.fixture
def open_app(twin: TwinApp) -> Open:
    """Open a page through app.py, as a browser does: with the menu and with errors spoken."""

    def open_(script: str, who: str = "rosa", **parameters: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        page.session_state["copilot_session"] = twin.sign_in.verify(who, PASSWORD, "").session.id
        page.run().switch_page(f"pages/{script}")
        for name, value in parameters.items():
            page.query_params[name] = value
        return page.run()

    return open_


@pytest.fixture
def open_page(twin: TwinApp) -> Open:
    """Open a page script as somebody, with the parameters of its address."""

    def open_(script: str, who: str = "rosa", **parameters: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / "pages" / script), default_timeout=30)
        session = twin.sign_in.verify(who, PASSWORD, "local").session
        page.session_state["copilot_session"] = session.id
        for name, value in parameters.items():
            page.query_params[name] = value
        return page.run()

    return open_


def words(page: AppTest) -> str:
    """Everything a page says, as one text."""
    said = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.text]
    boxes = [*page.warning, *page.error, *page.info, *page.success]
    return "\n".join(str(item.value) for item in (*said, *boxes))
