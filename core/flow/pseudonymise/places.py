"""Recognise postal addresses; a city without a street is kept, it may be a job's."""

import re
from collections.abc import Iterator

from babel import Locale

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import CAPITALISED, Cued, Finding

_STREET = (
    "street|st|str|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|"
    "sq|terrace|ter|way|circle|cir|crescent|cres|close|highway|hwy|parkway|pkwy|trail|trl|loop|"
    "row|gardens|gdns|grove|mews|walk|hill|park|alley|plaza|crossing|pike|turnpike|heights|"
    "coves?|junction|ridge|meadows?|causeway|bypass|esplanade"
)
_BEFORE_NAME = (
    r"rua|via|viale|vicolo|piazza|piazzetta|corso|largo|travessa|avenida|av\.|calle|carrer|c/|"
    r"plaza|paseo|rue|avenue|boulevard|chemin|quai|allée|impasse|ul\.|ulica|al\.|aleja|os\.|trg|"
    r"jalan|jl\.|strada|rruga|calea|alameda|praça|ronda|camino|carrera|fuente|contrada|borgo|zona"
)
_WORD_ENDS = (
    r"straße|strasse|str\.|platz|plads|allee|gasse|damm|ufer|chaussee|weg|straat|laan|plein|"
    r"gracht|dijk|kade|singel|gatan|vägen|gränd|gata|gate|gade|gården|vej|veien|vegen|katu|kuja|"
    r"kaari|stræde|utca|stíg|stígur|vegur|götu|strand|brink|rakpart|útja"
)
_UNIT = r"(?:apt|apartment|suite|ste|unit|flat|wohnung|appt|dept)\b\.?[ ]{0,2}#?[ ]?\d{1,5}[a-z]?\b"
_NOT_YEAR = r"(?!(?:19|20)\d\d\b)"
_HOUSE = r"\d{1,6}(?:[-/](?!(?:19|20)\d\d)\d{1,4})?[A-Za-z]?\b,?"
_LINKING = r"(?:d[aeiou]s?|del|la|le|of|the|den|van|von|der|i|y)[ ]"
_WORD = rf"(?:{_LINKING}|{CAPITALISED}\.?[ ]+|\d{{1,3}}(?:st|nd|rd|th)[ ]+)"

_COUNTRIES = "|".join(
    sorted((re.escape(name) for name in Locale("en").territories.values()), key=len, reverse=True)
)
_NUMBER = re.compile(r"\d(?<![\w./]\d)\d{0,5}")
_NUMBERED = (
    re.compile(
        rf"(?:{_HOUSE}[ ]+){{1,2}}(?:[NSEW]{{1,2}}\.?[ ]+)?(?:{_WORD}){{1,4}}?(?i:{_STREET})\b\.?"
    ),
    re.compile(
        rf"(?:{_HOUSE}[ ]+){{1,2}}(?:bis[ ]+)?(?i:{_BEFORE_NAME})[ ]+"
        r"(?:[^\W\d][\w'’.-]*[ ]?){1,5}(?:,?[ ]\d{1,4}\b)?"
    ),
)
# A house number, a name and another number: an address only where an address goes on.
_UNTYPED = re.compile(
    rf"{_NOT_YEAR}{_HOUSE}(?<!,)[ ]+(?:\d{{1,5}}[ ]+)?{_WORD}{{1,4}}(?:\d{{1,4}}[ ]?)?"
)
_GOES_ON = re.compile(
    rf"{_UNIT}|[,\n].*\d{{5}}|[,\n][ >?]*(?:{_COUNTRIES})$", re.IGNORECASE | re.DOTALL
)
_STREET_BEFORE = re.compile(
    rf"(?:(?<![\w.])(?:{_HOUSE}[ ]+){{1,2}})?(?:{CAPITALISED}\.?[ -]){{0,2}}"
    r"(?!\d)[\w.-]+[ ]{1,2}$"
)
_NAMED_BEFORE = Cued(
    rf"(?<!\w)(?:{_BEFORE_NAME})[ ]+(?:[^\W\d][\w'’.-]*,?[ ]){{1,5}}(?:n[.º°]?[ ]?)?"
    rf"{_NOT_YEAR}\d{{1,5}}\b",
    "|".join(re.sub(r"\\", "", f"{word} ") for word in _BEFORE_NAME.split("|")),
)
_WITH_UNIT = Cued(
    rf"\d(?<![\w.]\d)\d{{0,5}}[A-Za-z]?,?[ ]+[^\n,;:|]{{3,45}}?[\s,>]+{_UNIT}",
    "apt|apartment|suite|ste |ste.|unit |flat |wohnung|appt|dept",
)
_BOXES = (
    Cued(
        r"(?:(?<!\w)\d{1,5}[ ]+)?\b(?:p\.?[ ]?o\.?[ ]?box|postbox|postfach|postboks|postbus|"
        r"apartado|casella postale|boîte postale)[ ]+\d{1,7}\b",
        "box|post|apartado",
    ),
    Cued(r"\b(?:psc|cmr|unit)[ ]+\d{1,5},?[ ]+box[ ]+\d{1,5}\b", "box"),
    Cued(r"\b(?:usns|uss|uscgc|usnv|usnb|usss)[ ]+[^\W\d][\w'’-]*(?=[\s,]+[fad]po\b)", "po "),
)
_SPOKEN = (
    Cued(
        rf"\bcorner of (?:\d{{1,5}}[ ])?{CAPITALISED}[^\n,;]{{0,40}}? (?:and|&) "
        rf"{CAPITALISED}(?:[ ]{CAPITALISED})*(?:[ ]\d{{1,4}})?",
        "corner of",
        flags=0,
    ),
    Cued(
        r"\b(?:liv|resid|stay|locat|deliver|ship|sent|return|meet|arriv)\w*(?:[ ](?:me|it))?"
        r"[ ](?:at|to)[ ](?P<value>\d[^\n;!?]{4,60}?)"
        r"(?=[.!?;](?:\s|$)|\s*$|\n|[ ](?:in|on|last)\b)",
        " at | to ",
    ),
    Cued(
        r"(?<!mail )(?<!web )(?<!ip )\b(?:address|adresse|anschrift|residence|wohnhaft in|"
        r"住所|現住所)[ ]*(?:[:：]\s{0,3}|[ ]is[ ])(?:it is[ ])?(?P<value>[^\n]{4,90})",
        "address|adresse|anschrift|residence|wohnhaft|住所",
    ),
)
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|"
    "T[NX]|UT|V[AT]|W[AIVY]|A[AEP]"
)
_STATE_BEFORE = re.compile(rf"(?:^|[,\s])(?:{_STATES})[ ]{{1,2}}$")
_POSTCODES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[A-PR-UWYZ](?<!\w.)[A-HK-Y]?\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2}(?!\w)",
        r"[A-CEGHJ-NPR-TVXY](?<!\w.)\d[A-CEGHJ-NPR-TV-Z][ ]\d[A-CEGHJ-NPR-TV-Z]\d(?!\w)",
        r"〒[ ]?\d{3}-\d{4}",
    )
)
_PART_STARTS = frozenset((", ", "| ", "· ", "D-", "A-"))
_ANY_POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d"
    rf"|(?:[A-Z]{{1,2}}-)?{_NOT_YEAR}\d{{4,6}}(?:-\d{{3,4}})?)(?!\w)"
)
_SEGMENT = (
    rf"{CAPITALISED}[.]?(?:[ ](?:{CAPITALISED}|d[aeiou]s?|del|la|of|the|an|am|sur|in)[.]?){{0,5}}"
)
_BREAK = r"(?:[ ]?,|[ ])?(?:[ ]*\n[ >?]*){0,2}(?:,?[ ]+|(?<=[\n,>?]))"
_MORE = re.compile(rf"(?:{_BREAK},?[ ]*(?i:{_UNIT}))+")
_TOWN = re.compile(
    rf"(?:{_BREAK},?[ ]*{_SEGMENT}){{0,4}}?{_BREAK},?[ ]*{_ANY_POSTCODE}(?:[ ]{CAPITALISED}){{0,2}}"
)
_COUNTRY = re.compile(rf"(?:{_BREAK},?[ ]*{_SEGMENT}){{0,3}}?{_BREAK},?[ ]*(?:{_COUNTRIES})\b")
_WORD_ENDINGS = tuple(
    f"{end}{blank}" for end in _WORD_ENDS.replace("\\", "").split("|") for blank in (" ", "  ")
)


