"""Find the line near the top of a resume that carries the person's name."""

import re
from collections.abc import Iterator, Sequence

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import CAPITALISED, Finding, lines_of
from core.flow.pseudonymise.lexicon import lexicon

_LINES = 8
_INITIAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-ſ]\.?)"
_WORD = rf"(?:[A-ZÀ-ÖØ-ÞĀ-ſ]\.|{CAPITALISED})"
_PARTICLE = r"(?i:van|von|der|den|de|del|della|di|da|dos|das|do|la|le|el|al|bin|ibn|ter|zu|y|e)"
_NAME = re.compile(rf"{_WORD}(?:[ ]+(?:{_PARTICLE}[ ]+){{0,2}}{_WORD}){{1,4}}\.?")
_LETTERS = re.compile(r"[^\W\d_][^\W\d_.'’\- ]*(?:[ .'’-]+[^\W\d_][^\W\d_'’.-]*){0,5}\.?")
_HEADING = re.compile(
    r"\W*(?:curriculum vitae|r[ée]sum[ée]|cv|lebenslauf|bewerbung|profile?)\b(?:[ ](?:of|von))?\W*",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"[^|•·/\t,:(]+?(?=[ ]{3,}|[ ]+[-–—][ ]|[ ]*[|•·/\t,:(]|[ ]*$)")
_SPELLED_OUT = re.compile(r"(?:[^\W\d_][ ]){3,}[^\W\d_](?:[ ]{2,}(?:[^\W\d_][ ]?){2,})*$")
_CREDENTIAL = re.compile(
    r"(?:,?[ ]+(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|mba|cpa|esq|rn|bsn|msn|pmp|pe|msc|bsc|dr)\b\.?)+$",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(r"([\w.+-]+)[ ]?@")


def find_header_name(text: str) -> Iterator[Finding]:
    """Find the first line near the top that is a name by form, lexicon or e-mail address."""
    addressees = " ".join(compact(m[1]) for m in _ADDRESSEE.finditer(text, 0, 3000))
    after_heading = True
    for number, line in enumerate(lines_of(text[:1500])):
        if number == _LINES:
            return
        heading = _HEADING.match(line[0])
        start = line.start() + (heading.end() if heading else len(line[0]) - len(line[0].lstrip()))
        segment = _SEGMENT.match(text, start, line.end())
        name = _name_in(segment[0], first=after_heading, addressees=addressees) if segment else ""
        if segment and name:
            yield Finding(IdentityKind.NAME, start, start + len(name), name)
            return
        after_heading = bool(heading) and start >= line.end()


def _name_in(segment: str, *, first: bool, addressees: str) -> str:
    """Give the leading part of a header line that is a name, or nothing."""
    if _SPELLED_OUT.match(segment):
        joined = compact(segment)
        known = lexicon()
        return segment if first and joined not in known.not_in_names | known.words else ""
    name = _CREDENTIAL.sub("", segment).rstrip()
    words = name.split()
    parts = [compact(word) for word in words]
    addressed = [p for p in parts if len(p) >= 3 and p in addressees]
    if addressed and len(words) <= 5 and _LETTERS.fullmatch(name):
        return name
    if not _NAME.fullmatch(name):
        return ""
    return name if _looks_like_name(parts, first=first) else _before_title(words, parts)


def _looks_like_name(parts: Sequence[str], *, first: bool) -> bool:
    """Judge 2–5 capitalised words: a given name leads, or on the first line nothing speaks against.

    ``first``: the document's first line, where an unknown name is likelier than anything else.
    """
    known = lexicon()
    surely_given = parts[0] in known.given and parts[0] not in known.words
    if any(p in known.not_in_names for p in parts):
        initials = all(len(p) == 1 for p in parts[1:-1])
        return surely_given and first and initials and parts[-1] in known.family
    if parts[0] in known.given:
        return True
    return first and any(p not in known.words for p in parts)


def _before_title(words: Sequence[str], parts: Sequence[str]) -> str:
    """Cut a job title off that follows the name on the same line ("Ana Cruz Senior Nurse")."""
    known = lexicon()
    cut = next((n for n, p in enumerate(parts) if p in known.not_in_names), 0)
    leads = cut >= 2 and parts[0] in known.strong_given and parts[1] not in known.words
    return " ".join(words[:cut]) if leads else ""
