"""Resumes per second, extract → pseudonymise → assess, against pypdf's extraction alone.

Both run in one process per core over the same text PDFs (those with a text layer), whole
processes from start to end, in turn, several times; the ratio is of medians. Peak memory is the
sum over the processes of the larger run.

    COPILOT_BENCH_DATA=… python -m bench.end_to_end [--files N] [--rounds N]
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Self

from pypdf import PdfReader

from bench.data import data_folder
from core.folder import assess_folder

LEAST_TEXT = 500
"""Characters: below this a PDF has no text layer worth the name and would be a matter of OCR."""


def pypdf_text(path: str) -> int:
    """Extract with pypdf in plain mode; return the number of characters."""
    return sum(len(page.extract_text()) for page in PdfReader(path).pages)


def extract_all(folder: Path) -> int:
    """Extract every file on all cores."""
    paths = sorted(str(path) for path in folder.iterdir())
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return sum(pool.map(pypdf_text, paths, chunksize=4))


def assess_all(posting: str, folder: Path) -> int:
    """Score every file on all cores; return how many were graded."""
    return sum(line["score"] is not None for line in assess_folder(posting, folder, None))


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    source = data_folder()
    posting = _posting(source)
    with _text_pdfs(source, given.files) as folder:
        count = len(list(folder.iterdir()))
        plain, whole, graded, peak = [], [], 0, 0
        for _ in range(given.rounds):
            plain.append(_timed(lambda: extract_all(folder))[0])
            with _Memory() as memory:
                seconds, graded = _timed(lambda: assess_all(posting, folder))
            whole.append(seconds)
            peak = max(peak, memory.peak)
    a, b = statistics.median(plain), statistics.median(whole)
    figures = {
        "files": count,
        "graded": graded,
        "pypdf_seconds": round(a, 2),
        "end_to_end_seconds": round(b, 2),
        "resumes_per_second": round(count / b, 1),
        "ratio_to_extraction": round(b / a, 2),
        "ratios": [round(y / x, 2) for x, y in zip(plain, whole, strict=True)],
        "peak_memory_mb": peak,
        "python": sys.version.split()[0],
    }
    print(json.dumps(figures, indent=1))


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _posting(source: Path) -> str:
    line = (source / "occupations_dev.jsonl").read_text(encoding="utf-8").splitlines()[0]
    return str(json.loads(line)["jd_text"])


@contextmanager
def _text_pdfs(source: Path, most: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in sorted((source / "resumes_pdf").glob("*.pdf"))[:most]:
            if pypdf_text(str(path)) >= LEAST_TEXT:
                shutil.copy(path, folder / path.name)
        yield folder


class _Memory:
    """Peak resident memory of this process and all its descendants, sampled, in MB."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        page = resource.getpagesize()
        while not self._over.wait(0.1):
            resident = sum(_resident_pages(pid) for pid in _family(os.getpid()))
            self.peak = max(self.peak, resident * page // 1_000_000)


def _family(root: int) -> Iterator[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parents.setdefault(_parent(entry), []).append(int(entry.name))
    queue = [root]
    while queue:
        pid = queue.pop()
        yield pid
        queue += parents.get(pid, [])


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def _resident_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0


if __name__ == "__main__":
    main()
