"""Search results that may be minutes old, as in iCIMS."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

_SIZE = 2_000


class ResultCache:
    """Keeps the ids each query found; the oldest queries are forgotten first."""

    def __init__(self, seconds: float, clock: Callable[[], datetime]) -> None:
        self._age = timedelta(seconds=seconds)
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, tuple[int, ...]]] = OrderedDict()

    def ids(self, query: str, find: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
        """Give the kept result of ``query``, or the one ``find`` gives now and keep that."""
        now = self._clock()
        at, ids = self._kept.get(query, (None, ()))
        if at is not None and now - at < self._age:
            return ids
        ids = find()
        self._kept[query] = (now, ids)
        self._kept.move_to_end(query)
        while len(self._kept) > _SIZE:
            self._kept.popitem(last=False)
        return ids

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
