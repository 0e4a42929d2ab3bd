"""Passwords: hashed with bcrypt, compared in constant work, long rather than odd."""

from functools import cache

import bcrypt

from core.errors import InvalidInput
from core.ports import Account

SHORTEST, LONGEST_BYTES = 12, 72
"""NIST SP 800-63B asks for length, not for kinds of characters; bcrypt reads 72 bytes at most."""
COST = 12


def hash_password(password: str, cost: int = COST) -> str:
    """Hash a password, at the cost that sign-in also pays for unknown users."""
    return bcrypt.hashpw(_bytes(password), bcrypt.gensalt(cost)).decode()


def matches(password: str, hashed: str, cost: int = COST) -> bool:
    """Compare in constant work: without a hash, against one that nobody's password has."""
    same = bcrypt.checkpw(_bytes(password), (hashed or _dummy(cost)).encode())
    return same and bool(hashed)


def require_good(new: str, account: Account, old: str) -> None:
    """Raise ``InvalidInput`` with the reason when ``new`` will not do in the place of ``old``."""
    stripped = new.strip()
    if len(stripped) < SHORTEST:
        raise InvalidInput(f"The new password needs at least {SHORTEST} characters.")
    if len(stripped.encode()) > LONGEST_BYTES:
        raise InvalidInput("The new password is too long; use at most 72 plain characters.")
    if stripped == old.strip() or account.username.casefold() in stripped.casefold():
        raise InvalidInput("Choose a password that is new and does not hold your user name.")


@cache
def _dummy(cost: int) -> str:
    return hash_password("no such user", cost)


def _bytes(password: str) -> bytes:
    return password.strip().encode()[:LONGEST_BYTES]
