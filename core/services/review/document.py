"""A resume on the screen: its text, what to light up in it, and its original pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.assessment import Assessment, Contribution
from core.domain.document import ExtractedDocument, PagePicture, ParsedResume, Span
from core.domain.ids import DocumentHash, PersonId
from core.domain.views import DocumentView, Highlight, PageMark, PageView
from core.errors import NotFound
from core.ports import CachedApplication, UnitOfWork

_PAGED = ("application/pdf", "image/")
NO_RESUME = "There is no resume on file for this application."


@dataclass(frozen=True, slots=True)
class Paper:
    """A cached resume that was read."""

    person: PersonId
    sha256: DocumentHash
    parsed: ParsedResume

    @property
    def document(self) -> ExtractedDocument:
        """What the file says."""
        return self.parsed.document

    def bears(self, assessment: Assessment) -> bool:
        """Say whether ``assessment`` was made of this very file, so that its quotes stand in it."""
        return assessment.key.document == self.sha256

    @property
    def pages(self) -> int:
        """Original pages that can be shown as pictures."""
        paged = self.document.media_type.startswith(_PAGED)
        return len(self.document.pages) if paged else 0


def paper_of(uow: UnitOfWork, cached: CachedApplication) -> Paper | None:
    """Find an application's resume as it was read; None when there is none yet."""
    person = cached.application.person_id
    parsed = uow.documents.parsed(person, cached.resume) if cached.resume else None
    if parsed is None or cached.resume is None:
        return None
    return Paper(person, cached.resume, parsed)


def document_view(uow: UnitOfWork, paper: Paper) -> DocumentView:
    """Show a resume, nothing in it lit up yet."""
    document, parsed = paper.document, paper.parsed
    hidden = uow.documents.pseudonymised(paper.person, paper.sha256)
    return DocumentView(
        name=document.name,
        media_type=document.media_type,
        text=document.text,
        model_text=hidden[0].text if hidden else "",
        health=parsed.health,
        flags=document.flags,
        facts=parsed.facts,
        pages=paper.pages,
        highlights=(),
    )


def highlights(lines: Sequence[Contribution]) -> tuple[Highlight, ...]:
    """Light up the evidence of a sum."""
    return tuple(
        Highlight(
            criterion_id=line.criterion.id,
            label=line.criterion.label,
            standing=line.verdict.standing,
            span=evidence.original,
        )
        for line in lines
        for evidence in line.verdict.evidence
    )


def why_no_document(cached: CachedApplication, assessment: Assessment | None) -> str:
    """Say why there is no resume to show."""
    if assessment is not None and assessment.ungraded:
        return assessment.ungraded
    if cached.candidate is not None and cached.candidate.resume is None:
        return "There is no resume in iCIMS for this person."
    return "The resume has not been fetched yet. Start scoring to read it."


def content_of(uow: UnitOfWork, cached: CachedApplication) -> tuple[str, bytes]:
    """Read the file as uploaded; raises ``NotFound`` when there is none."""
    person = cached.application.person_id
    found = cached.resume and uow.documents.file(person, cached.resume)
    if not found:
        raise NotFound(NO_RESUME)
    return found


Quote = tuple[str, Span]
"""A criterion and where in the document one of its quotes stands."""


def quotes_of(lines: Sequence[Contribution]) -> tuple[Quote, ...]:
    """List the quotes of a sum, in its order."""
    return tuple(
        (line.criterion.id, evidence.original)
        for line in lines
        for evidence in line.verdict.evidence
    )


def page_view(
    picture: PagePicture, document: ExtractedDocument, quotes: Sequence[Quote]
) -> PageView:
    """Show a page with the boxes of its quotes, in shares of its width and height."""
    pages = [(id, document.page_of(span)) for id, span in quotes]
    first: dict[str, int] = {}
    for id, page in pages:
        if page is not None:
            first.setdefault(id, page.number)
    wide, high = picture.width, picture.height
    return PageView(
        number=picture.number,
        count=picture.count,
        png=picture.png,
        marks=tuple(
            PageMark(
                criterion_id=quotes[box.passage][0],
                left=box.left / wide,
                top=box.top / high,
                width=(box.right - box.left) / wide,
                height=(box.bottom - box.top) / high,
            )
            for box in picture.boxes
        ),
        first_of=tuple(first.items()),
        missing=tuple(dict.fromkeys(quotes[index][0] for index in picture.missing)),
    )
