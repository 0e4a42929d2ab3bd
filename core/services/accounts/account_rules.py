"""What an account may be: which roles go together, and what must be known about its person."""

import re

from core.domain.actor import Role
from core.domain.ids import PersonId
from core.errors import InvalidInput

_BY_JOB = frozenset({Role.RECRUITER, Role.HIRING_MANAGER})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def go_together(roles: frozenset[Role]) -> bool:
    """Say whether one person may hold ``roles``: compliance goes with no other.

    It reads in the log what everybody else did; a reader must not be their own subject.
    """
    return Role.COMPLIANCE not in roles or len(roles) == 1


def fit_roles(roles: frozenset[Role]) -> frozenset[Role]:
    """Return ``roles``; raise ``InvalidInput`` for none and for those that clash."""
    if not roles:
        raise InvalidInput("A user needs at least one role.")
    if not go_together(roles):
        raise InvalidInput(
            "Compliance reads in the log what the others did, so it goes with no other role. "
            "Give one person the log and another the work."
        )
    return roles


def person_of(roles: frozenset[Role], person: str) -> PersonId | None:
    """Read an iCIMS person id, which recruiters and hiring managers need to see their jobs."""
    person = person.strip()
    if person and not (person.isascii() and person.isdigit()):
        raise InvalidInput("The iCIMS person id is a number, as in the person's iCIMS profile.")
    if roles & _BY_JOB and not person:
        raise InvalidInput("Recruiters and hiring managers need their numeric iCIMS person id.")
    return PersonId(person) if person else None


def address_of(email: str) -> str:
    """Read an e-mail address, which may be empty; by it the company's sign-in finds the account."""
    email = email.strip()
    if email and not _EMAIL.fullmatch(email):
        raise InvalidInput("The e-mail address is not complete.")
    return email
