"""Search requests and replies, without sending any.

Two traps of the search API are closed here. A malformed date is silently ignored and *everything*
comes back, so a date is checked after it is formatted. A page never holds more than 1,000 ids and
there is no cursor, so the next page is the same query with ``{type}.id > last``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.errors import AtsUnavailable
from core.icims.field_map import RecordType

PAGE = 1_000
_MOMENT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-\d{2} (0[1-9]|1[0-2]):[0-5]\d [AP]M")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; several values mean any of them."""

    name: str
    values: tuple[str, ...]
    operator: str = "="


@dataclass(frozen=True, slots=True)
class Search:
    """All filters must hold; ``after`` is the last id of the page before."""

    record: RecordType
    filters: tuple[Filter, ...]
    after: int = 0

    @property
    def path(self) -> str:
        """The path below the customer."""
        return f"search/{self.record}"

    def body(self) -> dict[str, Any]:
        """The JSON to post; iCIMS demands at least one filter, so all records means ``id > 0``."""
        filters = self.filters
        if self.after or not filters:
            filters += (Filter(f"{self.record.filter_name}.id", (str(self.after),), ">"),)
        return {
            "filters": [
                {"name": f.name, "value": list(f.values), "operator": f.operator} for f in filters
            ],
            "operator": "&",
        }

    def next(self, ids: Sequence[int]) -> "Search | None":
        """The search for the following page, None when ``ids`` was the last one.

        Raises ``AtsUnavailable`` when a full page brings nothing new, which would never end.
        """
        if len(ids) < PAGE:
            return None
        if max(ids) <= self.after:
            raise AtsUnavailable("iCIMS repeated a page of search results")
        return replace(self, after=max(ids))


def moment(at: datetime) -> str:
    """Format ``at`` (aware) for a filter: UTC, minute, twelve-hour clock, seconds cut off.

    Written by hand because ``strftime("%p")`` follows the process's locale.
    """
    if at.tzinfo is None:
        raise ValueError("a search date must be aware")
    utc = at.astimezone(UTC)
    half = "AM" if utc.hour < 12 else "PM"
    text = f"{utc:%Y-%m-%d} {utc.hour % 12 or 12:02d}:{utc.minute:02d} {half}"
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"not an iCIMS date: {text}")
    return text


def updated_since(record: RecordType, since: datetime) -> Filter:
    """Match records updated at or after ``since``, to the minute below."""
    return Filter(f"{record.filter_name}.updateddate", (moment(since),), ">=")


def found_ids(reply: Mapping[str, Any]) -> list[int]:
    """Read the ids of a reply, strings or integers; ``AtsUnavailable`` when it is none."""
    results = reply.get("searchResults", [])
    try:
        return [int(result["id"]) for result in results]
    except (TypeError, KeyError, ValueError) as error:
        raise AtsUnavailable("iCIMS sent search results without ids") from error
