"""Parse health: how far the reading can be trusted, with reasons in a recruiter's words."""

import re

from core.domain.document import (
    ExtractedDocument,
    FlagKind,
    ParseHealth,
    ResumeFacts,
    SectionKind,
    TextSource,
)

_EMPTY, _SHORT, _BRIEF = 60, 300, 700
_WORD = re.compile(r"[^\W\d_]+")
_HIDDEN = "Most of the text is hidden from a human reader."
_ROOMS = frozenset({SectionKind.EXPERIENCE, SectionKind.EDUCATION, SectionKind.SKILLS,
                    SectionKind.SUMMARY})  # fmt: skip


def assess_health(document: ExtractedDocument, facts: ResumeFacts) -> ParseHealth:
    """Start at 1, take off for each thing that hinders reading; never below 0."""
    letters = sum(map(str.isalnum, document.legible))
    if letters < _EMPTY:
        return ParseHealth(0.0, (_nothing(document),))
    losses = [*_length(letters), *_structure(facts), *_letters(document), *_flags(document)]
    score = max(1.0 - sum(loss for loss, _ in losses), 0.0)
    return ParseHealth(round(score, 2), tuple(reason for _, reason in losses))


Loss = tuple[float, str]


def _nothing(document: ExtractedDocument) -> str:
    if any(flag.kind is FlagKind.SCANNED for flag in document.flags):
        return "The file is a scan in which no text could be recognised."
    if _mostly_hidden(document):
        return _HIDDEN
    return "The file holds almost no text."


def _length(letters: int) -> list[Loss]:
    if letters < _SHORT:
        return [(0.6, "There is very little text: a few lines.")]
    return [(0.2, "The text is short for a resume.")] if letters < _BRIEF else []


def _structure(facts: ResumeFacts) -> list[Loss]:
    losses: list[Loss] = []
    if not any(section.kind in _ROOMS for section in facts.sections):
        losses.append((0.15, "No usual section headings were found."))
    if not facts.positions:
        losses.append((0.15, "No dated positions were found."))
    return losses


def _letters(document: ExtractedDocument) -> list[Loss]:
    text = document.legible
    words = _WORD.findall(text)
    losses: list[Loss] = []
    lost = text.count("\ufffd") + sum("\ue000" <= c <= "\uf8ff" for c in text)
    if lost * 50 > len(text):
        losses.append((0.4, "Many characters could not be read: the file's fonts are broken."))
    foreign = any(ord(c) > 0x2E7F for c in text[:2000])
    if words and not foreign:
        glued = sum(len(w) > 24 for w in words) / len(words)
        if glued > 0.04:
            losses.append((0.2, "Words run together: the file lost its spaces."))
        single = sum(len(w) == 1 for w in words) / len(words)
        if single > 0.3:
            losses.append((0.3, "Words are broken into single letters."))
    return losses


def _flags(document: ExtractedDocument) -> list[Loss]:
    kinds = {flag.kind for flag in document.flags}
    losses: list[Loss] = []
    if document.source is TextSource.OCR:
        losses.append((0.1, "The text was recognised from a picture and may hold errors."))
        losses += _noise(document.text)
    if FlagKind.TRUNCATED in kinds:
        losses.append((0.2, "Part of the file could not be read."))
    if FlagKind.BROKEN_ENCODING in kinds and "\ufffd" in document.text:
        losses.append((0.1, "Some characters were lost before the file reached us."))
    return losses


def _mostly_hidden(document: ExtractedDocument) -> bool:
    hidden = sum(span.end - span.start for span in document.concealed)
    return hidden * 2 > len(document.text)


def _noise(text: str) -> list[Loss]:
    """Recognised pictures of graphics come out as strings of marks."""
    pieces = text.split()
    odd = sum(not any(map(str.isalnum, piece)) for piece in pieces)
    words = [w for piece in pieces for w in _WORD.findall(piece)]
    stumps = sum(len(w) <= 2 for w in words)
    if pieces and (odd > 0.15 * len(pieces) or stumps > 0.45 * len(words)):
        return [(0.3, "Much of the picture could not be recognised as words.")]
    return []
