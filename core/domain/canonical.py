"""One byte-exact JSON form, so that equal content always has the equal hash."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from enum import Enum
from typing import Any

from core.domain.ids import ContentHash


def canonical_json(value: object) -> str:
    """Serialise ``value`` with sorted keys, no spaces, UTF-8 kept, ISO dates.

    87.0 and 87 are one number and have one form, so that a hash survives a store or an ATS that
    hands back the other; NaN and infinities have none.

    Dataclasses become objects of their fields with the class name under ``"type"``, so two
    kinds of change with equal fields never share a hash.
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_hash(value: object) -> ContentHash:
    """SHA-256 of the canonical JSON of ``value``, lower-case hex."""
    return ContentHash(hashlib.sha256(canonical_json(value).encode()).hexdigest())


def _plain(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case AbstractSet():
            return sorted((_plain(item) for item in value), key=str)
        case tuple() | list():
            return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"type": type(value).__name__, **fields}
    raise TypeError(f"no canonical form for {type(value).__name__}")
