"""How long to wait before trying again."""

import hashlib


def backoff(attempts: int, key: str, *, first: float, longest: float) -> float:
    """Seconds to wait after ``attempts`` tries: doubling from ``first``, at most ``longest``.

    Spread by up to a quarter either way, differently for every ``key`` and attempt but the same
    on each call, so that what failed together does not return together.
    """
    steady = min(longest, first * 2.0 ** min(attempts - 1, 30))
    spread = hashlib.sha256(f"{key}/{attempts}".encode()).digest()[0] / 255
    return steady * (0.75 + 0.5 * spread)
