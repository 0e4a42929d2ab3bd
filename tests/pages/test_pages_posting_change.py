"""A posting that changed under frozen criteria is said where they are used, and answered."""

from datetime import UTC, datetime

import pytest

from core.domain.ids import ContentHash
from core.domain.posting import PostingChange
from tests.pages.conftest import Open, words
from tests.twins.app import TwinApp

CHANGE = PostingChange(
    at=datetime(2026, 3, 9, 8, 0, tzinfo=UTC),
    parts=(("Qualifications", "Forklift licence.", "Crane licence."),),
    seen=ContentHash("c" * 64),
)
BOTH = pytest.mark.parametrize("script", ["review/criteria.py", "review/pipeline.py"])


@BOTH
def test_the_recruiter_is_told_and_may_say_that_the_criteria_still_fit(
    script: str, twin: TwinApp, open_page: Open
) -> None:
    twin.posting_change = CHANGE
    page = open_page(script, req="1017")
    assert "The posting changed on 9\xa0Mar\xa02026" in words(page)
    page.button(key="still_right").click().run()
    assert twin.calls == ["still right 1017"]
    assert "The posting changed" not in words(page)


def test_a_hiring_manager_is_told_who_decides(twin: TwinApp, open_page: Open) -> None:
    twin.posting_change = CHANGE
    page = open_page("review/pipeline.py", "henry", req="1017")
    assert "The recruiter of this job decides." in words(page)
    assert "still_right" not in {button.key for button in page.button}


@BOTH
def test_nothing_is_said_while_the_posting_is_as_it_was(script: str, open_page: Open) -> None:
    assert "posting changed" not in words(open_page(script, req="1017"))
