"""Spell a person's name in all the ways a document may, and keep ordinary words apart.

A part that is also an ordinary word, place or company ("Will", "Baker", "Jackson") is searched only
as part of a longer form, or alone where it is written like a name; see ``find_ordinary_parts``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.domain.identity import IdentityKind, KnownIdentity
from core.domain.mention import compact, folded
from core.domain.records import Candidate
from core.flow.pseudonymise.finding import Finding
from core.flow.pseudonymise.lexicon import lexicon

_NOT_A_PART = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "herr", "frau", "mme", "mlle", "jr", "sr", "junior", "senior", "ii", "iii", "iv", "phd", "md", "mba", "msc", "bsc", "ma", "ba", "cpa", "esq", "rn", "pe", "pmp", "dds", "dipl", "ing", "med", "mag"]
)
_PARTICLES = frozenset(
    ["van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "do", "la", "le", "el", "al", "bin", "ibn", "ben", "abu", "ter", "ten", "zu", "zur", "y", "e", "st", "o", "mac", "mc", "af", "av"]
)
_PART = re.compile(r"[^\s,;()\"“”/|]+")
_MONTHS = frozenset(("april", "may", "june", "august", "march"))


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
    return too_short or plain in lexicon().ordinary or plain in _PARTICLES


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
            forms += _initialled(named[0], family, [p for p in parts[1:-1]])
    pieces = [piece for part in named for piece in (part, *re.split(r"[-‐‑–]", part))]
    forms += [piece for piece in pieces if not is_ordinary(piece)]
    return tuple(dict.fromkeys(f for f in forms if f))


def _orders(given: str, family: str) -> list[str]:
    return [f"{given} {family}", f"{family} {given}"]


def _initialled(given: str, family: str, middle: Sequence[str]) -> list[str]:
    """``J Smith``, ``J A Smith``, ``Smith J``, ``John S``: only with a part that is surely a name."""
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
        value = " ".join(identity.value.split())
        if value:
            result |= dict.fromkeys(_expand(KnownIdentity(identity.kind, value)))
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
    lines = [line.strip() for line in re.split(r"[\n,;]", value)]
    return [line for line in lines if re.search(r"\d", line) and re.search(r"[^\W\d]{3}", line)]


def group_people(values: Iterable[str]) -> list[Person]:
    """Tell apart who the names belong to: forms that share or shorten the parts are one person."""
    people: list[Person] = []
    ranked = sorted(dict.fromkeys(values), key=lambda v: (-len(name_parts(v)), -len(v)))
    for value in ranked:
        parts = [folded(p) for p in name_parts(value)]
        if not parts:
            continue
        person = next((p for p in people if _belongs(parts, p.parts)), None)
        if person is None:
            person = Person(parts=parts)
            people.append(person)
        person.values.append(value)
    return people


def _belongs(parts: Sequence[str], to: Sequence[str]) -> bool:
    pieces = {piece for part in to for piece in (part, *part.split("-"))}
    initials = {piece[0] for piece in pieces}
    return all(p in pieces or (len(p) == 1 and p in initials) for p in parts) and any(
        len(p) > 1 for p in parts
    )


def find_ordinary_parts(text: str, people: Sequence[Person]) -> Iterator[Finding]:
    """Find parts that are ordinary words where they are written like a name.

    That is: capitalised, and after a title or initial, before "'s", on a line of their own near the
    top, or inside a lower-case sentence where no place or company is meant.
    """
    owner = {
        p: person for person in people for part in person.parts for p in (part, *part.split("-"))
    }
    wanted = [p for p in owner if is_ordinary(p) and p not in _PARTICLES]
    if not wanted:
        return
    words = "|".join(re.escape(p) for p in sorted(wanted))
    for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-])", text, re.IGNORECASE):
        if match[0][0].isupper() and _is_name_like(text, match):
            key = owner[folded(match[0])].key
            yield Finding(IdentityKind.NAME, *match.span(), key, searched=False)


_TITLE_BEFORE = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|herr|frau|dear|hi|hello|sincerely|regards),?\.?[ \n]+$",
    re.IGNORECASE,
)
_INITIAL_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.[ ]?){1,2}$")
_INITIAL_AFTER = re.compile(r",?[ ][A-Z]\.(?![\w])")
_LOWER_BEFORE = re.compile(r"(?<!\w)(?P<word>[a-zß-ÿ]+)[ ]$")
_LOWER_AFTER = re.compile(r"['’]s\b|[ ](?P<word>[a-zß-ÿ]+)\b|[.,;!?]")
_PLACE_WORDS = frozenset(
    ["in", "at", "near", "from", "to", "of", "the", "a", "an", "on", "for", "with", "by", "since", "until", "through", "during", "across", "via", "into", "and", "or", "outside", "within", "around"]
)


def _is_name_like(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    if (
        _TITLE_BEFORE.search(before)
        or _INITIAL_BEFORE.search(before)
        or _INITIAL_AFTER.match(after)
    ):
        return True
    if folded(match[0]) in _MONTHS:
        return False
    if after.startswith(("'s ", "’s ")) and not match[0].isupper():
        return True
    lower = _LOWER_BEFORE.search(before)
    if lower is None or not _LOWER_AFTER.match(after) or match[0].isupper():
        return False
    return lower["word"] not in _PLACE_WORDS
