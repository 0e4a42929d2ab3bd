"""Passages hold neither a token nor a word that could be a name, so that it makes no difference."""

from core.assist.screening.passages import breaks_of, passages_of
from core.domain.document import Span

NAMED = "Sold paper with Carter and ran the night shift at the harbour."
TOKEN = NAMED.replace("Carter", "[NAME_1]")


def texts(text: str, *name_like: Span) -> list[str]:
    return [p.text for p in passages_of(text, breaks_of(text, name_like))]


def test_a_name_of_somebody_else_cuts_like_the_candidates_own() -> None:
    start = NAMED.index("Carter")
    assert texts(NAMED, Span(start, start + 6)) == texts(TOKEN)


def test_breaks_at_the_ends_of_a_text_leave_the_rest_whole() -> None:
    text = "Carter ran the night shift"
    assert texts(text, Span(0, 6)) == ["ran the night shift"]
    assert texts("[NAME_1]") == []
