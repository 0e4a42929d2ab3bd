"""A candidate's document: its text with offsets, what was found in it, how well it was read."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.ids import DocumentHash


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character range ``[start, end)`` of a text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """Cut this span out of ``text``."""
        return text[self.start : self.end]


class FlagKind(StrEnum):
    """What a reader of the document should know; shown to the recruiter, never obeyed."""

    HIDDEN_TEXT = "hidden_text"
    TINY_TEXT = "tiny_text"
    OFF_PAGE_TEXT = "off_page_text"
    INSTRUCTION = "instruction"
    KEYWORD_STUFFING = "keyword_stuffing"
    BROKEN_ENCODING = "broken_encoding"
    SCANNED = "scanned"
    TRUNCATED = "truncated"
    EMBEDDED_OBJECT = "embedded_object"
    PHOTO = "photo"


_CONCEALED = frozenset({FlagKind.HIDDEN_TEXT, FlagKind.TINY_TEXT, FlagKind.OFF_PAGE_TEXT})


@dataclass(frozen=True, slots=True)
class Flag:
    """Something worth a human look; ``span`` is where in the text, if anywhere."""

    kind: FlagKind
    reason: str
    span: Span | None = None


class TextSource(StrEnum):
    """Where the text came from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's number (from 1) and its range in the document text."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedDocument:
    r"""What a file says. ``text`` uses ``\n`` line ends and NFC; flags' spans point into it.

    Hidden text and orders to a computer stay *in* ``text`` under a flag, so a reviewer can see
    them; nothing that is worked out from the document ever rests on them (``legible``).
    """

    sha256: DocumentHash
    name: str
    media_type: str
    text: str
    pages: tuple[Page, ...]
    source: TextSource = TextSource.TEXT_LAYER
    flags: tuple[Flag, ...] = ()

    @property
    def concealed(self) -> tuple[Span, ...]:
        """Spans a human reader of the document would not see, in order."""
        return self._flagged(_CONCEALED)

    @property
    def withheld(self) -> tuple[Span, ...]:
        """Spans that no assessor is shown and that are no evidence, in order.

        What a reader of the page would not see, and what addresses a computer.
        """
        return self._flagged(_CONCEALED | {FlagKind.INSTRUCTION})

    @property
    def legible(self) -> str:
        r"""``text`` with blanks where something is withheld; offsets and ``\n`` stay."""
        text = self.text
        for span in self.withheld:
            blanks = "".join(c if c == "\n" else " " for c in span.of(text))
            text = text[: span.start] + blanks + text[span.end :]
        return text

    def _flagged(self, kinds: frozenset[FlagKind]) -> tuple[Span, ...]:
        return tuple(sorted(f.span for f in self.flags if f.kind in kinds and f.span))

    def page_of(self, span: Span) -> Page | None:
        """Find the page that ``span``, or the first part of it, stands on; None outside them."""
        return next((page for page in self.pages if page.span.overlaps(span)), None)


@dataclass(frozen=True, slots=True)
class ParseHealth:
    """How far the extraction can be trusted, 0 (nothing usable) to 1, with the reasons for less."""

    score: float
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError("parse health is between 0 and 1")


class SectionKind(StrEnum):
    """The usual rooms of a resume."""

    CONTACT = "contact"
    SUMMARY = "summary"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    SKILLS = "skills"
    CERTIFICATES = "certificates"
    LANGUAGES = "languages"
    PROJECTS = "projects"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the document; ``span`` includes its heading."""

    kind: SectionKind
    heading: str
    span: Span


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. A bare year in a resume is stored as January with ``approximate``."""

    year: int
    month: int
    approximate: bool = False

    @property
    def index(self) -> int:
        """Months since year 0, for differences."""
        return self.year * 12 + self.month - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A dated job in the resume; ``end`` None with ``current`` False means "no date given"."""

    title: str
    employer: str
    span: Span
    start: Month | None = None
    end: Month | None = None
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill by its canonical name, every place it is written, and years of dated use.

    ``years`` is the length of the union of positions that mention it; None when undated.
    """

    name: str
    spans: tuple[Span, ...]
    years: float | None = None


class DegreeLevel(StrEnum):
    """Comparable levels across countries, lowest first."""

    SECONDARY = "secondary"
    VOCATIONAL = "vocational"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"

    @property
    def rank(self) -> int:
        """Order of the level, 0 the lowest."""
        return tuple(DegreeLevel).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Education:
    """A degree or school entry."""

    span: Span
    level: DegreeLevel | None = None
    subject: str = ""
    institution: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A certificate, licence or similar by its canonical name, where it stands."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class LanguageSkill:
    """A spoken language (ISO 639-1) with the level as written, e.g. ``fluent`` or ``B2``."""

    code: str
    level: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where the document says who and where the person is: spans only, for pseudonymising."""

    name: Span | None = None
    emails: tuple[Span, ...] = ()
    phones: tuple[Span, ...] = ()
    addresses: tuple[Span, ...] = ()
    urls: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeFacts:
    """Everything read out of the text; every fact carries the span it was read from."""

    language: str = ""
    sections: tuple[Section, ...] = ()
    positions: tuple[Position, ...] = ()
    skills: tuple[Skill, ...] = ()
    education: tuple[Education, ...] = ()
    certificates: tuple[Mention, ...] = ()
    languages: tuple[LanguageSkill, ...] = ()
    contact: Contact = Contact()
    total_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedResume:
    """The parse step's whole answer."""

    document: ExtractedDocument
    facts: ResumeFacts
    health: ParseHealth
    parser_version: str


@dataclass(frozen=True, slots=True, order=True)
class PassageBox:
    """A passage, or one line of it, on a page's picture: pixels from the left and the top.

    ``passage`` is the passage's index in what was asked for.
    """

    passage: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """What page ``number`` of ``count`` looks like, and where the passages asked for stand on it.

    ``missing`` are the indices of passages whose text is on this page but whose place could not
    be told for certain. Passages of other pages are in neither.
    """

    number: int
    count: int
    png: bytes
    width: int
    height: int
    boxes: tuple[PassageBox, ...] = ()
    missing: tuple[int, ...] = ()
