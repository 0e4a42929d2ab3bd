"""Places for requests under way, shared by every process that uses the same database.

A place is a lock that the kernel (SQLite: a file beside the database) or the server (PostgreSQL: a
session's advisory lock) takes back when its process dies. So is the sign that a person waits.
"""

import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.errors import StoreUnavailable

_FIRST_LOOK, _LONGEST_LOOK = 0.001, 0.01
"""Seconds between two looks for a free place."""
_PEOPLE = 0
"""The number of the sign that a person waits; places count from 1."""
_NOTICE_THE_DEAD = ("tcp_keepalives_idle=20", "tcp_keepalives_interval=5", "tcp_keepalives_count=4")
"""A machine that vanishes says no goodbye; without these its places would be taken for hours."""

_NOBODY_WAITS = (
    f"CASE WHEN pg_try_advisory_lock(:key, {_PEOPLE})"
    f" THEN pg_advisory_unlock(:key, {_PEOPLE}) ELSE false END"
)


class _Locks(Protocol):
    """Numbered locks against other processes; one process never asks for what it holds."""

    def take(self, numbers: list[int], *, unless_people_wait: bool) -> int | None: ...
    def give_back(self, number: int) -> None: ...
    def nobody_waits(self) -> bool:
        """Say whether no other process shows that a person waits."""
        ...

    def show_wait(self) -> bool:
        """Show all processes that a person waits; False when it has to be tried again."""
        ...

    def hide_wait(self) -> None: ...
    def close(self) -> None: ...


class SharedPlaces:
    """Implements ``ports.Places`` over locks of either kind; threads may share it.

    Of one process's threads one person and one other look for a place at a time: more would only
    ask more often.
    """

    def __init__(self, locks: _Locks, limit: int) -> None:
        self._locks = locks
        self._limit = limit
        self._lock = threading.Lock()
        self._looking = {True: threading.Lock(), False: threading.Lock()}
        self._held: set[int] = set()
        self._people = 0
        self._shown = False

    @property
    def limit(self) -> int:
        """Say how many places there are."""
        return self._limit

    def take(self, *, person: bool, seconds: float) -> int | None:
        """Wait for a place, at most ``seconds``; raises ``StoreUnavailable``."""
        until = time.monotonic() + seconds
        if person:
            return self._as_person(until)
        return self._look(until, person=False)

    def give_back(self, place: int) -> None:
        """Let somebody else have the place."""
        with self._lock:
            self._held.discard(place)
            self._locks.give_back(place)

    def close(self) -> None:
        """Let go of everything; places that are held are free."""
        with self._lock:
            self._locks.close()

    def _as_person(self, until: float) -> int | None:
        place = self._try(person=True)
        if place is not None:
            return place
        with self._lock:
            self._people += 1
        try:
            return self._look(until, person=True)
        finally:
            with self._lock:
                self._people -= 1
                if self._shown and not self._people:
                    self._shown = False
                    self._locks.hide_wait()

    def _look(self, until: float, *, person: bool) -> int | None:
        mine = self._looking[person]
        if not mine.acquire(timeout=max(0.0, until - time.monotonic())):
            return None
        try:
            wait = _FIRST_LOOK
            while True:
                place = self._try(person=person)
                if place is not None or time.monotonic() >= until:
                    return place
                time.sleep(wait)
                wait = min(wait * 2, _LONGEST_LOOK)
        finally:
            mine.release()

    def _try(self, *, person: bool) -> int | None:
        with self._lock:
            if self._people and not person:
                return None
            if self._people and not self._shown:
                self._shown = self._locks.show_wait()
            # The last place is for people alone, if there is more than one.
            last = self._limit if person else max(1, self._limit - 1)
            free = [number for number in range(last, 0, -1) if number not in self._held]
            place = self._locks.take(free, unless_people_wait=not person) if free else None
            if place is not None:
                self._held.add(place)
            return place


