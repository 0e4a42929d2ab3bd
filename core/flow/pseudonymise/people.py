"""Find names nobody told us: the document's header, and people introduced by their context."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.domain.mention import compact, folded
from core.flow.pseudonymise.finding import CAPITALISED, Finding
from core.flow.pseudonymise.lexicon import lexicon
from core.flow.pseudonymise.names import name_parts

_PARTICLE = r"(?:van|von|der|den|de|del|della|di|da|dos|das|do|la|le|el|al|bin|ibn|ter|zu|y|e)"
_INITIAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-ſ]\.?)"
_NAME_WORD = rf"(?:{CAPITALISED}|{_INITIAL})"
_FULL_NAME = rf"{_NAME_WORD}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_NAME_WORD}){{0,3}}"

_HONORIFIC = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Herr|Herrn|Frau|Mme|Mlle|Rev)\b\.?[ ]"
    rf"(?:(?:Dr|Prof)\.?[ ])?(?P<name>{_FULL_NAME})"
)
_INTRODUCED = re.compile(
    r"(?:\b(?i:my name is|full name|first name|last name|surname|candidate name|name|vorname|nachname|familienname|"
    r"(?:father|mother|husband|spouse|guardian)['’]?s?[ ](?:name)|manager|line manager|supervisor|advisor|adviser|"
    r"reference|referee|contact person|ansprechpartner(?:in)?|vorgesetzter?|betreuer|attn|resume of|cv of|"
    r"curriculum vitae of|lebenslauf(?: von)?|signed|unterschrift)[ ]?[:：–-]?[ ]{1,3}|(?:氏\s*名|名前)[ :：]*)"
    rf"(?P<name>(?:[ぁ-んァ-ヶ一-龠々]{{1,6}}[ 　]?[ぁ-んァ-ヶ一-龠々]{{1,6}}|{_FULL_NAME}))"
)
_SPOKEN = re.compile(
    r"\b(?:I am|I['’]m|this is|reported to|reporting to|reports to|report to|supervised by|managed by|mentored by|advised by|"
    r"directed by|written by|produced by|sung by|says|said|told|asked|called|named|known as|sincerely,?|regards,?|(?:my|his|her) "
    rf"(?:manager|boss|colleague|friend|wife|husband|brother|sister))[ \n]{{1,2}}(?P<name>{_FULL_NAME})",
)
_ACTING = re.compile(
    rf"(?:(?<=\n)|(?<=[.!?:\"”] )|^)(?P<name>{_FULL_NAME})(?=[ ](?:lives|lived|says|said|had given|told|was born|is married|spent|listed|is from)\b)"
)
_WORD = re.compile(rf"{CAPITALISED}")
_PAIR_REST = re.compile(
    rf"[ ](?:{_INITIAL}[ ]|{_PARTICLE}[ ]){{0,2}}(?P<family>{CAPITALISED}(?:[ ]{CAPITALISED})?)"
)

_HEADING = re.compile(
    r"\W*(?:curriculum vitae|r[ée]sum[ée]|cv|lebenslauf|bewerbung|profile?)\b(?:[ ](?:of|von))?\W*",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"[^|•·/\t,:(]+?(?=[ ]{2,}|[ ][-–—][ ]|[|•·/\t,:(]|$)")
_LETTERSPACED = re.compile(r"(?:[^\W\d_][ ]){3,}[^\W\d_](?:[ ]{2,}(?:[^\W\d_][ ]?){2,})*$")
_NAME_LINE = re.compile(rf"{_NAME_WORD}(?:[ ](?:(?i:{_PARTICLE})[ ]){{0,2}}{_NAME_WORD}){{1,4}}\.?")
_CREDENTIAL = re.compile(
    r"(?:,?[ ](?:jr|sr|ii|iii|iv|ph\.?d|md|m\.d|mba|cpa|esq|rn|bsn|msn|pmp|pe|msc|bsc|ma|ba|dr)\b\.?)+$",
    re.IGNORECASE,
)
_HEADER_LINES = 8


def find_header_name(text: str) -> Iterator[Finding]:
    """Find the line near the top that carries the person's name."""
    local_parts = "".join(compact(m[1]) for m in re.finditer(r"([\w.+-]+)@", text[:3000]))
    lines = [m for m in re.finditer(r"[^\n]*\S[^\n]*", text[:1500])][:_HEADER_LINES]
    for number, line in enumerate(lines):
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        heading = _HEADING.match(text, start, line.end())
        if heading:
            start = heading.end()
        segment = _SEGMENT.match(text, start, line.end())
        if segment is None:
            continue
        name = _header_name(segment[0], first=number <= (1 if heading else 0), local=local_parts)
        if name:
            offset = segment[0].index(name) + segment.start()
            yield Finding(IdentityKind.NAME, offset, offset + len(name), name)
            return


