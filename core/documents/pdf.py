"""PDF: text in reading order (pypdf's plain mode), with what a reader of the page would not see."""

import io
import logging
from collections.abc import Iterator
from typing import cast

from pypdf import PageObject, PdfReader
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from core.documents import limits
from core.documents.composed import Draft
from core.documents.limits import Limits, too_many_pages
from core.documents.pdf_beside import asides
from core.documents.pdf_runs import flushing
from core.documents.pdf_sight import Sight
from core.domain.document import Flag, FlagKind
from core.errors import DocumentRefused

# Damaged files make pypdf log a line per oddity, in words that may hold parts of the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_ACTIVE = (
    (b"/JavaScript", "The PDF carries a script; it was not run."),
    (b"/Launch", "The PDF asks to start another program; it was not started."),
    (b"/EmbeddedFile", "The PDF carries another file inside; that file was not read."),
)
_SCAN_WORDS = "The pages are pictures with a text layer made by character recognition."
_PHOTO_WORDS = "The resume seems to carry a photo; it is not looked at."


def read_pdf(content: bytes, bounds: Limits) -> Draft:
    """Extract every page; a page that fails is named in a flag and the rest is kept."""
    reader = _opened(content)
    pages = _pages(reader, bounds)
    hidden_layers = _hidden_layers(reader)
    draft = Draft(flags=list(_active_content(content)), asides=list(asides(reader, pages)))
    sights = [_see(page, number, hidden_layers, draft) for number, page in enumerate(pages, 1)]
    draft.illustrated = any(sight.illustrated for sight in sights)
    if sights and all(sight.scan for sight in sights):
        draft.flags.append(Flag(FlagKind.SCANNED, _SCAN_WORDS))
        draft.ocr = True
    if sights and sights[0].photo:
        draft.flags.append(Flag(FlagKind.PHOTO, _PHOTO_WORDS))
    return draft


def _opened(content: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(content))
        locked = reader.is_encrypted and not reader.decrypt("")
    except MemoryError:
        raise
    except Exception as error:
        raise DocumentRefused(limits.BROKEN) from error
    if locked:
        raise DocumentRefused(limits.LOCKED)
    return reader


def _pages(reader: PdfReader, bounds: Limits) -> list[PageObject]:
    try:
        count = len(reader.pages)
        if count <= bounds.max_pages:
            pages = list(reader.pages)
    except MemoryError:
        raise
    except Exception as error:
        raise DocumentRefused(limits.BROKEN) from error
    if count > bounds.max_pages:
        raise too_many_pages(count, bounds)
    if not pages:
        raise DocumentRefused(limits.BROKEN)
    return pages


def _see(page: PageObject, number: int, hidden_layers: frozenset[int], draft: Draft) -> Sight:
    sight = Sight(page, hidden_layers)
    try:
        _prepare(page)
        page.extract_text(
            visitor_operand_before=sight.before,
            visitor_operand_after=sight.after if sight.has_forms else None,
            visitor_text=sight.text,
        )
    except MemoryError:
        raise
    except Exception:  # pypdf raises whatever its reading of a damaged object runs into
        words = f"Page {number} is damaged and could be read only in part."
        draft.flags.append(Flag(FlagKind.TRUNCATED, words))
    page.pop("/Contents", None)  # parsed pages are large; one at a time is enough
    draft.pages.append(sight.runs())
    return sight


def _prepare(page: PageObject) -> None:
    contents = page["/Contents"].get_object() if "/Contents" in page else None
    if isinstance(contents, StreamObject | ArrayObject):
        page[NameObject("/Contents")] = flushing(ContentStream(contents, page.pdf, "bytes"))


def _hidden_layers(reader: PdfReader) -> frozenset[int]:
    """Object numbers of the layers that a viewer does not show at first."""
    try:
        properties = cast("DictionaryObject", reader.root_object["/OCProperties"])
        setup = cast("DictionaryObject", properties["/D"])
        hidden = _layers(setup.get("/OFF"))
        if setup.get("/BaseState") == "/OFF":
            hidden |= _layers(properties.get("/OCGs")) - _layers(setup.get("/ON"))
    except (KeyError, TypeError, AttributeError):
        return frozenset()
    return hidden


def _layers(given: object) -> frozenset[int]:
    listed = given.get_object() if isinstance(given, IndirectObject) else given
    layers = listed if isinstance(listed, ArrayObject) else ()
    return frozenset(layer.idnum for layer in layers if isinstance(layer, IndirectObject))


def _active_content(content: bytes) -> Iterator[Flag]:
    for mark, words in _ACTIVE:
        if mark in content:
            yield Flag(FlagKind.EMBEDDED_OBJECT, words)
            return
