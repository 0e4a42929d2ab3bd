"""What a PDF carries beside its pages: properties, comments, form fields, spoken descriptions."""

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from core.documents.composed import COMMENTS, DESCRIPTIONS, FIELDS, PROPERTIES, Aside

_MOST_PARTS = 2_000
_MARKUP = re.compile(r"<[^<>]*>")
_NOTES = ("/Contents", "/Subj", "/T", "/TU", "/RC")
_SPOKEN = ("/Alt", "/ActualText", "/E")


def asides(reader: PdfReader, pages: list[PageObject]) -> Iterator[Aside]:
    """Yield every text that no page shows; damaged parts are passed over."""
    yield from _soundly(_properties, reader)
    for page in pages:
        yield from _soundly(_notes, page)
    yield from _soundly(_fields, reader)
    yield from _soundly(_spoken, reader)


def _soundly(texts: Any, source: Any) -> Iterator[Aside]:
    try:
        yield from texts(source)
    except MemoryError:
        raise
    except Exception:  # pypdf raises whatever its reading of a damaged object runs into
        return


def _properties(reader: PdfReader) -> Iterator[Aside]:
    for value in (reader.metadata or {}).values():
        yield Aside(PROPERTIES, str(value))
    about = _object(reader.root_object.get("/Metadata"))
    if isinstance(about, StreamObject):
        told = about.get_data().decode("utf-8", "replace")
        yield Aside(PROPERTIES, _MARKUP.sub(" ", told))


def _notes(page: PageObject) -> Iterator[Aside]:
    notes = _object(page.get("/Annots"))
    for entry in (notes if isinstance(notes, ArrayObject) else [])[:_MOST_PARTS]:
        note = _object(entry)
        if isinstance(note, DictionaryObject):
            yield from _strings(note, _NOTES, COMMENTS)
            yield from _strings(note, ("/V", "/DV"), FIELDS)


def _fields(reader: PdfReader) -> Iterator[Aside]:
    form = _object(reader.root_object.get("/AcroForm"))
    fields = _object(form.get("/Fields")) if isinstance(form, DictionaryObject) else None
    for entry in (fields if isinstance(fields, ArrayObject) else [])[:_MOST_PARTS]:
        field = _object(entry)
        if isinstance(field, DictionaryObject):
            yield from _strings(field, ("/V", "/DV", "/TU"), FIELDS)


def _spoken(reader: PdfReader) -> Iterator[Aside]:
    """Walk the structure tree, which says what a screen reader is to speak."""
    waiting = [_object(reader.root_object.get("/StructTreeRoot"))]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        if isinstance(part, ArrayObject):
            waiting += [_object(each) for each in part[:_MOST_PARTS]]
        elif isinstance(part, DictionaryObject):
            yield from _strings(part, _SPOKEN, DESCRIPTIONS)
            waiting.append(_object(part.get("/K")))


def _strings(part: DictionaryObject, keys: tuple[str, ...], place: str) -> Iterator[Aside]:
    for key in keys:
        value = _object(part.get(key))
        if isinstance(value, str):
            yield Aside(place, str(value))


def _object(value: Any) -> Any:
    return value.get_object() if value is not None else None
