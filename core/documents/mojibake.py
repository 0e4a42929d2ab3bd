"""Undo UTF-8 that was once read as Windows-1252, wherever it can be undone with certainty."""

import re

# Windows-1252 leaves five bytes undefined; converters drop them, keep them as C1 controls or,
# in many resume exports, write a zero-width space instead.
_UNDEFINED = "\x81\x8d\x8f\x90\x9d"
_HIGH = "".join(
    sorted({bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xC0)} - {"\ufffd"})
)
_TAIL = f"[{re.escape(_HIGH)}{_UNDEFINED}\u200b]"
_GARBLED = re.compile(f"[Â-ß]{_TAIL}|[à-ï]{_TAIL}{{2}}|[ð-ô]{_TAIL}{{3}}")
# A lost byte can only be guessed where one reading is overwhelmingly the usual one.
_LOST = {"â€\u200b": "”", "ï¼\u200b": "－", "Ã\u200b": "í"}
_DEFINED = {
    byte.decode("cp1252", "ignore"): byte
    for byte in map(bytes, zip(range(0x80, 0x100), strict=True))
}
_BYTES = _DEFINED | {c: c.encode("latin-1") for c in _UNDEFINED}


def repair(text: str) -> str:
    """Replace every garbled character that decodes; text without any comes back unchanged."""
    if text.isascii():
        return text
    return _GARBLED.sub(_restored, text)


def garbled(text: str) -> int:
    """Count characters that ``repair`` would change."""
    return 0 if text.isascii() else sum(_restored(m) != m[0] for m in _GARBLED.finditer(text))


def _restored(match: re.Match[str]) -> str:
    sequence = match[0]
    if sequence in _LOST:
        return _LOST[sequence]
    try:
        return b"".join(_BYTES[c] for c in sequence).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return sequence
