"""What a proposal would change, old beside new, with the words that differ marked in both."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.views import ChangeLine

_HERE = Path(__file__).parent
_CHANGES = st.components.v2.component(
    "recruiter_copilot.changes",
    html="<div class='changes'></div>",
    css=(_HERE / "changes.css").read_text(),
    js=(_HERE / "changes.js").read_text(),
)
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 4_000
"""Longer texts are shown whole without marks: comparing them would keep people waiting."""

Piece = tuple[str, bool]
_WRITING = ("Now in iCIMS", "After approval")


def changes(lines: Sequence[ChangeLine], key: str, sides: tuple[str, str] = _WRITING) -> None:
    """Show old beside new under ``sides``, whole and as plain text.

    Long texts scroll, data reads as a list.
    """
    shown = [line_data(line) for line in lines]
    _CHANGES(key=f"changes-{key}", data={"lines": shown, "sides": sides})


def line_data(line: ChangeLine) -> dict[str, Any]:
    """Lay one change out as pieces of text, each with whether the other side lacks it.

    What the pieces are only a reading of goes along as it is, to be opened.
    """
    old, new = compared(line.old, line.new)
    exact = {"exactOld": line.exact_old, "exactNew": line.exact_new}
    return {"what": line.what, "old": _plain(old), "new": _plain(new), **exact}


def compared(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Cut two texts into pieces that both have and marked ones that only one has.

    The pieces put together are exactly the text. Nothing is marked where one side is empty or the
    two have nothing in common: everything differs then.
    """
    ours, theirs = _WORD.findall(old), _WORD.findall(new)
    if not ours or not theirs or max(len(ours), len(theirs)) > _MOST_WORDS:
        return _whole(old), _whole(new)
    matcher = SequenceMatcher(str.isspace, ours, theirs, autojunk=False)
    blocks = [(a, b, n) for a, b, n in matcher.get_matching_blocks() if _says_something(ours, a, n)]
    if not blocks:
        return _whole(old), _whole(new)
    return (
        list(_pieces(ours, [(a, n) for a, _, n in blocks])),
        list(_pieces(theirs, [(b, n) for _, b, n in blocks])),
    )


def _pieces(words: Sequence[str], same: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, length in (*same, (len(words), 0)):
        if at < start:
            yield from _marked("".join(words[at:start]))
        if length:
            yield "".join(words[start : start + length]), False
        at = start + length


def _marked(text: str) -> Iterator[Piece]:
    """Mark what was added or taken away without the comma that sets it off in a list."""
    what = text.strip(" ,")
    if not any(map(str.isalnum, what)):
        yield text, True
        return
    before, _, after = text.partition(what)
    yield from ((piece, piece is what) for piece in (before, what, after) if piece)


def _says_something(words: Sequence[str], start: int, length: int) -> bool:
    return any(word[0].isalnum() for word in words[start : start + length])


def _whole(text: str) -> list[Piece]:
    return [(text, False)] if text else []


def _plain(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    return [{"t": text, "d": differs} for text, differs in pieces]
