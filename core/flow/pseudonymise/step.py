"""The step itself: collect findings, merge overlaps, write tokens, check what is left."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.domain.document import ParsedResume, Span
from core.domain.identity import (
    IdentityIndex,
    IdentityKind,
    KnownIdentity,
    PseudonymisedText,
    Replacement,
)
from core.domain.mention import compact
from core.flow.pseudonymise.contact import (
    find_emails,
    find_handles,
    find_networks,
    find_phones,
    find_urls,
    phone_key,
)
from core.flow.pseudonymise.finding import Finding
from core.flow.pseudonymise.graduation import find_graduation_years
from core.flow.pseudonymise.header import find_header_name
from core.flow.pseudonymise.names import (
    Person,
    expanded,
    group_people,
    searched,
)
from core.flow.pseudonymise.ordinary import find_ordinary_parts
from core.flow.pseudonymise.outgoing import leaks
from core.flow.pseudonymise.papers import find_papers, find_payments
from core.flow.pseudonymise.pay import find_pay
from core.flow.pseudonymise.people import find_people
from core.flow.pseudonymise.places import find_addresses
from core.flow.pseudonymise.traits import find_traits

PSEUDONYMISER_VERSION = "pseudonymise-3"
"""Part of what makes two pseudonymised texts comparable; raised with every change of rules."""

_ROUNDS = 3
_ERASED = frozenset({IdentityKind.SALARY, IdentityKind.HIDDEN})
# Where findings overlap the union is removed under the kind listed first.
_PRIORITY = {
    kind: rank
    for rank, kind in enumerate(
        (
            IdentityKind.HIDDEN,
            IdentityKind.EMAIL,
            IdentityKind.URL,
            IdentityKind.PAYMENT,
            IdentityKind.NATIONAL_ID,
            IdentityKind.ADDRESS,
            IdentityKind.BIRTH_DATE,
            IdentityKind.NETWORK,
            IdentityKind.PHONE,
            IdentityKind.HANDLE,
            IdentityKind.NAME,
        )
    )
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the tenant wants removed beyond direct identifiers."""

    mask_graduation_years: bool = True


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """The text for models, and every identity found or known, for the vault.

    ``identities`` are exactly those the text was checked for, so it can be built again from them;
    names that are one ordinary word ("Will") are not among them.
    """

    text: PseudonymisedText
    identities: tuple[KnownIdentity, ...]


def pseudonymise(
    parsed: ParsedResume | str, known: Sequence[KnownIdentity], policy: Policy
) -> Pseudonymised:
    """Replace everything that identifies a person by stable tokens.

    ``known`` are identities from outside, e.g. ``identities_of`` the candidate. Line breaks stay.
    Raises ``LeakDetected`` if an identity should survive, so nothing half-removed is ever used.
    """
    text = parsed if isinstance(parsed, str) else parsed.document.text
    legible = parsed if isinstance(parsed, str) else parsed.document.legible
    findings = [*find_header_name(legible)]
    if not isinstance(parsed, str):
        findings += _hints(parsed)
    evidence = [] if isinstance(parsed, str) else list(_employers(parsed))
    findings += _outside(evidence, _recognised(legible, policy))
    identities = _identities(text, findings, known)
    checked = searched(identities)
    people = group_people(_names(identities))
    findings += _mentions(text, checked)
    findings += find_ordinary_parts(text, people)
    return Pseudonymised(_settled(text, findings, people, checked), checked)


def _settled(
    text: str,
    findings: Sequence[Finding],
    people: Sequence[Person],
    checked: tuple[KnownIdentity, ...],
) -> PseudonymisedText:
    """Write the tokens, and again while anything is left that must not leave.

    What stands only after a removal (a number that lost its neighbour) goes in a second round.
    """
    index = IdentityIndex(checked)
    values = [value for person in people for value in person.values]
    everyone = group_people([*values, *(f.key for f in findings if f.kind is IdentityKind.NAME)])
    found = list(findings)
    replaced = _replace(text, found, everyone)
    for _ in range(_ROUNDS):
        draft = PseudonymisedText(*replaced, ())
        left = [(kind, draft.to_original(span)) for kind, span in leaks(draft.text, index)]
        if not left:
            break
        found += [Finding(k, s.start, s.end, _key(k, s.of(text))) for k, s in left]
        replaced = _replace(text, found, everyone)
    return PseudonymisedText(*replaced, checked)


def _employers(parsed: ParsedResume) -> Iterator[Span]:
    """List where employers and titles stand, which may look like people ("Oliver Wyman")."""
    text = parsed.document.text
    for position in parsed.facts.positions:
        for value in filter(None, (position.employer, position.title)):
            start = text.find(value, position.span.start, position.span.end)
            if start >= 0:
                yield Span(start, start + len(value))


