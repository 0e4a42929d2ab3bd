"""What identifies a person, and the text from which it has been removed."""

from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from enum import StrEnum

from core.domain.document import Span
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


def identity_values(identities: Iterable[KnownIdentity]) -> tuple[str, ...]:
    """List the values worth searching for: those long enough not to hit ordinary words."""
    return tuple(i.value for i in identities if len(i.value.strip()) >= 3)


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
        folded = self.text.casefold()
        leaked = {
            i.kind.value for i in identities if i.value.strip() and i.value.casefold() in folded
        }
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