class FileLocks:
    """Locks of files in a folder that every process can reach."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / quote(name, safe="")
        self._files: dict[int, int] = {}

    def take(self, numbers: list[int], *, unless_people_wait: bool) -> int | None:
        """Lock the first that nobody holds."""
        if unless_people_wait and not self.nobody_waits():
            return None
        return next((n for n in numbers if self._flock(n, fcntl.LOCK_EX)), None)

    def give_back(self, number: int) -> None:
        """Unlock it, unless closing has done so."""
        if number in self._files:
            fcntl.flock(self._files[number], fcntl.LOCK_UN)

    def show_wait(self) -> bool:
        """Share the sign with other processes in which somebody waits."""
        return self._flock(_PEOPLE, fcntl.LOCK_SH)

    def hide_wait(self) -> None:
        """Take the sign of this process back."""
        self.give_back(_PEOPLE)

    def nobody_waits(self) -> bool:
        """Take the sign alone for a moment: possible while nobody shares it."""
        if not self._flock(_PEOPLE, fcntl.LOCK_EX):
            return False
        self.give_back(_PEOPLE)
        return True

    def _flock(self, number: int, kind: int) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(self._file(number), kind | fcntl.LOCK_NB)
            return True
        return False

    def _file(self, number: int) -> int:
        if number not in self._files:
            path = self._path.with_name(f"{self._path.name}.{number}")
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                # Kept open for the life of the process; never removed, or two processes could
                # hold locks of two files with one name.
                self._files[number] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise StoreUnavailable(f"{path} cannot be made: {error.strerror}") from error
        return self._files[number]

    def close(self) -> None:
        """Let go of everything."""
        while self._files:
            os.close(self._files.popitem()[1])


class SessionLocks:
    """Advisory locks of one PostgreSQL session, open as long as the process.

    Needs a connection of its own: a proxy that shares sessions out by transaction loses the locks.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = f"places of {name}"
        self._session: Connection | None = None
        self._key = 0

    def take(self, numbers: list[int], *, unless_people_wait: bool) -> int | None:
        """Lock the first that nobody holds, in one round trip."""
        checked = f"WHEN NOT ({_NOBODY_WAITS}) THEN NULL " if unless_people_wait else ""
        tried = " ".join(f"WHEN pg_try_advisory_lock(:key, {n:d}) THEN {n:d}" for n in numbers)
        found = self._ask(f"CASE {checked}{tried} END")
        return int(found) if isinstance(found, int) else None

    def give_back(self, number: int) -> None:
        """Unlock it; with the session gone it is unlocked already."""
        self._unlock(f"pg_advisory_unlock(:key, {number:d})")

    def nobody_waits(self) -> bool:
        """Take the sign alone for a moment: possible while nobody shares it."""
        return bool(self._ask(_NOBODY_WAITS))

    def show_wait(self) -> bool:
        """Share the sign with other processes in which somebody waits."""
        return bool(self._ask(f"pg_try_advisory_lock_shared(:key, {_PEOPLE})"))

    def hide_wait(self) -> None:
        """Take the sign of this process back."""
        self._unlock(f"pg_advisory_unlock_shared(:key, {_PEOPLE})")

    def _unlock(self, expression: str) -> None:
        if self._session is not None:
            with suppress(SQLAlchemyError, StoreUnavailable):
                self._ask(expression)

    def _ask(self, expression: str) -> object:
        try:
            if self._session is None:
                self._session = self._open()
            return self._session.scalar(text(f"SELECT {expression}"), {"key": self._key})
        except (SQLAlchemyError, StoreUnavailable):
            self.close()
            raise

    def _open(self) -> Connection:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Advisory locks are of the whole database; schemas of one database are told apart.
        named = text("SELECT hashtext(current_schema() || :name)")
        for setting in _NOTICE_THE_DEAD:
            session.execute(text(f"SET {setting}"))
        self._key = session.scalar(named, {"name": self._name}) or 0
        return session

    def close(self) -> None:
        """Let go of everything: ending the session ends its locks."""
        if self._session is not None:
            session, self._session = self._session, None
            with suppress(SQLAlchemyError, StoreUnavailable):
                session.invalidate()
                session.close()
