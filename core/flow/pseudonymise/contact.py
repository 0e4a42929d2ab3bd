"""Recognise e-mail addresses, phone numbers, web addresses, handles and network addresses."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from core.domain.identity import IdentityKind
from core.domain.mention import compact
from core.flow.pseudonymise.finding import Cued, Finding, head_end

_AT = re.compile(r"[ ]?(?:[@＠]|\((?:at|ät)\)|\[at\])[ ]?")
_LOCAL = re.compile(r"[\w.+%'’-]{1,64}$")
_DOMAIN = re.compile(r"[\w-]+(?:[ ]?(?:\.|\(dot\)|\[dot\])[ ]?[\w-]+)*?\.[^\W\d_]{2,24}(?![\w@])")

_SITES = (
    "linkedin|github|gitlab|bitbucket|twitter|facebook|instagram|xing|behance|dribbble|medium|"
    "stackoverflow|kaggle|orcid|youtube|telegram|skype|whatsapp|wechat|discord|slack|leetcode|"
    "hackerrank|codepen|researchgate|pinterest|tiktok|snapchat|viber|mastodon"
)
_TLD = (
    "com|net|org|io|me|dev|de|eu|uk|us|info|name|page|app|site|tech|xyz|ch|at|fr|nl|es|it|pl|in|"
    "ca|au|ly|gl|social|co"
)
_REST = r"[^\s<>\"'|(),;\[\]]+"
_SCHEME = Cued(r"(?:https?://|www\.)[^\s<>\"'|()\[\]]+", "http|www.")
_PATH = re.compile(rf"\.(?:{_TLD})/{_REST}", re.IGNORECASE)
_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w@])[\w][\w.-]{0,60}$")
_BARE_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{3,}\.){1,3}(?:com|net|org|io|me|dev|de|info|name|page|site|tech|xyz|"
    r"co\.uk)(?![\w@/.])",
    re.IGNORECASE,
)
_LABELLED_HANDLE = Cued(
    rf"\b(?:{_SITES})(?:[ ]?(?:id|handle|name|user(?:name)?|profile|account))?"
    r"[ ]{0,2}[:：][ ]{0,3}@?(?P<handle>[\w][\w.\-/:]{2,60})",
    _SITES,
)
_ICON_HANDLE = Cued(
    rf"(?:(?<=\s)|(?<=[/|]))(?:{_SITES})(?:-[\w-]+)?[ ]+@?(?P<handle>[\w][\w.\-]{{2,40}})"
    r"(?=[ ]*(?:[|•·\n]|$))",
    _SITES,
)
_AT_HANDLE = Cued(r"(?<![\w.@/])@(?P<handle>[A-Za-z_][\w.]{2,30})", "@")
_NETWORK = re.compile(
    r"\d(?<![\w.]\d)(?<!ersion \d)\d{0,2}(?:\.\d{1,3}){3}(?!\w|\.\d)"
    r"|[0-9A-Fa-f](?<![\w:].)[0-9A-Fa-f]{0,3}(?::[0-9A-Fa-f]{1,4}){7}(?![\w:])"
)

_HIGHEST_VERSION = 31

_PHONE = re.compile(
    r"(?<![\w.,/$€£¥#%+-])(?:\+[ ]?|\(\+?)?\d(?:[\d\u00a0 ().‑–·/\-]|\(0\)){4,24}\d"
    r"(?:[ ]?(?:x|ext\.?|extension)[ ]?\d{1,6})?(?![\w%€£$]|[.,]\d)"
)
_LABEL = re.compile(
    r"(?:\b(?:tel|telefon|telephone|phone|ph|mobile|mobil|mob|cell|cellular|handy|fax|whatsapp|"
    r"telefono|telefoon|puhelin|celular|m|t|p|h|c)\b|[☎📱📞🕿✆℡]|電話|携帯|番号)"
    r"[^\w\n]{0,3}(?:(?:no|nr|number|num|numbers?|is)\b)?[^\w\n+(]{0,4}$",
    re.IGNORECASE,
)
_WEAK_LABEL = re.compile(
    r"\b(?:call|contact|reach|text|at|on|to|office|home|work|direct|registered)\b"
    r"[^\w\n+(]{0,4}(?:(?:me|us|is|at|on)\b[^\w\n+(]{0,3})?$",
    re.IGNORECASE,
)
_LABEL_AFTER = re.compile(
    r"[ ]?[(\[]?(?:office|fax|mobile|mob|cell|home|work|tel|phone|landline|[mhocf])\b(?!-)",
    re.IGNORECASE,
)
_NOT_PHONE = re.compile(
    # Year ranges and dates, thousands, versions and grades, ZIP+4.
    r"\W*(?:19|20)\d\d[ ]?[-–/‑.][ ]?(?:\d{1,2}[ ]?[-–/.][ ]?\d{1,2}\b.*|(?:19|20)?\d\d\b.*)"
    r"|\W*(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|[12]\d|3[01])\1(?:\d\d){1,2}(?!\1).*"
    r"|\W*\d{1,2}[./-](?:19|20)\d\d\b.*|\d{1,3}(?:[ .]000)+|\d{5}-\d{4}|.*/.*\..*|\d+/\d+"
    r"|\d{1,2}/\d\d[ ]?[-–][ ]?\d{1,2}/\d\d"
    r"|\d{1,3}(?:\.\d{1,3}){3}|\d{1,2}(?:\.\d{1,2}){1,2}|.*(?<!\d)\d\.\d(?!\d).*"
)
_AREA_CODE = re.compile(r"\+|\(\+?\d{1,5}\)")
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-3])\d(?!\d)")
_REGIONS = (
    *("US", "GB", "DE", "IN", "FR", "ES", "IT", "NL", "PL", "AU", "CH", "AT", "SE", "DK", "NO"),
    *("FI", "BE", "PT", "IE", "BR", "MX", "SG", "HK", "JP", "CZ", "HU", "IS", "CY", "EE", "SI"),
)


def find_emails(text: str) -> Iterator[Finding]:
    """Find addresses, also with spaces or "(at)" around the sign."""
    if "@" not in text and "＠" not in text and "(at)" not in text and "[at]" not in text:
        return
    for at in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, at.start() - 64), at.start())
        domain = _DOMAIN.match(text, at.end())
        if local and domain:
            start = local.start() + len(local[0]) - len(local[0].lstrip(".-'’"))
            key = compact(text[start : domain.end()])
            yield Finding(IdentityKind.EMAIL, start, domain.end(), key)


def find_urls(text: str) -> Iterator[Finding]:
    """Find web addresses: those with a scheme or path anywhere, bare domains in the head."""
    if "." not in text:
        return
    for match in _SCHEME.finditer(text, text.lower()):
        yield _url(text, *match.span())
    for match in _PATH.finditer(text):
        host = _HOST.search(text, max(0, match.start() - 60), match.start())
        if host:
            yield _url(text, host.start(), match.end())
    for match in _BARE_DOMAIN.finditer(text, 0, head_end(text)):
        if _is_beside_contact(text, match):
            yield _url(text, *match.span())


def _url(text: str, start: int, end: int) -> Finding:
    value = text[start:end].rstrip(".,;:!?/")
    return Finding(IdentityKind.URL, start, start + len(value), compact(_PREFIX.sub("", value)))


def _is_beside_contact(text: str, match: re.Match[str]) -> bool:
    """A bare domain is contact detail on a line of its own or beside other contact details."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    line = text[start : end if end >= 0 else len(text)]
    return bool(re.search(r"@|[|•·]|\d{3}|^\W*\S+\W*$", line))


