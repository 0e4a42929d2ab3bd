"""A working life: jobs one after the other, school before them, gaps between some.

Months are whole numbers, ``year * 12 + month - 1``. Lives are laid out backwards from today.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Library, Occupation, Texts
from core.sandbox.icims.world.merit import Band, Merit
from core.sandbox.icims.world.people import Identity
from core.sandbox.icims.world.phrases import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One job held; ``end`` None means still held. ``level`` is a rung of ``occupation``.

    ``focus`` names the ward, shop or system the job was about: see ``narrowed``; ``track`` the
    kind of work within the occupation, empty when it has only one.
    """

    title: str
    employer: str
    city: str
    occupation: str
    level: int
    start: int
    end: int | None
    focus: int
    track: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schooling:
    """One school finished in the month ``end``; ``level`` as in the education paths."""

    degree: str
    major: str
    school: str
    level: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """Positions newest first. ``gap`` is how a long break is explained, empty when it is not."""

    positions: tuple[Position, ...]
    schooling: tuple[Schooling, ...]
    gap: str
    gap_start: int
    gap_end: int
    german: bool
    born: int


_GAPS = {
    "en": (
        "Parental leave",
        "Full-time care for a family member",
        "Moved cities and looked for work",
        "Travel and language study",
        "Recovery from an injury, fully healed",
        "Full-time study",
    ),
    "de": (
        "Elternzeit",
        "Pflege eines Angehörigen",
        "Umzug und berufliche Neuorientierung",
        "Sprachkurs und Anerkennung des Abschlusses",
    ),
}
_SCHOOL_MONTHS = {"associate": 24, "bachelor": 46, "master": 22, "vocational": 34, "secondary": 34}


def month_of(day: date) -> int:
    """Give the month number of a day."""
    return day.year * 12 + day.month - 1


def narrowed(occupation: Occupation, merit: Merit, focus: int) -> dict[str, Texts]:
    """Limit an occupation's slots to the few values one job is about, the main one first."""
    draw = Draw(focus)
    slots = {name: tuple(draw.some(values, 3)) for name, values in occupation.slots.items()}
    if occupation.key == merit.occupation:
        for key in sorted(merit.abilities):
            for name, values in occupation.abilities[key].focus.items():
                slots[name] = values + slots[name]
    return slots


def draw_career(
    library: Library, merit: Merit, who: Identity, seat_level: int, written: int, draw: Draw
) -> Career:
    """Lay out a working life, as of month ``written``, with ``merit.months`` in the occupation."""
    german = who.country == "de" and draw.chance(0.72 if merit.occupation == "warehouse" else 0.4)
    positions, gap = _positions(library, merit, who, german, seat_level, written, draw)
    first = positions[-1].start if positions else written - draw.between(2, 8)
    schooling = _schooling(library, merit, who.country, first, draw)
    explained = gap is not None and draw.chance(0.55)
    return Career(
        positions=positions,
        schooling=schooling,
        gap=draw.pick(_GAPS["de" if german else "en"]) if explained else "",
        gap_start=gap[0] if gap else 0,
        gap_end=gap[1] if gap else 0,
        german=german,
        born=min([first, *(s.start for s in schooling)]) - 18 * 12 - draw.between(0, 60),
    )


def _positions(
    library: Library,
    merit: Merit,
    who: Identity,
    german: bool,
    seat_level: int,
    written: int,
    draw: Draw,
) -> tuple[tuple[Position, ...], tuple[int, int] | None]:
    """Lay positions end to end, newest first; also the first long break between two of them."""
    spans = _spans(library, merit, draw)
    left = Counter[str]()
    for trade, months in spans:
        left[trade] += months
    end = None if draw.chance(0.66) else written - draw.between(1, 11)
    gap: tuple[int, int] | None = None
    positions: list[Position] = []
    used: set[str] = set()
    pause = 1
    for trade, months in spans:
        left[trade] -= months
        start = (written if end is None else end) - months
        occupation = library.occupations[trade]
        # The title on paper is the one reached some way into the job.
        years = (left[trade] + months / 2) / 12
        level = _level(occupation, years, seat_level if trade == merit.occupation else 1)
        focus = draw.getrandbits(30)
        newer = positions[-1] if positions else None
        title, track = _title(occupation, merit, level, who, german, focus, draw)
        stayed = (
            newer
            if newer and pause == 0 and (newer.occupation, newer.track) == (trade, track)
            else None
        )
        if stayed and stayed.level <= level:  # only a promotion keeps the employer
            stayed = None
        positions.append(
            Position(
                title=title,
                employer=stayed.employer
                if stayed
                else _employer(occupation, who.country, track, used, draw),
                city=stayed.city if stayed else _city(library, who, draw),
                occupation=trade,
                level=level,
                start=start,
                end=end,
                focus=stayed.focus if stayed else focus,
                track=track,
            )
        )
        pause = draw.weighted({0: 50, 1: 25, 2: 11, 3: 5, draw.between(5, 15): 9})
        if gap is None and pause > 4 and len(positions) < len(spans):
            gap = (start - pause, start)
        end = start - pause
    return tuple(positions), gap


