"""Recognise postal addresses; a city without a street or postcode is kept, it may be a job's."""

import re
from collections.abc import Iterator

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import CAPITALISED, Finding

_STREET_TYPES = (
    "street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|"
    "terrace|ter|way|circle|cir|crescent|cres|close|highway|hwy|parkway|pkwy|trail|trl|loop|row|"
    "gardens|gdns|grove|mews|walk|hill|park|alley|plaza|crossing|pike|turnpike|heights|rise|view"
)
_PREFIX_TYPES = (
    r"rua|via|viale|vicolo|piazza|piazzetta|corso|largo|travessa|avenida|av\.|calle|carrer|c/|"
    r"plaza|paseo|rue|avenue|boulevard|chemin|quai|allée|impasse|ul\.|ulica|al\.|aleja|os\.|trg|"
    r"jalan|jl\.|strada|rruga|calea|alameda|praça|ronda|camino|carrera|fuente|contrada|borgo"
)
_SUFFIX_TYPES = (
    "straße|strasse|str\\.|platz|allee|gasse|damm|ufer|chaussee|weg|straat|laan|plein|gracht|dijk|"
    "kade|singel|gatan|vägen|gränd|gata|gate|gade|gården|vej|veien|vegen|katu|kuja|stræde|"
    "utca|stíg|stígur|vegur|götu|strand|brink"
)
_UNIT = r"(?:apt|apartment|suite|ste|unit|flat|wohnung|appt|dept)\b\.?[ ]{0,2}#?[ ]?\d{1,5}[a-z]?\b"
_NUMBER = r"\d{1,6}(?:[-/]\d{1,4})?[A-Za-z]?\b,?"
_WORD = rf"(?:(?:d[aeiou]s?|del|la|le|of|the|den|van|von|der)[ ]|{CAPITALISED}\.?[ ]+|\d{{1,3}}(?:st|nd|rd|th)[ ]+)"

