"""What kind of file the bytes are, whatever the name says."""

import io
import re
import zipfile
import zlib
from enum import StrEnum

from core.documents import limits
from core.errors import DocumentRefused


class Kind(StrEnum):
    """The kinds that are read; the value is the media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ODT = "application/vnd.oasis.opendocument.text"
    RTF = "application/rtf"
    HTML = "text/html"
    TEXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"


PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.TIFF})
_MAGIC = (
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]|<head[\s>]", re.IGNORECASE)
# Bytes that no text encoding in use for resumes produces, UTF-16 aside.
_ODT = Kind.ODT.value.encode()
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(content: bytes) -> Kind:
    """Recognise the kind by content; raises ``DocumentRefused`` for any other."""
    head = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t")
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return _inside_zip(content)
    if head.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise DocumentRefused(limits.LOCKED if locked else limits.OLD_WORD)
    return Kind.HTML if _HTML.search(head) else _text(content)


def _inside_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            odt = "mimetype" in names and package.open("mimetype").read(100) == _ODT
    except _BAD_ZIP as error:
        raise DocumentRefused(limits.BROKEN) from error
    if "word/document.xml" in names:
        return Kind.DOCX
    if odt and "content.xml" in names:
        return Kind.ODT
    raise DocumentRefused(limits.EVERYTHING_ELSE)


def _text(content: bytes) -> Kind:
    sample = content[:65_536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.TEXT
    if len(_BINARY.findall(sample)) > max(len(sample) // 200, 2):
        zeros = sample[1::2].count(0) + sample[::2].count(0)
        if zeros < len(sample) // 4:
            raise DocumentRefused(limits.EVERYTHING_ELSE)
    return Kind.TEXT
