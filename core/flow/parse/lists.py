"""The word lists under ``data/``, read once when first needed."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "data"


@cache
def table(name: str) -> Mapping[str, Any]:
    """Read a TOML file under ``data/``."""
    return tomllib.loads((DATA / name).read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Read a word list under ``data/``: white space between, ``#`` to the end of line ignored."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def skill_terms() -> list[str]:
    """Read the gazetteer in the ``skill-extractor`` wheel without importing its model code."""
    package = find_spec("skill_extractor")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("skill_extractor is not installed")
    path = Path(package.submodule_search_locations[0]) / "data" / "skills.json"
    terms: list[str] = json.loads(path.read_text("utf-8"))
    return terms


def alternatives(entries: Iterable[str]) -> str:
    """Write a regular expression for any of ``entries``, the longest first, spaces elastic."""
    longest_first = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    return "|".join(r"\s+".join(map(re.escape, entry.split())) for entry in longest_first)
