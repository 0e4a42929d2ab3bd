"""Fields that screening never reads, whatever a tenant calls them."""

import re
import tomllib
from functools import cache
from pathlib import Path

_RULES = Path(__file__).resolve().parents[2] / "data" / "rules" / "icims_protected_fields.toml"


def is_protected(*names: str) -> bool:
    """Say whether one of a field's names speaks of a protected characteristic."""
    return any(_pattern().search(name) for name in names)


@cache
def _pattern() -> re.Pattern[str]:
    rules = tomllib.loads(_RULES.read_text(encoding="utf-8"))
    return re.compile("|".join(rules["patterns"]), re.IGNORECASE)
