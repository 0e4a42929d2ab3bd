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
_PARTICLES = frozenset(
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


def find_ordinary_parts(text: str, people: Sequence[Person]) -> Iterator[Finding]:
    """Find name parts that are ordinary words where they are written like a name.

    Capitalised, and: after a title, greeting or initial; before "'s" or a verb at a sentence's
    start; or inside a lower-case sentence where no place is meant. A name known by that one word
    only counts wherever it is capitalised, and in a text without any capitals.
    """
    owner = {p: who for who in people for part in who.parts for p in (part, *part.split("-"))}
    given = {who.parts[0] for who in people}
    wanted = [p for p in owner if is_ordinary(p) and (p not in _PARTICLES or p in given)]
    if not wanted:
        return
    words = "|".join(re.escape(p) for p in sorted(wanted))
    without_capitals = text.islower()
    pattern = (
        rf"(?<![\w-])(?P<initials>(?:[A-Z]\.?[ ]?){{1,2}}[ ]?(?<=\.| ))?(?P<part>{words})(?![\w-])"
    )
    for match in re.finditer(pattern, text, re.IGNORECASE):
        part = folded(match["part"])
        person = owner[part]
        if match["part"][0].islower():
            counts = without_capitals and part not in lexicon().words
        elif person.parts == [part] and part not in lexicon().not_in_names:
            counts = True
        else:
            counts = _is_name_like(text, match, is_given=part in given)
        if counts:
            start = (
                match.start() if _is_initial_of(match["initials"], person) else match.start("part")
            )
            yield Finding(IdentityKind.NAME, start, match.end(), person.key, searched=False)


def _is_initial_of(initials: str | None, person: Person) -> bool:
    letters = re.sub(r"\W", "", initials or "")
    return (
        bool(letters)
        and letters.isupper()
        and all(any(part.startswith(folded(letter)) for part in person.parts) for letter in letters)
    )


_TITLE_BEFORE = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|prof|herr|frau|dear|hi|hello|sincerely|regards),?\.?[ \n]+$",
    re.IGNORECASE,
)
_INITIAL_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.[ ]?){1,2}$")
_INITIAL_AFTER = re.compile(r",?[ ][A-Z]\.(?!\w)")
_LOWER_BEFORE = re.compile(r"(?<!\w)(?P<word>[a-zß-ÿ]+)[ ]$")
_LOWER_AFTER = re.compile(r"[ ][a-zß-ÿ]+\b|[.,;!?)]")
_STARTS_SENTENCE = re.compile(r"(?:^|[\n.!?:•*·-])[ \t]*$")
_VERB_AFTER = re.compile(
    r"[ ](?:is|was|has|had|can|also|currently|successfully|consistently|led|built|won|ran|made|"
    r"grew|took|held|wrote|brings?|works|serves|leads|manages|holds|[a-z]{3,}ed)\b"
)
_PLACE_WORDS = frozenset(
    "in at near from to of the a an on for with since until through during across via into "
    "outside within around".split()
)


def _is_name_like(text: str, match: re.Match[str], *, is_given: bool) -> bool:
    start, end = match.span("part")
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    initial = _INITIAL_BEFORE.search(before) or _INITIAL_AFTER.match(after)
    if initial or _TITLE_BEFORE.search(before):
        return True
    if match["part"].isupper():
        return False
    noun = folded(match["part"]) in lexicon().words and not is_given
    if _STARTS_SENTENCE.search(before) and _VERB_AFTER.match(after) and not noun:
        return True
    if after.startswith(("'s ", "’s ")):
        return True
    if folded(match["part"]) in _MONTHS or _STARTS_SENTENCE.search(before):
        return False
    lower = _LOWER_BEFORE.search(before)
    return bool(lower and _LOWER_AFTER.match(after) and lower["word"] not in _PLACE_WORDS)
