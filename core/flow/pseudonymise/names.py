"""Spell a person's name in all the ways a document may, and keep ordinary words apart.

A part that is also an ordinary word, place or company ("Will", "Baker", "Jackson") is searched only
as part of a longer form, or alone where it is written like a name; see ``ordinary``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.domain.identity import IdentityKind, KnownIdentity
from core.domain.mention import compact, folded
from core.domain.records import Candidate
from core.flow.pseudonymise.lexicon import lexicon

_NOT_A_PART = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "herr",
        "frau",
        "mme",
        "mlle",
        "jr",
        "sr",
        "junior",
        "senior",
        "ii",
        "iii",
        "iv",
        "phd",
        "md",
        "mba",
        "msc",
        "bsc",
        "ma",
        "ba",
        "cpa",
        "esq",
        "rn",
        "pe",
        "pmp",
        "dds",
        "dipl",
        "ing",
        "med",
        "mag",
    ]
)
PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "do",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "abu",
        "ter",
        "ten",
        "zu",
        "zur",
        "y",
        "e",
        "st",
        "o",
        "mac",
        "mc",
        "af",
        "av",
    ]
)
_PART = re.compile(r"[^\s,;()\"“”/|]+")


@dataclass(slots=True)
class Person:
    """A person's name parts, folded and in order; ``values`` are the spellings seen."""

    parts: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What makes the token: the same for every form of the name."""
        return " ".join(self.parts)


def name_parts(value: str) -> tuple[str, ...]:
    """Split a full name into its parts, given name first, without titles and suffixes."""
    family, comma, given = value.partition(",")
    if comma and given.strip() and folded(given.strip(" .")) not in _NOT_A_PART:
        value = f"{given} {family}"
    elif comma:
        value = family
    parts = (m[0].strip(".'’-") for m in _PART.finditer(value))
    return tuple(p for p in parts if p and folded(p).replace(".", "") not in _NOT_A_PART)


def is_ordinary(part: str) -> bool:
    """Say whether a name part alone could be something else, so context has to decide."""
    plain = compact(part)
    too_short = len(plain) < 3 and plain.isascii()
    return too_short or plain in lexicon().ordinary or plain in PARTICLES


def name_forms(value: str) -> tuple[str, ...]:
    """List the spellings of one full name that are searched for wherever they stand."""
    parts = name_parts(value)
    named = [p for p in parts if len(compact(p)) > 1 or not p.isascii()]
    forms: list[str] = []
    if len(parts) > 1:
        forms += [" ".join(parts), " ".join((*parts[1:], parts[0]))]
        forms += [" ".join((parts[-1], *parts[:-1]))]
    if len(named) > 1:
        forms += _orders(named[0], " ".join(named[1:]))
        for family in (named[-1], *named[1:-1]):
            forms += _orders(named[0], family)
            forms += _initialled(named[0], family, parts[1:-1])
    pieces = [piece for part in named for piece in (part, *re.split(r"[-‐‑–]", part))]
    forms += [piece for piece in pieces if not is_ordinary(piece)]
    return tuple(dict.fromkeys(f for f in forms if f))


def _orders(given: str, family: str) -> list[str]:
    return [f"{given} {family}", f"{family} {given}"]


def _initialled(given: str, family: str, middle: Sequence[str]) -> list[str]:
    """List ``J Smith``, ``J A Smith``, ``Smith J``: if the family name is nothing else."""
    if is_ordinary(family):
        return []
    initials = [given[0], *(m[0] for m in middle)]
    forms = [f"{given[0]} {family}", f"{family} {given[0]}"]
    if middle:
        forms += [f"{' '.join(initials)} {family}", f"{given} {' '.join(initials[1:])} {family}"]
    return forms


def identities_of(candidate: Candidate) -> tuple[KnownIdentity, ...]:
    """List what iCIMS knows of a person, as values to remove from the person's documents."""
    names = {candidate.name, f"{candidate.first_name} {candidate.last_name}".strip()}
    known = [KnownIdentity(IdentityKind.NAME, name) for name in sorted(names) if name]
    if candidate.email:
        known.append(KnownIdentity(IdentityKind.EMAIL, candidate.email))
    known += [KnownIdentity(IdentityKind.PHONE, p) for p in candidate.phones if p]
    known += [KnownIdentity(IdentityKind.ADDRESS, a) for a in candidate.addresses if a]
    return expanded(known)


