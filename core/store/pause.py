"""Reading thousands of records without the garbage collector walking them over and over."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_reads: list[bool] = []
"""One entry for each read under way; the first says whether the collector was on before."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the process's cyclic garbage collector off until the last of the reads is done.

    What is read has no cycles and is kept: looking through it while it grows took two fifths of
    the time of reading 5,000 assessments.
    """
    with _lock:
        _reads.append(gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if len(_reads) == 1 and _reads[0]:
                gc.enable()
            _reads.pop()
