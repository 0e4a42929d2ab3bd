"""How long, how much and how often: the bounds of requests to a language model."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from core.domain.model_runs import Watch
from core.errors import WorkStopped

TICK = 0.2
"""Seconds between two looks whether the work is to end."""

_BYTES_PER_TOKEN = 1_000
_SMALLEST_CAP = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds of one model.

    ``silence`` and ``overall`` are seconds: between two bytes of an answer, and for a whole
    request. ``max_tokens`` bounds a reply, ``at_once`` the requests under way, ``attempts`` how
    often a request is sent when the service is busy or the connection drops. A pause that the
    service asks for is waited out up to ``patience`` seconds.
    """

    silence: float = 30.0
    overall: float = 120.0
    max_tokens: int = 4096
    at_once: int = 4
    attempts: int = 3
    patience: float = 10.0

    @property
    def max_bytes(self) -> int:
        """Bytes of an answer worth reading; a streamed token takes some 300."""
        return max(_SMALLEST_CAP, self.max_tokens * _BYTES_PER_TOKEN)


class Places:
    """Lets ``at_once`` requests be under way; safe to use from several threads."""

    def __init__(self, at_once: int) -> None:
        self._free = BoundedSemaphore(at_once)

    @contextmanager
    def taken(self, watch: Watch) -> Iterator[None]:
        """Hold a place; raises ``WorkStopped`` instead of waiting when the work is to end."""
        go_on(watch)
        while not self._free.acquire(timeout=TICK):
            go_on(watch)
        try:
            yield
        finally:
            self._free.release()


def go_on(watch: Watch) -> None:
    """Raise ``WorkStopped`` when the work is to end."""
    if watch.stopping():
        raise WorkStopped