def find_addresses(text: str) -> Iterator[Finding]:
    """Find streets, boxes and spoken addresses with what follows up to the postcode."""
    lower = text.lower()
    for cued in (_WITH_UNIT, _NAMED_BEFORE, *_BOXES, *_SPOKEN):
        for match in cued.finditer(text, lower):
            group = "value" if "value" in cued.pattern.groupindex else 0
            yield _address(text, *match.span(group))
    for number in _NUMBER.finditer(text):
        yield from _around(text, *number.span())
    for pattern in _POSTCODES:
        for match in pattern.finditer(text):
            yield _finding(text, *match.span())


def _around(text: str, start: int, end: int) -> Iterator[Finding]:
    """Find the address of which the number at ``[start, end)`` is the first or last part."""
    for pattern in _NUMBERED:
        if match := pattern.match(text, start):
            stop = _continued(text, match.end())
            if stop > match.end() or not 1900 <= int(text[start:end]) < 2100:
                yield _finding(text, start, stop)
    if match := _UNTYPED.match(text, start):
        stop = _continued(text, match.end())
        if _GOES_ON.search(text, match.end(), stop):
            yield _finding(text, start, stop)
    before = text[max(0, start - 48) : start]
    if before.lower().endswith(_WORD_ENDINGS) and not 1900 <= int(text[start:end]) < 2100:
        street = _STREET_BEFORE.search(before)
        if street and end - start <= 4:
            yield _address(text, start - len(street[0]), end)
    if end - start == 5 and (
        _STATE_BEFORE.search(before[-6:]) or _is_german_town(text, start, end)
    ):
        yield _finding(text, start, end)


def _is_german_town(text: str, start: int, end: int) -> bool:
    """A five-digit number that begins a line or part of one, with a town after it."""
    begins = (
        start == 0 or text[start - 1] == "\n" or text[max(0, start - 2) : start] in _PART_STARTS
    )
    return begins and bool(re.match(r"[ ][A-ZÄÖÜ][a-zäöüß]+", text[end : end + 6]))


def _address(text: str, start: int, end: int) -> Finding:
    return _finding(text, start, _continued(text, end))


def _continued(text: str, end: int) -> int:
    """Move ``end`` past flat number, town, postcode and country, as far as they follow."""
    for part in (_MORE, _TOWN, _COUNTRY):
        match = part.match(text, end)
        end = match.end() if match else end
    return end


def _finding(text: str, start: int, end: int) -> Finding:
    end = start + len(text[start:end].rstrip(" ,.;\n"))
    value = text[start:end]
    # "Address: Leeds" does not make every Leeds an address: it may be a job's.
    numbered = any(character.isdigit() for character in value)
    return Finding(IdentityKind.ADDRESS, start, end, compact(value), searched=numbered)
