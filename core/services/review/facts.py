"""What the iCIMS profile says of a person against what their resume says."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import phonenumbers
from babel import Locale

from core.domain.document import DegreeLevel, ParsedResume, Position, Span
from core.domain.records import Candidate, Location, WorkEntry
from core.domain.views import FactLine
from core.flow.parse.lines import Lines
from core.flow.parse.schooling import find_education

_MOST = 12
"""Names of a list that are shown on either side."""
_COMPANY = re.compile(r"\b(?:inc|llc|ltd|limited|gmbh|ag|co|corp|corporation|plc|sa|bv|kg|se)\b")
_DAYS_A_YEAR = 365.25

Same = Callable[[str, str], bool]


def fact_lines(profile: Candidate, resume: ParsedResume) -> tuple[FactLine, ...]:
    """Put what both know side by side; lines that neither knows anything of are left out.

    Names are left alone: spelling them differently says nothing about a person. ``differs`` is
    set only where both sides know and, written the same way, still disagree.
    """
    text, facts = resume.document.text, resume.facts
    latest, job = _latest(facts.positions), _current(profile.work)
    contact = facts.contact
    lines = (
        _line("E-mail", (profile.email,), _cut(text, contact.emails), str.casefold),
        _line("Phone", profile.phones, _cut(text, contact.phones), _Phones(profile).key),
        _place(profile.location, _cut(text, contact.addresses)),
        _one("Current or last title", job.title if job else "", latest.title if latest else ""),
        _one(
            "Current or last employer",
            job.employer if job else "",
            latest.employer if latest else "",
        ),
        _years(_years_of(profile.work), facts.total_years),
        _degree(profile, [entry.level for entry in facts.education if entry.level]),
        _list("Skills", profile.skills, [skill.name for skill in facts.skills]),
        _list(
            "Licences and certificates",
            profile.licences,
            [mention.name for mention in facts.certificates],
        ),
        _one("Languages", "", ", ".join(_language(each.code) for each in facts.languages)),
    )
    return tuple(line for line in lines if line.profile or line.resume)


# --- Lines -----------------------------------------------------------------------------------


def _one(what: str, profile: str, resume: str) -> FactLine:
    """Compare two short texts; one that holds all words of the other says the same."""
    mine, theirs = _words(profile), _words(resume)
    same = mine <= theirs or theirs <= mine
    return FactLine(
        what=what, profile=profile, resume=resume, differs=bool(mine and theirs) and not same
    )


def _line(
    what: str, profile: Sequence[str], resume: Sequence[str], key: Callable[[str], str]
) -> FactLine:
    """Compare values of which a person may have several; one in common is enough."""
    mine, theirs = ({key(v.strip()) for v in side} - {""} for side in (profile, resume))
    return FactLine(
        what=what,
        profile=_joined(profile),
        resume=_joined(resume),
        differs=bool(mine and theirs) and not mine & theirs,
    )


def _place(profile: Location, resume: Sequence[str]) -> FactLine:
    parts = [part for part in (profile.city, profile.region, profile.country) if part]
    found = _words(" ".join(resume))
    elsewhere = bool(found and profile.city) and not _words(profile.city) <= found
    return FactLine(
        what="Place", profile=", ".join(parts), resume=_joined(resume), differs=elsewhere
    )


def _years(profile: float | None, resume: float | None) -> FactLine:
    """Compare years of work; what a rounding or an overlap explains is no difference."""
    both = profile is not None and resume is not None
    apart = abs((profile or 0.0) - (resume or 0.0))
    tolerated = max(1.5, 0.25 * max(profile or 0.0, resume or 0.0))
    return FactLine(
        what="Years of work",
        profile=_number(profile),
        resume=_number(resume),
        differs=both and apart > tolerated,
    )


def _degree(profile: Candidate, resume: Sequence[DegreeLevel]) -> FactLine:
    named = [(entry.degree, _level(entry.degree)) for entry in profile.education if entry.degree]
    known = [(words, level) for words, level in named if level is not None]
    words, mine = max(
        known, key=lambda pair: pair[1].rank, default=(_joined(w for w, _ in named), None)
    )
    theirs = max(resume, key=lambda level: level.rank, default=None)
    return FactLine(
        what="Highest degree",
        profile=words,
        resume=theirs.value.capitalize() if theirs else "",
        differs=mine is not None and theirs is not None and mine is not theirs,
    )


def _list(what: str, profile: Sequence[str], resume: Sequence[str]) -> FactLine:
    """Show what only one side names; nothing differs while one of them names nothing."""
    mine, theirs = (_by_word(side) for side in (profile, resume))
    only_mine = [name for key, name in mine.items() if key not in theirs]
    only_theirs = [name for key, name in theirs.items() if key not in mine]
    if not mine or not theirs:
        return FactLine(what=what, profile=_some(profile), resume=_some(resume), differs=False)
    return FactLine(
        what=what,
        profile=_only(only_mine, "Only in the profile: ", "All of these are in the resume."),
        resume=_only(only_theirs, "Only in the resume: ", "All of these are in the profile."),
        differs=bool(only_mine),
    )


# --- Values ----------------------------------------------------------------------------------


class _Phones:
    """Writes phone numbers in one form; national ones are read as of the profile's country."""

    def __init__(self, profile: Candidate) -> None:
        self._region = _region(profile.location.country)

    def key(self, number: str) -> str:
        """Give a number's international form, or its digits where it is none."""
        try:
            parsed = phonenumbers.parse(number, self._region)
        except phonenumbers.NumberParseException:
            return _digits(number)
        if not phonenumbers.is_possible_number(parsed):
            return _digits(number)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _region(country: str) -> str:
    """Give a country's two letters, from its English name or its code; the US where unknown."""
    wanted = country.strip().casefold()
    if len(wanted) == 2:
        return wanted.upper()
    names = Locale("en").territories
    return next((c for c, name in names.items() if len(c) == 2 and name.casefold() == wanted), "US")