def expanded(known: Iterable[KnownIdentity]) -> tuple[KnownIdentity, ...]:
    """Add the spellings of every value; applying it again changes nothing.

    A one-word name that is an ordinary word stays listed, but ``searched`` leaves it out.
    """
    result: dict[KnownIdentity, None] = {}
    for identity in known:
        lines = (" ".join(line.split()) for line in identity.value.splitlines())
        between = ", " if identity.kind is IdentityKind.ADDRESS else " "
        tidy = KnownIdentity(identity.kind, between.join(line for line in lines if line))
        if tidy.value and tidy not in result:
            result |= dict.fromkeys(_expand(tidy))
    return tuple(result)


def _expand(identity: KnownIdentity) -> list[KnownIdentity]:
    kind, value = identity.kind, identity.value
    values = [value]
    if kind is IdentityKind.NAME:
        values += name_forms(value)
    elif kind is IdentityKind.EMAIL:
        local = value.partition("@")[0]
        if is_handle(local):
            return [identity, KnownIdentity(IdentityKind.HANDLE, local)]
    elif kind is IdentityKind.PHONE:
        values += _phone_forms(value)
    elif kind is IdentityKind.ADDRESS:
        values += _address_forms(value)
    return [KnownIdentity(kind, v) for v in dict.fromkeys(values)]


def searched(known: Iterable[KnownIdentity]) -> tuple[KnownIdentity, ...]:
    """Leave out names that are one ordinary word; those need the context of a name."""
    return tuple(
        i
        for i in known
        if i.kind is not IdentityKind.NAME
        or len(name_parts(i.value)) != 1
        or not is_ordinary(name_parts(i.value)[0])
    )


def is_handle(local: str) -> bool:
    """Say whether an address's local part singles a person out ("jsmith42", not "info")."""
    plain = compact(local)
    return len(plain) >= 5 and plain not in lexicon().ordinary and not plain.isdigit()


def _phone_forms(value: str) -> list[str]:
    """Cut country code and trunk zero off: a document may write the number without them."""
    digits = re.sub(r"\D", "", value)
    tails = [digits[n:] for n in (0, 1, 2, 3) if len(digits) - n >= 9]
    return [digits, *tails] if len(digits) >= 6 else []


def _address_forms(value: str) -> list[str]:
    """The lines of an address count on their own where they hold a number."""
    lines = [line.strip() for line in re.split("[,;]", value)]
    return [line for line in lines if re.search(r"\d", line) and re.search(r"[^\W\d]{3}", line)]


def group_people(values: Iterable[str]) -> list[Person]:
    """Tell apart who the names belong to: forms that share or shorten the parts are one person.

    Earlier values win where a form fits two people, so name the candidate first.
    """
    people: list[Person] = []
    for value in dict.fromkeys(values):
        parts = [folded(p) for p in name_parts(value)]
        person = next((p for p in people if _belongs(parts, p.parts)), None)
        fuller = next((p for p in people if len(p.parts) > 1 and _belongs(p.parts, parts)), None)
        if person is None and fuller is not None:
            person, fuller.parts = fuller, parts
        if person is None and parts:
            person = Person(parts=parts)
            people.append(person)
        if person is not None:
            person.values.append(value)
    return people


def _belongs(parts: Sequence[str], to: Sequence[str]) -> bool:
    pieces = {piece for part in to for piece in (part, *part.split("-"))}
    initials = {piece[0] for piece in pieces}
    return all(p in pieces or (len(p) == 1 and p in initials) for p in parts) and any(
        len(p) > 1 for p in parts
    )
