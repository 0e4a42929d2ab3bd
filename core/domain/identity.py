"""What identifies a person, and the text from which it has been removed."""

import re
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from enum import StrEnum

from core.domain.document import Span
from core.domain.mention import Forms
from core.errors import LeakDetected


class IdentityKind(StrEnum):
    """Classes of direct identifiers and of traits that must not reach a model."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    URL = "url"
    HANDLE = "handle"
    BIRTH_DATE = "birth_date"
    AGE = "age"
    NATIONAL_ID = "national_id"
    MARITAL_STATUS = "marital_status"
    NATIONALITY = "nationality"
    GENDER = "gender"
    RELIGION = "religion"
    FAMILY = "family"
    PHOTO = "photo"
    GRADUATION_YEAR = "graduation_year"
    SALARY = "salary"
    PAYMENT = "payment"
    NETWORK = "network"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """A value known to identify this person, e.g. from the iCIMS profile."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """``original`` in the document became ``token``, which stands at ``replaced``.

    Tokens are stable per person and value, ``[NAME_1]``, ``[EMAIL_1]`` …; salary and concealed
    text become an empty token.
    """

    kind: IdentityKind
    original: Span
    replaced: Span
    token: str


# Traits count only where the text says whose they are ("Marital status: single"), so a bare
# "single" or "2012" elsewhere is no leak; what singles a person out counts wherever it stands.
_SINGLES_OUT = frozenset(
    {
        IdentityKind.NAME,
        IdentityKind.EMAIL,
        IdentityKind.PHONE,
        IdentityKind.ADDRESS,
        IdentityKind.URL,
        IdentityKind.HANDLE,
        IdentityKind.NATIONAL_ID,
        IdentityKind.PAYMENT,
        IdentityKind.NETWORK,
        IdentityKind.BIRTH_DATE,
    }
)
_TOKEN = re.compile(rf"\[(?:{'|'.join(kind.name for kind in IdentityKind)})_\d+\]")
_URL_START = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdentityMention:
    """A place in a text where ``identity`` stands, in whatever spelling."""

    identity: KnownIdentity
    span: Span


class IdentityIndex:
    """Identities prepared for finding them in texts; tokens in the text are never searched."""

    def __init__(self, identities: Iterable[KnownIdentity]) -> None:
        self._by_form: dict[str, KnownIdentity] = {}
        for identity in identities:
            if identity.kind in _SINGLES_OUT:
                self._by_form.setdefault(_searched(identity), identity)
        self._forms = Forms(self._by_form)

    def mentions(self, text: str) -> tuple[IdentityMention, ...]:
        """Find every identity, in order, without overlaps."""
        blanked = _TOKEN.sub(lambda token: "\x00" * len(token[0]), text)
        return tuple(
            IdentityMention(self._by_form[m.value], Span(m.start, m.end))
            for m in self._forms.mentions(blanked)
        )


def _searched(identity: KnownIdentity) -> str:
    if identity.kind is IdentityKind.PHONE:
        return "".join(filter(str.isdigit, identity.value))
    if identity.kind is IdentityKind.URL:
        return _URL_START.sub("", identity.value)
    return identity.value


@dataclass(frozen=True, slots=True)
class PseudonymisedText:
    """Text that models may see. It cannot be built while it holds one of ``identities``.

    ``replacements`` are in order and do not overlap; they map spans back to the document.
    Raises ``LeakDetected`` naming the kinds found, never the values.
    """

    text: str
    replacements: tuple[Replacement, ...]
    identities: InitVar[tuple[KnownIdentity, ...]]

    def __post_init__(self, identities: tuple[KnownIdentity, ...]) -> None:
        found = IdentityIndex(identities).mentions(self.text)
        leaked = {mention.identity.kind.value for mention in found}
        if leaked:
            raise LeakDetected(f"text still holds: {', '.join(sorted(leaked))}")

    def to_original(self, span: Span) -> Span:
        """Map a span of this text to the document; a cut token counts whole."""
        return Span(self._original(span.start, upper=False), self._original(span.end, upper=True))

    def _original(self, offset: int, *, upper: bool) -> int:
        shift = 0
        for item in self.replacements:
            start, end = item.replaced.start, item.replaced.end
            if start < offset < end:
                return item.original.end if upper else item.original.start
            # An end that touches an empty token stays before the text the token removed.
            if end > offset or (upper and start == end == offset):
                break
            shift = item.original.end - end
        return offset + shift