def _level(degree: str) -> DegreeLevel | None:
    return next((entry.level for entry in find_education(Lines(degree), ())), None)


def _latest(positions: Sequence[Position]) -> Position | None:
    """Pick the current position, or the one that ended last; undated ones come last."""

    def rank(position: Position) -> tuple[bool, int, int]:
        end, start = position.end or position.start, position.start
        return position.current, end.index if end else -1, start.index if start else -1

    return max(positions, key=rank, default=None)


def _current(work: Sequence[WorkEntry]) -> WorkEntry | None:
    """Pick the entry without an end that began last, or the one that ended last."""

    def rank(entry: WorkEntry) -> tuple[bool, str]:
        open_ended = entry.end is None and entry.start is not None
        return open_ended, str((entry.start if open_ended else entry.end) or "")

    return max(work, key=rank, default=None)


def _years_of(work: Sequence[WorkEntry]) -> float | None:
    """Add up the dated entries that have an end, overlaps once; None when any is open-ended."""
    spans = sorted((entry.start, entry.end) for entry in work if entry.start and entry.end)
    if not spans or any(entry.start and not entry.end for entry in work):
        return None
    days, until = 0, spans[0][0]
    for start, end in spans:
        days += max((end - max(start, until)).days, 0)
        until = max(until, end)
    return days / _DAYS_A_YEAR


def _language(code: str) -> str:
    return str(Locale("en").languages.get(code, code))


def _cut(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(span.of(text).split()) for span in spans))


def _words(text: str) -> frozenset[str]:
    """Give the words of a text without case, accents, punctuation and legal forms."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return frozenset(re.findall(r"[\w+#]+", _COMPANY.sub(" ", bare)))


def _by_word(names: Iterable[str]) -> dict[frozenset[str], str]:
    return {key: name for name in names if (key := _words(name))}


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _number(years: float | None) -> str:
    return "" if years is None else f"{years:.1f}"


def _joined(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(value.strip() for value in values if value.strip()))


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(islice(names, _MOST)) + (f" and {more} more" if more > 0 else "")


def _only(names: Sequence[str], begin: str, none: str) -> str:
    return f"{begin}{_some(names)}" if names else none
