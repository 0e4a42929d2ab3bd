"""The brake on guessing: attempts counted per user and per address, which age out by themselves."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.canonical import content_hash
from core.ports import Accounts


@dataclass(frozen=True, slots=True)
class Brake:
    """``allowed`` failures within ``window``; the next attempt waits until one has aged out."""

    allowed: int
    window: timedelta


def wait(accounts: Accounts, key: str, brakes: Sequence[Brake], now: datetime) -> int:
    """Seconds until one of the failures that fill a brake has aged out of it; 0 when free."""
    return max(_wait_for(accounts, key, brake, now) for brake in brakes)


def user_key(name: str) -> str:
    """Name the counter of a user, known or not, without keeping what was typed."""
    return f"user:{content_hash(name)}"


def address_key(address: str) -> str:
    """Name the counter of a network address."""
    return f"address:{address}"


def _wait_for(accounts: Accounts, key: str, brake: Brake, now: datetime) -> int:
    seconds = int(brake.window.total_seconds())
    if accounts.failures(key, now - brake.window) < brake.allowed:
        return 0
    age = bisect_left(
        range(seconds),
        brake.allowed,
        key=lambda back: accounts.failures(key, now - timedelta(seconds=back)),
    )
    return max(1, seconds - age)