_STREETS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (
            rf"(?<![\w.]){_NUMBER}[ ]+(?:\d{{1,5}}[ ]+)?(?:[NSEW]{{1,2}}\.?[ ]+)?{_WORD}{{1,4}}"
            rf"(?i:{_STREET_TYPES})\b\.?",
            0,
        ),
        (
            rf"(?:(?<![\w.]){_NUMBER}[ ]+)?(?:{CAPITALISED}[ -]){{0,2}}(?!\d)[\w-]*"
            rf"(?i:{_SUFFIX_TYPES})[ ]{{1,2}}(?!(?:19|20)\d\d\b)\d{{1,4}}[ ]?[a-zA-Z]?\b",
            0,
        ),
        (
            rf"(?:(?<![\w.]){_NUMBER}[ ]+(?:bis[ ]+)?)(?i:{_PREFIX_TYPES})[ ]+(?:[\w'’.-]+[ ]?){{1,4}}"
            r"(?:,?[ ]\d{1,4}\b)?",
            0,
        ),
        (
            rf"(?<!\w)(?i:{_PREFIX_TYPES})[ ]+(?:[^\W\d][\w'’.-]*,?[ ]){{1,5}}(?:n[.º°]?[ ]?)?"
            r"(?!(?:19|20)\d\d\b)\d{1,5}\b",
            0,
        ),
        (rf"(?<![\w.]){_NUMBER}[ ]+[^\n,;:|]{{3,45}}?[\s,]+{_UNIT}", re.IGNORECASE),
        (
            r"\b(?:p\.?[ ]?o\.?[ ]?box|postbox|postfach|postboks|postbus|apartado|casella postale|"
            r"boîte postale)[ ]+\d{1,7}\b",
            re.IGNORECASE,
        ),
        (r"\b(?:psc|cmr|unit)[ ]+\d{1,5},?[ ]+box[ ]+\d{1,5}\b", re.IGNORECASE),
        (r"\b(?:usns|uss|uscgc|usnv)[ ]+[^\W\d][\w'’-]*(?=[\s,]+[fad]po\b)", re.IGNORECASE),
        (
            rf"\bcorner of {CAPITALISED}[^\n,.;]{{0,40}}? (?:and|&) {CAPITALISED}(?:[ ]{CAPITALISED})*",
            0,
        ),
        (
            r"(?:(?:liv|resid|stay|work|locat)\w*|deliver\w*|ship\w*|sent|return|meet me|arrived|"
            r"address is|address[:：])[ ]+(?:at|to|is|in)?[ ]*(?P<value>\d[^\n;!?]{4,60}?)"
            r"(?=[.!?;]?(?:\s|$))(?=[.!?;]|\s*$|\n|[ ](?:in|on|last|this)\b)",
            re.IGNORECASE,
        ),
    )
)
_LABELLED = re.compile(
    r"(?<!mail )(?<!web )(?<!ip )\b(?:(?:home|permanent|present|current|postal|mailing|residential|"
    r"correspondence)[ ])?(?:address|adresse|anschrift|residence|wohnhaft in|住所|現住所)"
    r"[ ]*(?:[:：][ \n]{0,3}|[ ]is[ ])(?:it is[ ])?(?P<value>[^\n]{4,90})",
    re.IGNORECASE,
)
_US_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|"
    "T[NX]|UT|V[AT]|W[AIVY]|A[AEP]"
)
_POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}|[A-Z]\d[A-Z][ ]\d[A-Z]\d"
    r"|(?:[A-Z]{1,2}-)?(?!(?:19|20)\d\d\b)\d{4,6}(?:-\d{3,4})?)(?!\w)"
)
_LONE_POSTCODES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:,[ ]?|[ ])(?:{_US_STATES})[ ]{{1,2}}(?P<value>\d{{5}}(?:-\d{{4}})?)(?![\w-])",
        r"(?<!\w)(?P<value>[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2})(?!\w)",
        r"(?<!\w)(?P<value>[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z][ ]\d[A-CEGHJ-NPR-TV-Z]\d)(?!\w)",
        r"(?P<value>〒[ ]?\d{3}-\d{4})",
        r"(?:(?<=\n)|(?<=, )|(?<=\| )|(?<=· ))(?P<value>(?:(?:D|A|CH)-)?\d{5})(?=[ ][A-ZÄÖÜ][a-zäöüß]+)",
    )
)
_SEGMENT = rf"(?:{CAPITALISED}[.]?)(?:[ ](?:{CAPITALISED}|d[aeiou]s?|of|an|am|sur|in)[.]?){{0,4}}"
_BREAK = r"(?:[ ]?,[ ]*|[ ]*\n[ >?]*|[ ]+)"
_TAIL = re.compile(
    rf"(?:{_BREAK},?[ ]*(?i:{_UNIT})){{0,2}}"
    rf"(?:(?:{_BREAK},?[ ]*{_SEGMENT}){{0,4}}?{_BREAK},?[ ]*{_POSTCODE}(?:[ ]{CAPITALISED}){{0,2}})?"
)


def find_addresses(text: str) -> Iterator[Finding]:
    """Find streets, boxes and labelled addresses with what follows up to the postcode."""
    for pattern in _STREETS:
        for match in pattern.finditer(text):
            group = "value" if "value" in pattern.groupindex else 0
            start, end = match.span(group)
            tail = _TAIL.match(text, end)
            yield _address(text, start, tail.end() if tail else end)
    for match in _LABELLED.finditer(text):
        start, end = match.span("value")
        tail = _TAIL.match(text, end)
        yield _address(text, start, tail.end() if tail else end)
    for pattern in _LONE_POSTCODES:
        for match in pattern.finditer(text):
            yield _address(text, *match.span("value"))


def _address(text: str, start: int, end: int) -> Finding:
    end = start + len(text[start:end].rstrip(" ,.;\n"))
    return Finding(IdentityKind.ADDRESS, start, end, compact(text[start:end]))