def _outside(evidence: Sequence[Span], findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out guessed names and addresses inside ``evidence``."""
    for finding in findings:
        guessed = finding.kind in {IdentityKind.NAME, IdentityKind.ADDRESS}
        span = Span(finding.start, finding.end)
        if not guessed or not any(span.overlaps(kept) for kept in evidence):
            yield finding


def _hints(parsed: ParsedResume) -> Iterator[Finding]:
    """Take over what the parser marked as contact details and as withheld."""
    text, contact = parsed.document.text, parsed.facts.contact
    for span in parsed.document.withheld:
        yield Finding(IdentityKind.HIDDEN, span.start, span.end, "", searched=False)
    named = (
        (IdentityKind.NAME, (contact.name,) if contact.name else ()),
        (IdentityKind.EMAIL, contact.emails),
        (IdentityKind.PHONE, contact.phones),
        (IdentityKind.ADDRESS, contact.addresses),
        (IdentityKind.URL, contact.urls),
    )
    for kind, spans in named:
        for span in spans:
            # A bare city is not an address: the same city may be a job's.
            if any(c.isdigit() for c in span.of(text)) or kind is not IdentityKind.ADDRESS:
                yield Finding(kind, span.start, span.end, _key(kind, span.of(text)))


def _capitalised(text: str) -> str:
    """Give each word a capital, keeping offsets: names show in texts typed without any."""
    return re.sub(r"(?<![\w'’@./])[a-zà-öø-ÿ](?=\w)", lambda letter: letter[0].upper(), text)


def _recognised(text: str, policy: Policy) -> Iterator[Finding]:
    if text.islower():
        text = _capitalised(text)
    for find in (
        find_emails,
        find_urls,
        find_handles,
        find_networks,
        find_phones,
        find_papers,
        find_payments,
        find_addresses,
        find_traits,
        find_pay,
        find_people,
    ):
        yield from find(text)
    if policy.mask_graduation_years:
        yield from find_graduation_years(text)


def _identities(
    text: str, findings: Iterable[Finding], known: Sequence[KnownIdentity]
) -> tuple[KnownIdentity, ...]:
    found = [KnownIdentity(f.kind, text[f.start : f.end]) for f in findings if f.searched]
    return tuple(dict.fromkeys((*expanded(known), *expanded(found))))


def _names(identities: Iterable[KnownIdentity]) -> list[str]:
    return [i.value for i in identities if i.kind is IdentityKind.NAME]


def _mentions(text: str, identities: Iterable[KnownIdentity]) -> Iterator[Finding]:
    for mention in IdentityIndex(identities).mentions(text):
        kind, value = mention.identity.kind, mention.identity.value
        yield Finding(kind, mention.span.start, mention.span.end, _key(kind, value))


def _key(kind: IdentityKind, value: str) -> str:
    if kind is IdentityKind.NAME:
        return value
    return phone_key(value) if kind is IdentityKind.PHONE else compact(value)


def _merged(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Join overlapping findings, so that no half of one survives the other."""
    merged: list[Finding] = []
    for item in sorted(findings, key=lambda f: (f.start, -f.end, _rank(f))):
        if item.start >= item.end:
            continue
        last = merged[-1] if merged else None
        if last is None or item.start >= last.end:
            merged.append(item)
            continue
        first = min((last, item), key=_rank)
        merged[-1] = Finding(first.kind, last.start, max(last.end, item.end), first.key)
    return merged


def _rank(finding: Finding) -> int:
    return _PRIORITY.get(finding.kind, len(_PRIORITY))


def _replace(
    text: str, findings: Iterable[Finding], people: Sequence[Person]
) -> tuple[str, tuple[Replacement, ...]]:
    owner = {value: person.key for person in people for value in person.values}
    tokens: dict[tuple[IdentityKind, str], str] = {}
    counts: dict[IdentityKind, int] = {}
    pieces: list[str] = []
    replacements: list[Replacement] = []
    length = cursor = 0
    for item in _merged(text, findings):
        key = (item.kind, owner.get(item.key, item.key))
        if key not in tokens:
            counts[item.kind] = counts.get(item.kind, 0) + 1
            tokens[key] = "" if item.kind in _ERASED else f"[{item.kind.name}_{counts[item.kind]}]"
        for start, end in _lines(text, item.start, item.end):
            kept = text[cursor:start]
            length += len(kept)
            replaced = Span(length, length + len(tokens[key]))
            pieces += [kept, tokens[key]]
            replacements.append(Replacement(item.kind, Span(start, end), replaced, tokens[key]))
            length, cursor = replaced.end, end
    return "".join([*pieces, text[cursor:]]), tuple(replacements)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a range at line breaks and strip the pieces, so that the layout stays."""
    for piece in text[start:end].split("\n"):
        stripped = piece.strip()
        if stripped:
            at = start + piece.index(stripped)
            yield at, at + len(stripped)
        start += len(piece) + 1
