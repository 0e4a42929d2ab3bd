"""A working life: jobs one after the other, school before them, gaps between some.

Months are whole numbers, ``year * 12 + month - 1``.
"""

from dataclasses import dataclass
from datetime import date

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Library, Occupation, Opening, Texts
from core.sandbox.icims.world.merit import Merit
from core.sandbox.icims.world.people import Identity


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


@dataclass(frozen=True, slots=True)
class Gap:
    """A break between two jobs; ``reason`` is empty when it is not explained."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """Positions and schools, newest first; ``german``: written down in German."""

    positions: tuple[Position, ...]
    schooling: tuple[Schooling, ...]
    gap: Gap | None
    german: bool
    born: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All there is to know about a person on paper; ``written``: the month of the resume."""

    who: Identity
    merit: Merit
    career: Career
    opening: Opening
    written: int


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


def draw_schooling(
    library: Library, education: str, country: str, first_job: int, draw: Draw
) -> tuple[Schooling, ...]:
    """Send somebody to the schools of an education path, done before month ``first_job``."""
    level = library.paths[education]["level"]
    if level == "none":
        return ()
    # Schools end in June; the last one before the first job.
    end = (first_job - 1) // 12 * 12 + 5
    end -= 12 if end >= first_job else 0
    found = [_school(library, education, country, end, draw)]
    before = _school_before(education, level, draw)
    if before:
        found.append(_school(library, before, country, found[0].start - 3, draw))
    return tuple(found)


_SCHOOL_MONTHS = {"associate": 24, "bachelor": 46, "master": 22, "vocational": 34, "secondary": 34}


def _school_before(education: str, level: str, draw: Draw) -> str:
    if level == "master":
        if draw.chance(0.3):
            return "maths_bsc"
        return "accounting_bsc" if education == "finance_msc" else "cs_bsc"
    if level == "secondary" or not draw.chance(0.3):
        return ""
    return "higher_secondary" if level == "bachelor" else "secondary_us"


def _school(library: Library, education: str, country: str, end: int, draw: Draw) -> Schooling:
    path = library.paths[education]
    row, level = path[country], path["level"]
    return Schooling(
        degree=row["degree"],
        major=draw.pick(row["majors"]),
        school=draw.pick(library.schools[country][row["schools"]]),
        level=level,
        start=end - _SCHOOL_MONTHS[level] + 3,
        end=end,
    )