def find_handles(text: str) -> Iterator[Finding]:
    """Find user names after a site's name anywhere, and with "@" or an icon in the head."""
    lower, head = text.lower(), head_end(text)
    for cued, end in ((_LABELLED_HANDLE, None), (_ICON_HANDLE, head), (_AT_HANDLE, head)):
        for match in cued.finditer(text, lower, end):
            start, stop = match.span("handle")
            yield Finding(IdentityKind.HANDLE, start, stop, compact(match["handle"]))


def find_networks(text: str) -> Iterator[Finding]:
    """Find IPv4 and full IPv6 addresses."""
    if text.count(".") < 3 and text.count(":") < 7:
        return
    for match in _NETWORK.finditer(text):
        parts = [int(part) for part in match[0].split(".")] if "." in match[0] else [255]
        if not _HIGHEST_VERSION < max(parts) <= 255:
            continue
        yield Finding(IdentityKind.NETWORK, *match.span(), match[0])


def find_phones(text: str) -> Iterator[Finding]:
    """Find phone numbers by their form, a label nearby, or a country's numbering plan."""
    for match in _PHONE.finditer(text):
        start, end = match.span()
        while text[end - 1] == "(":
            end -= 1
        if _is_phone(text, start, end):
            yield Finding(IdentityKind.PHONE, start, end, phone_key(text[start:end]))


def phone_key(number: str) -> str:
    """Reduce a number to at most its last nine digits, the same with or without country code."""
    digits = re.sub(r"\D", "", re.split(r"[xe]", number, maxsplit=1, flags=re.IGNORECASE)[0])
    return digits[-9:]


def _is_phone(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    digits = sum(c.isdigit() for c in re.split("[xe]", number, maxsplit=1)[0])
    if not 6 <= digits <= 15 or _NOT_PHONE.fullmatch(number):
        return False
    before = text[max(0, start - 32) : start]
    if _LABEL.search(before) or (_AREA_CODE.match(number) and digits >= 7):
        return True
    after = _LABEL_AFTER.match(text, end)
    weak = digits >= 7 and not number.isdigit() and _WEAK_LABEL.search(before)
    if after or weak:
        return not _YEAR.search(number)
    return digits >= 9 and not _YEAR.search(number) and _is_in_plan(number)


@lru_cache(maxsize=4096)
def _is_in_plan(number: str) -> bool:
    """Say whether some country's plan has this number; unbroken digits need ten or more."""
    digits = re.sub(r"\D", "", number)
    if number.isdigit() and not 10 <= len(digits) <= 12:
        return False
    if digits.startswith("00"):
        number = "+" + digits[2:]
    for region in _REGIONS:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False
