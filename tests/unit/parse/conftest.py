"""Documents without files."""

from collections.abc import Callable

import pytest

from core.domain.document import ExtractedDocument, Flag, Page, ParsedResume, Span, TextSource
from core.domain.ids import DocumentHash
from core.flow.parse import parse


@pytest.fixture
def read() -> Callable[..., ParsedResume]:
    """Parse a text as if it had been extracted."""

    def reading(
        text: str, *flags: Flag, source: TextSource = TextSource.TEXT_LAYER
    ) -> ParsedResume:
        return parse(
            ExtractedDocument(
                sha256=DocumentHash("0" * 64),
                name="cv.txt",
                media_type="text/plain",
                text=text,
                pages=(Page(1, Span(0, len(text))),),
                source=source,
                flags=flags,
            )
        )

    return reading
