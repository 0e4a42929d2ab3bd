"""What the demo data files say: occupations, postings, names, places and schools."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parents[4] / "data" / "demo"

EDUCATION_LEVELS = ("none", "secondary", "vocational", "associate", "bachelor", "master")

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ability:
    """Something a posting can ask for and a career can show.

    ``skill``, ``certificate`` and ``duties`` by language or country; the key ``""`` is the default.
    ``focus``: slot values that a job showing it is about. ``from_level``: nobody below this rung
    of the ladder can show it.
    """

    key: str
    skill: Mapping[str, str]
    certificate: Mapping[str, str]
    duties: Mapping[str, Texts]
    licence: bool
    focus: Mapping[str, Texts]
    from_level: int


@dataclass(frozen=True, slots=True)
class Level:
    """A rung of an occupation's ladder, open from ``from_year`` years of it."""

    from_year: float
    titles: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Occupation:
    """A trade: its ladder, employers by country and the phrases its people use."""

    key: str
    adjacent: Texts
    education: Texts
    lead_from: int
    levels: tuple[Level, ...]
    employers: Mapping[str, Texts]
    slots: Mapping[str, Texts]
    duties: Mapping[str, Texts]
    lead_duties: Mapping[str, Texts]
    skills: Mapping[str, Texts]
    summaries: Mapping[str, Texts]
    lead_summaries: Mapping[str, Texts]
    abilities: Mapping[str, Ability]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One item of a posting's qualifications; one of the kinds is set.

    ``years`` count from the moment the ``rung`` of the occupation's ladder is reached.
    """

    text: str
    ability: str = ""
    years: float = 0
    rung: int = 0
    education: str = ""
    language: str = ""
    level: str = ""
    shift: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A posting as written by the customer."""

    key: str
    tenant: str
    occupation: str
    title: str
    place: str
    applications: int
    posted_days_ago: int
    openings: int
    seat_level: int
    category: str
    position_type: str
    department: str
    pay: str
    recruiter: int
    secondary: int
    manager: int
    overview: str
    responsibilities: Texts
    required: tuple[Ask, ...]
    preferred: tuple[Ask, ...]
    benefits: str
    language: str = "en"

    @property
    def experience(self) -> tuple[float, int]:
        """Years of experience it requires and the rung they count from; 0, 0 when it asks none."""
        return max(((ask.years, ask.rung) for ask in self.required), default=(0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A labour market; ``towns`` are ``name|postcode start``, ``cultures`` weighs names."""

    country: str
    city: str
    region: str
    abbrev: str
    towns: Texts
    areas: Texts
    cultures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Culture:
    """Given names and surnames that belong together."""

    female: Texts
    male: Texts
    family: Texts
    family_female: Texts
    nationality: str


@dataclass(frozen=True, slots=True)
class Library:
    """Everything read from ``data/demo``, once."""

    occupations: Mapping[str, Occupation]
    openings: tuple[Opening, ...]
    places: Mapping[str, Place]
    streets: Mapping[str, Texts]
    other_cities: Mapping[str, Texts]
    countries: Mapping[str, Mapping[str, str]]
    cultures: Mapping[str, Culture]
    paths: Mapping[str, Mapping[str, Any]]
    schools: Mapping[str, Mapping[str, Texts]]
    feedback: Mapping[str, Any]
    orders: Texts


def demo_json(name: str) -> Any:
    """Read a JSON file of ``data/demo``."""
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


@cache
def library() -> Library:
    """Read the data files."""
    places, schools = _toml("places"), _toml("schools")
    return Library(
        occupations={o.key: o for o in map(_occupation, sorted((DEMO / "occupations").iterdir()))},
        openings=tuple(map(_opening, _toml("requisitions")["openings"])),
        places={key: Place(**_tuples(place)) for key, place in places["places"].items()},
        streets=_tuples(places["streets"]),
        other_cities=_tuples(places["other_cities"]),
        countries=places["countries"],
        cultures={key: _culture(names) for key, names in _toml("names").items()},
        paths=schools["paths"],
        schools={country: _tuples(kinds) for country, kinds in schools["schools"].items()},
        feedback=_toml("feedback"),
        orders=tuple(_toml("tricks")["orders"]),
    )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / f"{name}.toml").read_text(encoding="utf-8"))


def _tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}


def _variants(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Collect ``name``, ``name_de``, ``name_gb`` under ``""``, ``de``, ``gb``."""
    found = {"": table.get(name, "")} | {
        key.removeprefix(f"{name}_"): value
        for key, value in table.items()
        if key.startswith(f"{name}_")
    }
    return _tuples(found)


def _occupation(path: Path) -> Occupation:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    phrases = table["phrases"]
    return Occupation(
        key=table["key"],
        adjacent=tuple(table["adjacent"]),
        education=tuple(table["education"]),
        lead_from=table["lead_from"],
        levels=tuple(Level(row["from_year"], _variants(row, "titles")) for row in table["levels"]),
        employers=_tuples(table["employers"]),
        slots=_tuples(table["slots"]),
        duties=_variants(phrases, "duties"),
        lead_duties=_variants(phrases, "lead_duties"),
        skills=_variants(phrases, "skills"),
        summaries=_variants(phrases, "summaries"),
        lead_summaries=_variants(phrases, "lead_summaries"),
        abilities={key: _ability(key, row) for key, row in table.get("abilities", {}).items()},
    )


def _ability(key: str, row: Mapping[str, Any]) -> Ability:
    skill, certificate = _variants(row, "skill"), _variants(row, "certificate")
    duties, focus = _variants(row, "duties"), _tuples(row.get("focus", {}))
    licence, from_level = bool(row.get("licence")), int(row.get("from_level", 0))
    return Ability(key, skill, certificate, duties, licence, focus, from_level)


def _opening(row: Mapping[str, Any]) -> Opening:
    asks = {name: tuple(Ask(**ask) for ask in row[name]) for name in ("required", "preferred")}
    return Opening(**{**_tuples(row), **asks})


def _culture(names: Mapping[str, Any]) -> Culture:
    family = tuple(names["family"])
    by_gender = tuple(names.get("family_female", family))
    nationality = str(names.get("nationality", "deutsch"))
    return Culture(tuple(names["female"]), tuple(names["male"]), family, by_gender, nationality)
