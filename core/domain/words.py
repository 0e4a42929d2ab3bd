"""Full-text questions to a resume: parsed from what people type, matched without an index.

| typed | asks for |
|---|---|
| `java spring` | both words |
| `"project manager"` | the words in this order |
| `java OR kotlin` | either; OR binds closer than the unwritten AND between words |
| `-php`, `NOT php` | resumes without it |
| `logist*` | every word that begins so |
| `(a b) OR c` | brackets group |

Case and accents make no difference. Nothing that can be typed is an error: an unclosed quote or
bracket closes at the end, and what asks nothing is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.document import Span
from core.domain.folding import fold, laid_out, origin
from core.domain.views import Found

_LONGEST, _DEEPEST = 400, 20
"""Characters and nested brackets of a question that are taken at most."""
_PASSAGE, _BEFORE = 160, 60
"""Characters of a passage, and those before its first hit."""

# Scripts that put no space between words: a word may begin and end anywhere in them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
)
_LETTER = rf"[^\W_{_UNSPACED}]"
_IS_LETTER = re.compile(_LETTER)
_JOINT, _GAP = r"[\s-]*", r"[\s-]+"
_TOKEN = re.compile(
    r'(?P<no>-(?=[^\s)-]))?(?:"(?P<phrase>[^"]*)(?:"(?P<star>\*)?)?|(?P<mark>[()])|(?P<word>[^\s"()]+))'
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class _Term:
    """One word or phrase; ``needle`` is its longest piece, a quick way to say no."""

    pattern: re.Pattern[str]
    needle: str

    def holds(self, text: str) -> bool:
        return self.needle in text and self.pattern.search(text) is not None

    def wanted(self) -> "Iterator[_Term]":
        yield self


@dataclass(frozen=True, slots=True)
class _Not:
    part: "_Part"

    def holds(self, text: str) -> bool:
        return not self.part.holds(text)

    def wanted(self) -> Iterator[_Term]:
        yield from ()


@dataclass(frozen=True, slots=True)
class _All:
    parts: "tuple[_Part, ...]"

    def holds(self, text: str) -> bool:
        return all(part.holds(text) for part in self.parts)

    def wanted(self) -> Iterator[_Term]:
        for part in self.parts:
            yield from part.wanted()


@dataclass(frozen=True, slots=True)
class _Any(_All):
    def holds(self, text: str) -> bool:
        return any(part.holds(text) for part in self.parts)


_Part = _Term | _Not | _All


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks of resumes; build with ``question``."""

    part: _Part | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked."""
        return self.part is None

    def find(self, text: str) -> Found | None:
        """Show where ``text`` answers; None where it does not, and where nothing is asked.

        The passage has at most 160 characters. An answer that is only "without" begins the text.
        """
        folded = fold(text)
        if self.part is None or not self.part.holds(folded):
            return None
        wanted = tuple(self.part.wanted())
        places = [hit.start() for term in wanted if (hit := term.pattern.search(folded))]
        return _found(text, origin(text, min(places)) if places else 0, wanted)


def question(typed: str) -> Question:
    """Read what somebody typed; anything can be read, at worst as nothing."""
    tokens = [*_TOKEN.finditer(typed[:_LONGEST].translate(_QUOTES))]
    return Question(_Reading(tokens).all_of(0))


@dataclass(slots=True)
class _Reading:
    """Descends through tokens; ``at`` is the next one."""

    tokens: list[re.Match[str]]
    at: int = 0

    def all_of(self, depth: int) -> _Part | None:
        parts: list[_Part] = []
        while self.at < len(self.tokens):
            if depth and self._next() == ")":
                break
            part = self._any_of(depth)
            parts += [part] if part else []
        return _joined(_All, parts)

    def _any_of(self, depth: int) -> _Part | None:
        parts = [self._one(depth)]
        while self._next() == "OR":
            self.at += 1
            parts.append(self._one(depth))
        return _joined(_Any, [part for part in parts if part])

    def _one(self, depth: int) -> _Part | None:
        no = False
        while self._next() in {"NOT", "AND", "OR"}:
            no ^= self._next() == "NOT"
            self.at += 1
        if self.at >= len(self.tokens) or (depth and self._next() == ")"):
            return None
        token = self.tokens[self.at]
        self.at += 1
        part = self._group(depth) if token["mark"] == "(" else _term(token)
        return _Not(part) if part and no != bool(token["no"]) else part

    def _group(self, depth: int) -> _Part | None:
        if depth >= _DEEPEST:
            return None
        part = self.all_of(depth + 1)
        self.at += 1
        return part

    def _next(self) -> str:
        """The coming bracket or bare word; a quoted or negated one is never a command."""
        if self.at >= len(self.tokens):
            return ""
        token = self.tokens[self.at]
        return "" if token["no"] else token["mark"] or token["word"] or ""


def _joined(kind: type[_All], parts: list[_Part]) -> _Part | None:
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _term(token: re.Match[str]) -> _Term | None:
    typed = fold(token["phrase"] or token["word"] or "")
    starts = bool(token["star"]) or typed.endswith("*")
    words = [pieces for word in typed.split() if (pieces := _pieces(word))]
    if not words:
        return None
    first, last = words[0][0], words[-1][-1]
    body = _GAP.join(_JOINT.join(map(re.escape, pieces)) for pieces in words)
    # The look back stands behind the first piece: a pattern that begins with letters is found fast.
    rest = body.removeprefix(re.escape(first))
    pattern = f"{re.escape(first)}{_begins(first)}{rest}{f'{_LETTER}*' if starts else _ends(last)}"
    return _Term(re.compile(pattern), max((p for word in words for p in word), key=len))


def _pieces(word: str) -> list[str]:
    """Take the marks of a sentence off a word and part it at hyphens; ``c++`` keeps its marks."""
    bare = word.strip("*,;:!?'-").rstrip(".")
    return [piece for piece in bare.split("-") if piece]


def _begins(piece: str) -> str:
    unspaced = re.match(f"[{_UNSPACED}]", piece)
    return "" if unspaced else f"(?<!{_LETTER}{re.escape(piece)})"


def _ends(piece: str) -> str:
    if not _IS_LETTER.match(piece[-1]):
        return ""
    # One letter before a mark is another thing's name: C++, C#, R&D.
    return f"(?!{_LETTER}|[+#&])" if len(piece) == 1 and piece.isalpha() else f"(?!{_LETTER})"


def _found(text: str, first: int, wanted: tuple[_Term, ...]) -> Found:
    start = max(0, first - _BEFORE)
    if start:
        # A word that the edge cuts through is left out.
        start = next((i + 1 for i in range(start, first) if text[i].isspace()), start)
    passage = _UNSEEN.sub(" ", text[start : start + _PASSAGE])
    folded, origins = laid_out(passage)
    hits = {
        Span(origins[hit.start()], origins[hit.end() - 1] + 1)
        for term in wanted
        for hit in term.pattern.finditer(folded)
    }
    return Found(passage, _apart(sorted(hits)))


def _apart(hits: list[Span]) -> tuple[Span, ...]:
    """Join hits that overlap, so that each character is lit once."""
    kept: list[Span] = []
    for hit in hits:
        if kept and hit.overlaps(kept[-1]):
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, hit.end))
        elif hit.start < hit.end:
            kept.append(hit)
    return tuple(kept)
