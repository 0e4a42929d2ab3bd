"""How much one file may cost, and the words in which a file is refused."""

import os
from dataclasses import dataclass

from core.errors import DocumentRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds for one file: bytes and characters, pages, seconds, megabytes, XML depth.

    ``max_unpacked`` bounds what a zipped format may decompress to, in bytes; ``memory_mb`` is
    the address space of an isolated reader.
    """

    max_bytes: int = 15_000_000
    max_pages: int = 60
    seconds: float = 30.0
    max_text: int = 400_000
    memory_mb: int = 1_536
    max_unpacked: int = 60_000_000
    max_depth: int = 200


def check_size(content: bytes, limits: Limits) -> None:
    """Refuse an empty or oversized file."""
    if not content.strip(b"\x00 \r\n\t"):
        raise DocumentRefused("The file is empty. Ask the candidate to send it again.")
    if len(content) > limits.max_bytes:
        megabytes = limits.max_bytes / 1_000_000
        raise DocumentRefused(f"The file is larger than the {megabytes:.0f} MB we read.")


BROKEN = "The file is damaged and cannot be opened. Ask the candidate to send it again."
TOO_SLOW = "Reading the file took too long and was stopped. Please open it by hand."
TOO_HEAVY = "The file needs more memory than a resume should. Please open it by hand."
LOCKED = "The file is protected by a password. Ask the candidate for an open copy."
EVERYTHING_ELSE = (
    "This kind of file is not read. Ask for a PDF, Word (.docx), RTF, ODT or text file."
)
OLD_WORD = "This is an old Word file (.doc). Ask for a PDF or .docx, or save it anew in Word."
EXPANDS = "The file unpacks to far more than a resume holds and was not opened."
TOO_DEEP = "The file is nested more deeply than any word processor writes and was not read."

PICTURE_WIDTH = 1_100
"""Width in pixels of a page's picture: sharp enough to read, small enough to send."""
HIGHEST_PICTURE = 6_000
NO_PAGES = "This kind of file has no pages of its own to show. Its text is shown instead."
ODD_PAGE = "The page has a size that no paper has and cannot be shown. Its text is shown instead."

NO_OCR = "The file is a picture of text and no character recognition is available here."


def too_many_pages(pages: int, limits: Limits) -> DocumentRefused:
    """Word the refusal of a long file."""
    return DocumentRefused(f"The file has {pages} pages; at most {limits.max_pages} are read.")


def no_such_page(number: int, count: int) -> DocumentRefused:
    """Word the refusal of a page beyond the last."""
    return DocumentRefused(f"The file has no page {number}; it has {count}.")


def passed_on() -> dict[str, str]:
    """Give the only settings of ours that other processes need: where programs and data lie."""
    return {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
