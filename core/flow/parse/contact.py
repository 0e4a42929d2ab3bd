"""Where the document says who and where the person is: spans, for pseudonymising."""

import re
from collections.abc import Sequence
from functools import cache
from unicodedata import normalize

from core.domain.document import Contact, Position, Span
from core.flow.parse.careers import is_title
from core.flow.parse.lines import Line, Lines
from core.flow.parse.lists import table
from core.flow.parse.sections import is_heading
from core.flow.parse.skills import is_skill

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?![\w-])")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]|,;]{3,200}"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){0,4}(?:linkedin|github|gitlab|xing|behance|dribbble|medium|twitter|facebook|"
    r"instagram|stackoverflow|kaggle|x)\.(?:com|org|net|io)/[^\s<>()\[\]|,;]{1,200}",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w/.+-])(?:\+|00|\(?\+?\d)[\d\s().\-–/]{6,22}\d(?![\w/])")
_YEARS = re.compile(
    r"(?:19|20)\d\d\D{0,5}(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d"
    r"|(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d"
)
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?,?\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9][\w.'’-]*\s+){1,4}"
    r"(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl"
    r"|Terrace|Square|Circle|Cir|Parkway|Pkwy|Close|Crescent|Gardens|Highway|Hwy)\b(?!/)\.?[^\n|•]{0,60}"
    r"|\b[A-ZÄÖÜ][\w.äöüß-]*(?:straße|strasse|str\.|weg|allee|platz|gasse|damm|ufer)"
    r"\s+\d{1,4}\s?[a-z]?\b[^\n|•]{0,50}"
    r"|\b(?:Straße|Str\.|Am|An der|Im|Auf der)\s+[A-ZÄÖÜ][\wäöüß-]+\s+\d{1,4}[a-z]?,"
    r"\s*\d{5}[^\n|•]{0,40}"
)
_PLACE = re.compile(
    r"\b[A-Z][\w.'’ -]{1,30},\s*(?:[A-Z]{2})\.?,?\s+\d{5}(?:-\d{4})?\b"
    r"|\b[A-Z][\w'’ -]{1,30},?\s+[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"
    r"|\b(?:D-)?\d{5}\s+[A-ZÄÖÜ][\wäöüß.-]+(?:\s+[A-ZÄÖÜ(][\wäöüß.()-]+){0,3}"
)
_LABELLED = re.compile(r"(?i:name|nom|nombre|vor- und nachname)(?:\s*:\s*(?=\S)|\s+(?=[A-ZÄÖÜ]))")
_PART = re.compile(r"\s*[|•·,(\t]|\s[-–—]\s|\s{3,}")
_LONGEST_NAME = 45
_TOP = 8
# A side column of contact and skills may come before the name.
_HEAD = 50
_HEADER = 900


def find_contact(lines: Lines, positions: tuple[Position, ...] = ()) -> Contact:
    """Find e-mails, links, phones and streets anywhere, towns in the header and footer."""
    text = lines.text
    emails = tuple(Span(*m.span()) for m in _EMAIL.finditer(text))
    urls = tuple(Span(m.start(), m.start() + len(m[0].rstrip(".:"))) for m in _URL.finditer(text))
    return Contact(
        name=_name(lines, {p.title.casefold() for p in positions}, [e.of(text) for e in emails]),
        emails=emails,
        phones=tuple(_phones(text, (*emails, *urls))),
        addresses=tuple(_addresses(text)),
        urls=tuple(u for u in urls if not any(u.overlaps(e) for e in emails)),
    )


def _phones(text: str, taken: tuple[Span, ...]) -> list[Span]:
    found = []
    for match in _PHONE.finditer(text):
        written = match[0].split("\n\n")[0]
        digits = sum(map(str.isdigit, written))
        span = Span(match.start(), match.start() + len(written.rstrip()))
        if (
            7 <= digits <= 15
            and not _YEARS.search(written)
            and not any(span.overlaps(t) for t in taken)
        ):
            found.append(span)
    return found


def _addresses(text: str) -> list[Span]:
    header, footer = text[:_HEADER], max(len(text) - 300, _HEADER)
    found = [Span(*m.span()) for m in _STREET.finditer(text)]
    for offset, part in ((0, header), (footer, text[footer:])):
        for match in _PLACE.finditer(part):
            span = Span(offset + match.start(), offset + match.end())
            if not any(span.overlaps(other) for other in found):
                found.append(span)
    return sorted(found)


def _name(lines: Lines, titles: set[str], emails: Sequence[str]) -> Span | None:
    """The line that reads like a name and like the e-mail address, or else the topmost such."""
    for line in lines.all[:_TOP]:
        if labelled := _LABELLED.match(line.text):
            return Span(line.start + labelled.end(), line.end)
    accounts = _folded(" ".join(email.partition("@")[0] for email in emails))
    topmost = None
    for line in lines.all[:_HEAD]:
        span = _as_name(line)
        if span is None or span.of(lines.text).casefold() in titles:
            continue
        if _matches(span.of(lines.text), accounts):
            return _with_surname(lines, line, span) or span
        if topmost is None and line.number < _TOP:
            topmost = _with_surname(lines, line, span)
    return topmost


def _matches(name: str, accounts: str) -> bool:
    return any(len(word) > 2 and word in accounts for word in _folded(name).split())


def _folded(text: str) -> str:
    """Write a name as e-mail addresses do."""
    german = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return normalize("NFKD", german).encode("ascii", "ignore").decode()


def _with_surname(lines: Lines, line: Line, span: Span) -> Span | None:
    """A lone word is a name only with its other half in the next line."""
    if " " in span.of(lines.text):
        return span
    below = lines.all[line.number + 1 : line.number + 2]
    if below and (other := _as_name(below[0])) and " " not in other.of(lines.text):
        return Span(span.start, other.end)
    return None


def _as_name(line: Line) -> Span | None:
    """Take the part before a comma or bar if it is one to four capitalised words and no title."""
    part = _PART.split(line.text, maxsplit=1)[0].strip()
    bare = [w for w in part.split() if w.casefold() not in _known("titles") | _known("after")]
    if not 1 <= len(bare) <= 4 or len(part) > _LONGEST_NAME or is_heading(line) or is_title(part):
        return None
    if any(w.casefold().strip(".:") in _known("no_names") for w in bare):
        return None
    if is_skill(part) or all(map(is_skill, bare)):
        return None
    if not all(map(_name_word, bare)) or all(len(w) <= 2 for w in bare):
        return None
    return Span(line.start, line.start + len(part))


def _name_word(word: str) -> bool:
    letters = re.sub(r"[.'’-]", "", word)
    return letters.isalpha() and (word[0].isupper() or word.casefold() in _known("particles"))


@cache
def _known(kind: str) -> frozenset[str]:
    return frozenset(table("resumes/people.toml")[kind])
