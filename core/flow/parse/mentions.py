"""Certificates, licences and spoken languages."""

import re
from functools import cache

from core.domain.document import LanguageSkill, Mention, Section, SectionKind, Span
from core.flow.parse.lists import alternatives, table

_NEAR = 45
# "fluent in written and spoken French"
_JOINT = 25
_CEFR = r"[ABC][12]\+?"
_PROMISED = re.compile(
    r"\b(?:want|wish|plan|willing|pursuing|seeking|preparing|studying|not|no)\b[^.\n]{0,40}$",
    re.IGNORECASE,
)


@cache
def _certificates() -> tuple[re.Pattern[str], dict[str, str]]:
    names = table("resumes/certificates.toml")["names"]
    by_writing = {_key(way): name for name, ways in names.items() for way in (*ways, name)}
    ways = [way for name, some in names.items() for way in (*some, name)]
    exact = [way for way in ways if way.upper() == way]
    free = [way for way in ways if way.upper() != way]
    pattern = rf"(?<![\w.])(?:{alternatives(exact)}|(?i:{alternatives(free)}))(?![\w+])"
    return re.compile(pattern), by_writing


def _key(way: str) -> str:
    return " ".join(way.casefold().split())


def find_certificates(text: str) -> tuple[Mention, ...]:
    """Find certificates by any of their writings; each place is a mention of its own."""
    pattern, names = _certificates()
    return tuple(
        Mention(names[_key(match[0])], Span(*match.span()))
        for match in pattern.finditer(text)
        if not _PROMISED.search(text[max(match.start() - 60, 0) : match.start()])
    )


@cache
def _languages() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    lists = table("resumes/languages.toml")
    codes = {name: code for code, names in lists["names"].items() for name in names}
    named = re.compile(rf"\b(?:{alternatives(codes)})\b", re.IGNORECASE)
    level = re.compile(rf"\b(?:{_CEFR}|(?i:{alternatives(lists['levels'])}))(?!\w)")
    return named, level, codes


def find_languages(text: str, sections: tuple[Section, ...]) -> tuple[LanguageSkill, ...]:
    """Find spoken languages: anywhere under a languages heading, elsewhere only with a level."""
    named, level, codes = _languages()
    rooms = [s.span for s in sections if s.kind is SectionKind.LANGUAGES]
    found: dict[str, LanguageSkill] = {}
    mentions = list(named.finditer(text))
    for index, match in enumerate(mentions):
        span = Span(*match.span())
        ahead = mentions[index + 1].start() if index + 1 < len(mentions) else len(text)
        behind = mentions[index - 1].end() if index else 0
        inside = any(room.start <= span.start < room.end for room in rooms)
        # Outside their own room, a language and its level share a line.
        ahead = ahead if inside else min(ahead, _line_end(text, span.end))
        words = _level_near(text, span, level, behind, ahead)
        code = codes[_key(match[0])]
        spoken = inside or (words and match[0][0].isupper())
        if spoken and (code not in found or (words and not found[code].level)):
            found[code] = LanguageSkill(code, words, span)
    return tuple(found.values())


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _level_near(text: str, span: Span, level: re.Pattern[str], behind: int, ahead: int) -> str:
    """The level after the language on its line or in the next, else just before it."""
    after = text[span.end : min(span.end + _NEAR, ahead)]
    if found := level.search(after.split("\n\n")[0]):
        gap = after[: found.start()]
        if gap.count("\n") <= 1 and not re.search(r"[.;!?]\s", gap) and len(gap) < 30:
            return found[0]
    before = text[max(span.start - _NEAR, behind) : span.start].rsplit("\n", 1)[-1]
    for found in reversed(list(level.finditer(before))):
        gap = before[found.end() :]
        return found[0] if len(gap) <= _JOINT and not re.search(r"[.,;)]", gap) else ""
    return ""
