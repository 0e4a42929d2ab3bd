"""How far an order reaches: its paragraph, what it introduces, what lies between two orders."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from core.domain.document import Span

# Where a line, cell or item ends. A sentence's end is none: what follows belongs to the same talk.
_END = re.compile(r"\n|\t| {2,}| [•·|▪►●➢] ")
_BACK, _AHEAD = 250, 1_000
"""Characters an order may drag along at most: a page without line breaks is no paragraph."""
_BETWEEN = 300
"""Characters between two orders that belong to them."""
_LONGEST_BLOCK = 2_000
_LONG_LINE, _HEADING = 60, 25
_OPEN, _CLOSE = "{[", "}]"


def extended(text: str, found: Sequence[Span]) -> list[Span]:
    """Widen ``found``, in order, to whole paragraphs and join what belongs together."""
    if not found:
        return []
    ends = list(_ends(text))
    # Joined first as well: a page of nothing but orders is widened once, not for each of them.
    wide = (_block(text, _paragraph(text, ends, span)) for span in _joined(found))
    return [_trimmed(text, span) for span in _joined(wide)]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and span.start - last.end <= _BETWEEN:
            joined[-1] = Span(min(last.start, span.start), max(last.end, span.end))
        else:
            joined.append(span)
    return joined


def _ends(text: str) -> Iterator[int]:
    yield 0
    line = 0
    for match in _END.finditer(text):
        if match[0] == "\n":
            length, line = match.start() - line, match.end()
            if _goes_on(text, match.start(), length):
                continue
        yield match.end()
    yield len(text)


def _goes_on(text: str, at: int, length: int) -> bool:
    """Say whether a sentence goes on behind the line break at ``at``: nothing ended it."""
    after = text[at + 1 : at + _HEADING + 2]
    first = after.lstrip(" ")[:1]
    if not first.isalnum() or text[max(at - 1, 0)] in ".!?:;。":
        return False
    return first.islower() or (length > _LONG_LINE and len(after) > _HEADING and "\n" not in after)


def _paragraph(text: str, ends: Sequence[int], span: Span) -> Span:
    start = ends[bisect_right(ends, span.start) - 1]
    place = bisect_left(ends, span.end)
    end = ends[min(place, len(ends) - 1)]
    if text[span.start : end].rstrip().endswith(":") and place + 1 < len(ends):
        end = ends[place + 1]
    return Span(max(start, span.start - _BACK, 0), max(span.end, min(end, span.end + _AHEAD)))


def _block(text: str, span: Span) -> Span:
    """Take the whole of a reply in braces that ``span`` lies in, or that is open at its end."""
    start = _opening(text, span.start)
    depth = _depth(text[start : span.end])
    if depth <= 0:
        return span
    for at, char in enumerate(text[span.end : span.end + _LONGEST_BLOCK], span.end):
        depth += _depth(char)
        if not depth:
            return Span(start, at + 1)
    return Span(start, span.end)


def _opening(text: str, at: int) -> int:
    """Find the brace before ``at`` that is still open there; ``at`` where there is none."""
    depth = 0
    for place in range(at - 1, max(at - _LONGEST_BLOCK, 0) - 1, -1):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth > 0:
            return place
    return at


def _depth(part: str) -> int:
    return sum(map(part.count, _OPEN)) - sum(map(part.count, _CLOSE))


def _trimmed(text: str, span: Span) -> Span:
    inside = span.of(text)
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))