def _spans(library: Library, merit: Merit, draw: Draw) -> list[tuple[str, int]]:
    """Cut the life into (occupation, months), newest first."""
    spans = [(merit.occupation, months) for months in _cut(merit.months, draw)]
    other = {Band.STRONG: 0.25, Band.PARTIAL: 0.45, Band.WEAK: 0.85, Band.CHANGER: 1.0}[merit.band]
    if draw.chance(other):
        trade = draw.pick(library.occupations[merit.occupation].adjacent)
        longest = 130 if merit.band is Band.CHANGER else 60
        elsewhere = [(trade, months) for months in _cut(draw.between(8, longest), draw)]
        # The relevant work of some lies behind them, of most it is the newest.
        stale = merit.band in (Band.PARTIAL, Band.WEAK) and draw.chance(0.25)
        spans = elsewhere + spans if stale else spans + elsewhere
    return spans[:7]


def _cut(months: int, draw: Draw) -> list[int]:
    parts = []
    while months > 2:
        part = min(months, draw.between(9, 58))
        if months - part < 4:
            part = months
        parts.append(part)
        months -= part
    return parts


def _level(occupation: Occupation, years: float, cap: int) -> int:
    fitting = [i for i, level in enumerate(occupation.levels) if level.from_year <= years]
    return max(0, min(len(fitting) - 1, cap + 1))


def _title(
    occupation: Occupation,
    merit: Merit,
    level: int,
    who: Identity,
    german: bool,
    focus: int,
    draw: Draw,
) -> tuple[str, str]:
    """Choose a title and the track it names, as in ``Line Cook #kitchen``."""
    titles = occupation.levels[level].titles
    language = "de" if german else {"gb": "gb"}.get(who.country, "")
    pattern, _, track = draw.pick(titles.get(language, titles[""])).partition(" #")
    if german and pattern.count("|") == 1:
        pattern = pattern.split("|")[who.female]
    if "{" not in pattern:
        return pattern, track
    main = {name: values[:1] for name, values in narrowed(occupation, merit, focus).items()}
    return sentence(pattern, main, draw), track


def _employer(occupation: Occupation, country: str, track: str, used: set[str], draw: Draw) -> str:
    split = [name.partition(" #") for name in occupation.employers[country]]
    own = [name for name, _, of_track in split if of_track and of_track == track]
    choices = own or [name for name, _, of_track in split if not of_track]
    name = draw.pick([c for c in choices if c not in used] or choices)
    used.add(name)
    return name


def _city(library: Library, who: Identity, draw: Draw) -> str:
    if draw.chance(0.18):
        return draw.pick(library.other_cities[who.country])
    return f"{who.town}, {who.abbrev}" if who.country == "us" else who.town


def _schooling(
    library: Library, merit: Merit, country: str, first_job: int, draw: Draw
) -> tuple[Schooling, ...]:
    path = library.paths[merit.education]
    level = path["level"]
    if level == "none":
        return ()
    # Schools end in June; the last one before the first job.
    end = (first_job - 1) // 12 * 12 + 5
    end -= 12 if end >= first_job else 0
    found = [_school(library, path, country, end, draw)]
    if level == "master":
        lower = library.paths["maths_bsc" if draw.chance(0.3) else _lower(merit.education)]
        found.append(_school(library, lower, country, found[0].start - 3, draw))
    elif level in ("vocational", "associate", "bachelor") and draw.chance(0.3):
        secondary = library.paths["higher_secondary" if level == "bachelor" else "secondary_us"]
        found.append(_school(library, secondary, country, found[0].start - 3, draw))
    return tuple(found)


def _lower(master: str) -> str:
    return "accounting_bsc" if master == "finance_msc" else "cs_bsc"


def _school(
    library: Library, path: Mapping[str, Any], country: str, end: int, draw: Draw
) -> Schooling:
    row, level = path[country], path["level"]
    return Schooling(
        degree=row["degree"],
        major=draw.pick(row["majors"]),
        school=draw.pick(library.schools[country][row["schools"]]),
        level=level,
        start=end - _SCHOOL_MONTHS[level] + 3,
        end=end,
    )
