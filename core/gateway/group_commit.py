"""Many requests, one commit: what waits while one group is written becomes the next group.

A durable commit costs the same for one event and for two hundred. Nobody is answered before the
commit that holds their event; when it fails, everybody in it is told.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from core.errors import CopilotError, StoreUnavailable
from core.services.ingest import Told

log = structlog.get_logger(__name__)

_MOST_WAITING = 2_000


@dataclass(slots=True)
class GroupCommit:
    """Keeps events through ``keep``, at most ``together`` at a time; for one event loop."""

    keep: Callable[[Sequence[Told]], Sequence[bool]]
    together: int = 200
    patience: float = 10.0
    _waiting: list[tuple[Told, asyncio.Future[bool]]] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)

    async def add(self, told: Told) -> bool:
        """Keep an event; False when it was here already.

        Raises ``StoreUnavailable`` when it was not kept, or not within ``patience`` seconds.
        """
        if len(self._waiting) >= _MOST_WAITING:
            raise StoreUnavailable("too many events are waiting to be kept")
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((told, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        try:
            async with asyncio.timeout(self.patience):
                return await answer
        except TimeoutError:
            raise StoreUnavailable("the database takes too long") from None

    async def _write(self) -> None:
        while self._waiting:
            group = self._waiting[: self.together]
            del self._waiting[: self.together]
            # Whoever has given up was answered 503; they may send it again.
            group = [(told, answer) for told, answer in group if not answer.done()]
            try:
                kept = await asyncio.to_thread(self.keep, [told for told, _ in group])
            except CopilotError as error:
                _tell(group, error)
            except Exception as error:
                log.error("events.not_kept", error=type(error).__name__, events=len(group))  # noqa: TRY400 - the traceback would quote statements
                _tell(group, StoreUnavailable("the events could not be kept"))
            else:
                for (_, answer), is_new in zip(group, kept, strict=True):
                    if not answer.done():
                        answer.set_result(is_new)


def _tell(group: Sequence[tuple[Told, asyncio.Future[bool]]], error: CopilotError) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
