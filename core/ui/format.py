"""How values read on the screen: in the recruiter's words, dates with a zone, text as text."""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, format_percent

from core.domain.actor import Role
from core.domain.approval import OutboxState
from core.domain.assessment import Score, Standing
from core.domain.criteria import CriterionKind, Importance
from core.domain.document import FlagKind
from core.domain.records import Requisition
from core.domain.routing import Suggestion
from core.domain.rows import WorkState

STANDING = {
    Standing.MET: ("check_circle", "Met"),
    Standing.PARTLY: ("contrast", "Partly"),
    Standing.NOT_SHOWN: ("radio_button_unchecked", "Not shown"),
    Standing.NO_DATA: ("help", "No data"),
}
SIGN = {
    Standing.MET: "●",
    Standing.PARTLY: "◐",
    Standing.NOT_SHOWN: "○",
    Standing.NO_DATA: "?",
}
Tone = Literal["red", "orange", "blue", "green", "violet", "gray"]
STATE: dict[WorkState, tuple[str, str, Tone]] = {
    WorkState.NEW: ("fiber_new", "New", "gray"),
    WorkState.QUEUED: ("schedule", "Waiting to be scored", "gray"),
    WorkState.ASSESSED: ("fact_check", "Scored", "blue"),
    WorkState.UNGRADED: ("visibility", "Needs your eyes", "violet"),
    WorkState.PROPOSED: ("inbox", "Waiting for a decision", "orange"),
    WorkState.APPROVED: ("hourglass_top", "Approved, on its way", "blue"),
    WorkState.WRITTEN: ("task_alt", "Written to iCIMS", "green"),
    WorkState.REFUSED: ("block", "Not written", "gray"),
    WorkState.NEEDS_ATTENTION: ("error", "Needs attention", "red"),
}
SUGGESTION = {
    Suggestion.TALENT_POOL: ("inventory_2", "Consider the talent pool"),
    Suggestion.REVIEW: ("rate_review", "Review"),
    Suggestion.SCREENING_CALL: ("call", "Consider a screening call"),
}
FLAG = {
    FlagKind.HIDDEN_TEXT: "Hidden text",
    FlagKind.TINY_TEXT: "Tiny text",
    FlagKind.OFF_PAGE_TEXT: "Text outside the page",
    FlagKind.INSTRUCTION: "Text that speaks to a machine",
    FlagKind.KEYWORD_STUFFING: "Keywords repeated",
    FlagKind.BROKEN_ENCODING: "Characters broken",
    FlagKind.SCANNED: "Scanned image",
    FlagKind.TRUNCATED: "Cut off",
    FlagKind.EMBEDDED_OBJECT: "Embedded object",
    FlagKind.PHOTO: "Photo",
}
KIND = {
    CriterionKind.SKILL: "Skill",
    CriterionKind.YEARS: "Years of experience",
    CriterionKind.CERTIFICATE: "Certificate or licence",
    CriterionKind.EDUCATION: "Education",
    CriterionKind.LANGUAGE: "Language",
    CriterionKind.SHIFT: "Shift or availability",
    CriterionKind.LOCATION: "Location",
    CriterionKind.DUTY: "Duty",
}
IMPORTANCE = {Importance.REQUIRED: "Required", Importance.PREFERRED: "Preferred"}
ROLE = {
    Role.RECRUITER: "Recruiter",
    Role.HIRING_MANAGER: "Hiring manager",
    Role.COMPLIANCE: "Compliance",
    Role.ADMIN: "Administrator",
}
WRITE: dict[OutboxState, tuple[str, str, Tone]] = {
    OutboxState.WAITING: ("hourglass_top", "Waiting for the undo time to end", "blue"),
    OutboxState.SENDING: ("sync", "Being written", "blue"),
    OutboxState.DONE: ("task_alt", "Written to iCIMS", "green"),
    OutboxState.CANCELLED: ("undo", "Undone before it was written", "gray"),
    OutboxState.STALE: ("sync_problem", "Stopped: the record changed in iCIMS", "red"),
    OutboxState.FAILED: ("error", "iCIMS refused it", "red"),
}

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINKS_ITSELF = re.compile(r"([:@]|www)(?=\S)", re.IGNORECASE)
# Direction overrides and invisible characters can make a name read as another one.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def sentence(text: str) -> str:
    """Begin with a capital letter, but for iCIMS's own name, and end with a stop."""
    begin = text[:1] if text.startswith("iCIMS") else text[:1].upper()
    return f"{begin}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def one_line(text: str, limit: int = 120) -> str:
    """Fit foreign text into one line: no control or direction characters, cut at ``limit``."""
    # Most text has nothing to take out, and tables ask for thousands of lines.
    line = " ".join((text if text.isprintable() else _INVISIBLE.sub(" ", text)).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def escaped(text: str, limit: int = 120) -> str:
    """Fit text from iCIMS into a Markdown line: every sign stands for itself.

    Backslashes stop Markdown; addresses and :shortcodes: are found later, in the finished text,
    and an unseen word joiner keeps those apart. Where text must stay exact, use ``st.text``.
    """
    apart = _LINKS_ITSELF.sub("\\1\u2060", one_line(text, limit))
    return _PUNCTUATION.sub(r"\\\1", apart)


def icon(name: str) -> str:
    """Name a Material symbol the way Streamlit wants it."""
    return f":material/{name}:"


def score(value: Score | None) -> str:
    """Say a score with its band."""
    return "–" if value is None else f"{value.value} ± {value.band}"


def percent(share: float | None, tongue: str = "") -> str:
    """Say a share of one in whole percent."""
    return "–" if share is None else str(format_percent(round(share, 2), locale=locale(tongue)))


def number(count: int, tongue: str = "") -> str:
    """Say a count the way the reader's country groups digits."""
    return str(format_decimal(count, locale=locale(tongue)))


def flag(kind: str) -> str:
    """Name a document's flag."""
    return FLAG[FlagKind(kind)] if kind in set(FlagKind) else one_line(kind, 60)


def place(requisition: Requisition) -> str:
    """Say where a job is."""
    where = requisition.location
    return ", ".join(part for part in (where.city, where.region, where.country) if part)


def plural(count: int, one: str, many: str = "") -> str:
    """Say a count with its noun."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def now() -> datetime:
    """The time of this run, for ages on the screen only; decisions use the services' clock."""
    return datetime.now(UTC)


def when(at: datetime | None, zone: str = "", tongue: str = "") -> str:
    """Say a time in the reader's zone, which is always named, the way their country writes it."""
    if at is None:
        return "–"
    there, here = locale(tongue), at.astimezone(_zone(zone))
    time = format_time(here, "short", tzinfo=here.tzinfo, locale=there)
    date = format_date(here, "medium", there)
    return f"{_settled(date)}, {_settled(time)} {_zone_name(here, there)}"


def day(at: datetime | None, tongue: str = "") -> str:
    """Say a date as it was recorded, the way the reader's country writes it."""
    return "–" if at is None else _settled(format_date(at, "medium", locale(tongue)))


def seconds(milliseconds: float, tongue: str = "") -> str:
    """Say a short time in seconds, to two digits."""
    value = milliseconds / 1000
    shown = format_decimal(round(value, 2 if value < 1 else 1), locale=locale(tongue))
    return f"{shown}\N{NO-BREAK SPACE}s"


def money(amount: Decimal | None, currency: str, tongue: str = "") -> str:
    """Say a sum the way the reader's country writes it; below ten cents with four decimals."""
    if amount is None:
        return "–"
    there, least = locale(tongue), Decimal("0.0001")
    if amount == 0 or amount >= Decimal("0.1"):
        return _settled(str(format_currency(amount, currency, locale=there)))
    pattern = there.currency_formats["standard"].pattern.replace("0.00", "0.0000")
    said = format_currency(
        max(amount, least), currency, pattern, locale=there, currency_digits=False
    )
    return f"{'< ' if amount < least else ''}{_settled(str(said))}"


def size(count: int, tongue: str = "") -> str:
    """Say a number of bytes in kilobytes, small ones in bytes."""
    if count < 1_000:
        return f"{count}\N{NO-BREAK SPACE}bytes"
    value = format_decimal(round(count / 1_000, 1), locale=locale(tongue))
    return f"{value}\N{NO-BREAK SPACE}kB"


def exact(text: str) -> str:
    """Write out what cannot be seen, or would turn the text around, by its code: ⟨U+202E⟩."""
    return "".join(sign if _is_seen(sign) else f"⟨U+{ord(sign):04X}⟩" for sign in text)


def _is_seen(sign: str) -> bool:
    return sign.isprintable() or sign in "\n\t" or unicodedata.category(sign) == "Zs"


def age(at: datetime, now: datetime) -> str:
    """Say how long ago, in the largest unit that fits."""
    seconds = max(0.0, (now - at).total_seconds())
    if seconds < 60:
        return "less than a minute"
    return duration(seconds)


def duration(seconds: float) -> str:
    """Say a length of time in one unit."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            return plural(int(seconds // size), unit)
    return "a moment"


def locale(tongue: str = "") -> Locale:
    """Find the reader's language and country; British English where a browser gives none."""
    return _locale(tongue or st.context.locale or "")


@lru_cache(maxsize=64)
def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag[:40], sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")


def _settled(text: str) -> str:
    # "10. 11. 2026" at the start of a line would be a Markdown list, and dates should not break.
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("\u202f", "\N{NO-BREAK SPACE}")


def _zone_name(at: datetime, there: Locale) -> str:
    for name in (str(get_timezone_name(at, "short", locale=there)), at.tzname() or ""):
        if name[:1].isalpha():
            return name
    return f"UTC{at:%z}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
