"""What a person brings, before a single line of resume is written.

The resume, the profile and the outcome all follow from it, so that ranking can be right or wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import EDUCATION_LEVELS, Ask, Library, Opening

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")


class Band(StrEnum):
    """How close a person is to the job they applied for first."""

    STRONG = "strong"
    PARTIAL = "partial"
    WEAK = "weak"
    CHANGER = "changer"


@dataclass(frozen=True, slots=True)
class _Odds:
    """Chances of a band: to have a required and a preferred ability, and years relative to need."""

    required: float
    preferred: float
    schooling: float
    least_years: float
    most_years: float
    extra_years: float


_SHARES = {Band.STRONG: 0.2, Band.PARTIAL: 0.38, Band.WEAK: 0.27, Band.CHANGER: 0.15}
_ODDS = {
    Band.STRONG: _Odds(0.96, 0.6, 0.97, 1.0, 1.6, 5.0),
    Band.PARTIAL: _Odds(0.66, 0.33, 0.85, 0.5, 1.3, 3.0),
    Band.WEAK: _Odds(0.28, 0.14, 0.65, 0.05, 0.6, 0.8),
    Band.CHANGER: _Odds(0.1, 0.06, 0.7, 0.0, 0.0, 0.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """The truth about a person that documents show more or less well.

    ``months`` of work in ``occupation``; ``education`` a key of the paths; ``languages`` code →
    CEFR level or ``native``; ``flexible``: can work the shifts that were asked for.
    """

    band: Band
    occupation: str
    abilities: frozenset[str]
    months: int
    education: str
    languages: Mapping[str, str]
    flexible: bool


def draw_merit(library: Library, opening: Opening, draw: Draw) -> Merit:
    """Draw what an applicant for ``opening`` brings."""
    band = draw.weighted(_SHARES)
    odds = _ODDS[band]
    years = _years(library, opening, odds, draw)
    abilities = {
        ask.ability
        for asks, chance in (
            (opening.required, odds.required),
            (opening.preferred, odds.preferred),
        )
        for ask in asks
        if ask.ability and draw.chance(chance)
    }
    trade = library.occupations[opening.occupation]
    if years >= 2:
        abilities |= {key for key in trade.abilities if draw.chance(0.08)}
    if opening.occupation == "nursing" and band in (Band.STRONG, Band.PARTIAL):
        abilities |= {"rn_licence"}
    abilities = {
        key for key in abilities if years >= trade.levels[trade.abilities[key].from_level].from_year
    }
    return Merit(
        band=band,
        occupation=opening.occupation,
        abilities=frozenset(abilities),
        months=int(years * 12),
        education=_education(library, opening, odds.schooling, draw),
        languages=_languages(library, opening, odds.required, draw),
        flexible=draw.chance(0.55 + 0.4 * odds.required),
    )


def _years(library: Library, opening: Opening, odds: _Odds, draw: Draw) -> float:
    asked, rung = opening.experience
    before = library.occupations[opening.occupation].levels[rung].from_year
    years = draw.uniform(odds.least_years, odds.most_years) * max(1.0, asked)
    return years + before * min(1.0, odds.most_years) + draw.random() ** 2 * odds.extra_years


def _education(library: Library, opening: Opening, schooling: float, draw: Draw) -> str:
    asked = [ask.education for ask in (*opening.required, *opening.preferred) if ask.education]
    choices = library.occupations[opening.occupation].education
    if asked and draw.chance(schooling):
        enough = [c for c in choices if _level(library, c) >= EDUCATION_LEVELS.index(asked[0])]
        choices = tuple(enough) or choices
    if opening.occupation == "nursing" and schooling < 0.8:
        choices = ("cna_cert", "secondary_us", *choices)
    return draw.pick(choices)


def _level(library: Library, path: str) -> int:
    return EDUCATION_LEVELS.index(library.paths[path]["level"])


def _languages(library: Library, opening: Opening, chance: float, draw: Draw) -> dict[str, str]:
    native = "de" if library.places[opening.place].country == "de" else "en"
    languages = {native: "native"}
    if native == "de" and draw.chance(0.75):
        languages["en"] = draw.pick(("B1", "B2", "C1"))
    for ask in (*opening.required, *opening.preferred):
        if ask.language and ask.language != native and draw.chance(chance * 0.9):
            least = CEFR.index(ask.level)
            languages[ask.language] = CEFR[draw.between(least, min(5, least + 2))]
    return languages


def fit(library: Library, merit: Merit, opening: Opening) -> float:
    """Say how much of what ``opening`` asks for is met: 0–1, required items counting double."""
    items = [(ask, 2.0) for ask in opening.required] + [(ask, 1.0) for ask in opening.preferred]
    met = sum(weight * _met(library, merit, opening, ask) for ask, weight in items)
    return met / sum(weight for _, weight in items)


def _met(library: Library, merit: Merit, opening: Opening, ask: Ask) -> float:
    if ask.ability:
        return float(merit.occupation == opening.occupation and ask.ability in merit.abilities)
    if ask.years:
        if merit.occupation != opening.occupation:
            return 0.0
        before = library.occupations[opening.occupation].levels[ask.rung].from_year
        return max(0.0, min(1.0, (merit.months / 12 - before) / ask.years))
    if ask.education:
        wanted = EDUCATION_LEVELS.index(ask.education)
        return float(_level(library, merit.education) >= wanted)
    if ask.language:
        level = merit.languages.get(ask.language, "")
        return float(level == "native" or (level in CEFR and level >= ask.level))
    return float(merit.flexible)
