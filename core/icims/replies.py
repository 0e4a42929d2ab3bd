"""An answer as it came over the wire."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from core.errors import AtsUnavailable

_DIGITS = 18
"""A longer number is nonsense, and a very long one is no number to Python."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and body of an answer.

    ``complete`` is False when the connection broke after the status had arrived: enough to know
    that a write was accepted, not enough to read anything.
    """

    status: int
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    content: bytes = b""
    complete: bool = True

    @property
    def ok(self) -> bool:
        """Say whether iCIMS reports success; any 2xx does, which one is not promised."""
        return 200 <= self.status < 300

    @property
    def transaction(self) -> str:
        """The id iCIMS's own support asks for."""
        return str(self.headers.get("x-transaction", ""))

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait; None when not given, or given as a date, which iCIMS does not do."""
        seconds = self.number("retry-after")
        return None if seconds is None else float(seconds)

    def number(self, header: str) -> int | None:
        """Read a header as a whole number; None when absent or unreadable."""
        text = str(self.headers.get(header, "")).strip()
        return int(text) if text.isdecimal() and len(text) <= _DIGITS else None

    def json(self) -> dict[str, Any]:
        """Decode the body; ``AtsUnavailable`` when it is cut off or not a JSON object."""
        try:
            body = json.loads(self.content)
        except ValueError as error:
            raise AtsUnavailable(f"iCIMS sent unreadable JSON ({self.transaction})") from error
        if not isinstance(body, dict):
            raise AtsUnavailable(f"iCIMS sent no JSON object ({self.transaction})")
        return body
