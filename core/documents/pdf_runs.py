"""Make pypdf report text in runs of one look.

pypdf reports text to a visitor where the font or the line changes, so one report could mix black
and white. An identity ``cm`` changes nothing on the page but ends the run: one is put before each
change of colour, mode, opacity or layer that follows shown text.
"""

from typing import Any

from pypdf.generic import ContentStream

_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FLUSHES = frozenset({b"BT", b"ET", b"cm", b"Tf", b"Do"})
_CHANGES = frozenset(
    {b"g", b"rg", b"k", b"sc", b"scn", b"G", b"RG", b"K", b"SC", b"SCN", b"cs", b"CS",
     b"Tr", b"gs", b"q", b"Q", b"BDC", b"BMC", b"EMC"}
)  # fmt: skip
_STILL = ([1, 0, 0, 1, 0, 0], b"cm")


def flushing(stream: ContentStream) -> ContentStream:
    """Insert the ends of runs; a stream that breaks off keeps what was read before."""
    try:
        operations = stream.operations
    except MemoryError:
        raise
    except Exception:  # whatever the damage, pypdf keeps the operations before it
        operations = stream.operations
    changed: list[tuple[Any, bytes]] = []
    pending = False
    for operation in operations:
        operator = operation[1]
        if operator in _SHOWS:
            pending = True
        elif operator in _FLUSHES:
            pending = False
        elif pending and operator in _CHANGES:
            changed.append(_STILL)
            pending = False
        changed.append(operation)
    if len(changed) > len(operations):
        stream.operations = changed
    return stream
