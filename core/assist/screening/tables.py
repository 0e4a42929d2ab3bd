"""The dated word lists and rules this capability works from, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """Read ``data/<name>.toml``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How postings and resumes word things; every phrase lower-case.

    ``framing``: words around what a line asks for. ``leading``: work at the head of others.
    ``origin``: words of lines that are no evidence. ``special`` maps a kind to what shows it.
    """

    headings: dict[str, str]
    preferred_cues: tuple[str, ...]
    required_cues: tuple[str, ...]
    degrees: dict[str, tuple[str, ...]]
    languages: dict[str, tuple[str, ...]]
    language_levels: dict[str, tuple[str, ...]]
    certificates: dict[str, tuple[str, ...]]
    shifts: dict[str, tuple[str, ...]]
    places: tuple[str, ...]
    framing: frozenset[str]
    leading: tuple[str, ...]
    origin: tuple[str, ...]
    synonyms: dict[str, tuple[str, ...]]
    special: dict[str, tuple[str, ...]]
    version: str


@cache
def vocabulary() -> Vocabulary:
    """Load ``data/criteria/vocabulary.toml``."""
    raw = table("criteria/vocabulary")
    return Vocabulary(
        headings={h: part for part, phrases in raw["headings"].items() for h in phrases},
        preferred_cues=tuple(raw["importance"]["preferred"]),
        required_cues=tuple(raw["importance"]["required"]),
        degrees=_phrases(raw["degrees"]),
        languages=_phrases(raw["languages"]),
        language_levels=_phrases(raw["language_levels"]),
        certificates=_phrases(raw["certificates"]),
        shifts=_phrases(raw["shifts"]),
        places=tuple(raw["places"]["words"]),
        framing=frozenset(" ".join(raw["framing"].values()).split()),
        leading=tuple(raw["leading"]["words"]),
        origin=tuple(raw["origin"]["words"]),
        synonyms=_synonyms(raw["synonyms"]["groups"], raw["shown_by"]),
        special=_phrases(raw["shown_by"]),
        version=raw["version"],
    )


def _phrases(raw: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(phrases) for name, phrases in raw.items()}


def _synonyms(
    groups: list[list[str]], shown_by: dict[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    """Map each term to all that show it: its synonyms, and what is a special case of one."""
    found = {term: tuple(group) for group in groups for term in group}
    for general, special in shown_by.items():
        for term in found.get(general, (general,)):
            found[term] = (*found.get(term, (term,)), *special)
    return found