def _header_name(segment: str, *, first: bool, local: str) -> str:
    """Give the part of a header line that is a name, or nothing."""
    plain = segment.strip()
    if _LETTERSPACED.match(plain):
        return plain if first and not _has_job_words(plain.replace(" ", "")) else ""
    plain = _CREDENTIAL.sub("", plain).strip()
    words = plain.split()
    parts = [compact(w) for w in words]
    in_address = any(len(p) >= 3 and p in local for p in parts)
    if (
        in_address
        and len(words) <= 5
        and plain.replace(" ", "")
        .replace(".", "")
        .replace("-", "")
        .replace("'", "")
        .replace("’", "")
        .isalpha()
    ):
        return plain if len(words) > 1 or len(plain) > 3 else ""
    if not _NAME_LINE.fullmatch(plain):
        return ""
    words_known = lexicon()
    given = parts[0] in words_known.given
    surely_given = parts[0] in words_known.given and parts[0] not in words_known.words
    if any(p in words_known.not_in_names for p in parts[1:-1]):
        return ""
    if parts[-1] in words_known.not_in_names or parts[0] in words_known.not_in_names:
        return plain if surely_given and first and len(parts) == 2 else ""
    if given:
        return plain
    ordinary = sum(p in words_known.words for p in parts)
    return plain if first and ordinary < len(parts) - (parts[0] in words_known.words) else ""


def _has_job_words(joined: str) -> bool:
    plain = compact(joined)
    return plain in lexicon().not_in_names or plain in lexicon().words


def find_people(text: str) -> Iterator[Finding]:
    """Find people by title, label, sentence, or a given name with a family name after it."""
    for pattern in (_HONORIFIC, _INTRODUCED, _SPOKEN, _ACTING):
        for match in pattern.finditer(text):
            name = _trimmed(match["name"], strict=pattern is not _HONORIFIC)
            if name:
                start = match.start("name")
                yield Finding(IdentityKind.NAME, start, start + len(name), name)
    yield from _lexicon_names(text)


def _trimmed(name: str, *, strict: bool) -> str:
    """Cut words off that belong to a title, heading or organisation; nothing if none remain."""
    known = lexicon()
    words = name.split(" ")
    kept: list[str] = []
    for word in words:
        plain = compact(word.removesuffix("'s").removesuffix("’s"))
        if plain in known.not_in_names:
            break
        kept.append(word)
    if strict and kept and all(compact(w) in known.words or len(compact(w)) < 2 for w in kept):
        return ""
    if kept and len(kept) < len(words) and compact(words[len(kept)]) in known.organisation_words:
        return ""
    joined = " ".join(kept)
    return joined.removesuffix("'s").removesuffix("’s").rstrip("-'’")


def _lexicon_names(text: str) -> Iterator[Finding]:
    known = lexicon()
    end = 0
    for word in _WORD.finditer(text):
        if word.start() < end or folded(word[0]) not in known.strong_given:
            continue
        rest = _PAIR_REST.match(text, word.end())
        if rest is None:
            continue
        name = _trimmed(text[word.start() : rest.end()], strict=True)
        family = name_parts(name)[-1:]
        if len(name) > len(word[0]) and family and folded(family[0]) not in known.ordinary:
            end = word.start() + len(name)
            yield Finding(IdentityKind.NAME, word.start(), end, name)
