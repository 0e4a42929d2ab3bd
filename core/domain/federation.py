"""A person as the company's identity provider describes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.actor import Role
from core.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a checked identity token says; ``email`` is empty unless the provider vouches for it.

    ``subject`` is the provider's own name for the person, as ``issuer|subject``: it stays when
    name and address change. ``issued_at`` tells one round trip to the provider from another.
    """

    subject: str
    issued_at: datetime
    email: str = ""
    groups: frozenset[str] = frozenset()


def read_claims(
    said: Mapping[str, object], *, groups_claim: str = "groups", trust_email: bool = False
) -> Claims:
    """Read a token's claims; its signature and addressee were checked before.

    With ``trust_email`` an address counts without ``email_verified``, for providers whose
    addresses only an administrator can set. Raises ``NotAllowed`` for a token that names nobody.
    """
    issuer, subject, issued = said.get("iss"), said.get("sub"), said.get("iat")
    if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
        raise NotAllowed("Your company's sign-in did not say who you are.")
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        raise NotAllowed("Your company's sign-in did not say when you signed in.")
    email = said.get("email")
    vouched = trust_email or said.get("email_verified") is True
    return Claims(
        subject=f"{issuer}|{subject}",
        issued_at=_time(issued),
        email=email.strip().casefold() if isinstance(email, str) and vouched else "",
        groups=_names(said.get(groups_claim)),
    )


def roles_of(groups: Iterable[str], by_group: Mapping[str, Role]) -> frozenset[Role]:
    """Give the roles that somebody's groups stand for."""
    return frozenset(by_group[group] for group in groups if group in by_group)


def _time(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise NotAllowed("Your company's sign-in did not say when you signed in.") from None


def _names(said: object) -> frozenset[str]:
    """Read a list of names; some providers send a single one bare."""
    several = [said] if isinstance(said, str) else said
    return frozenset(str(each) for each in several) if isinstance(several, list) else frozenset()
