"""Measure reading and parsing on development resumes: cost, flags, health, recognition of scans.

Run with ``COPILOT_BENCH_DATA`` set: ``python -m bench.extract [--scans]``. All times are processor
seconds of this process and only their ratios, taken file by file in the same run, mean anything.
"""

import argparse
import io
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pypdf import PdfReader

from core.documents import Limits, Reader
from core.domain.document import ExtractedDocument, FlagKind, ParsedResume
from core.errors import DocumentRefused
from core.flow.parse import parse

T = TypeVar("T")
# Kinds that accuse somebody of something; the others describe the file.
ACCUSING = frozenset(
    {
        FlagKind.HIDDEN_TEXT,
        FlagKind.TINY_TEXT,
        FlagKind.OFF_PAGE_TEXT,
        FlagKind.INSTRUCTION,
        FlagKind.KEYWORD_STUFFING,
    }
)
WORD = re.compile(r"\w+")


@dataclass
class Totals:
    """Sums over all files."""

    plain: float = 0.0
    read: float = 0.0
    parsed: float = 0.0
    words: int = 0
    kept: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    accused: list[str] = field(default_factory=list)
    resumes: list[ParsedResume] = field(default_factory=list)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Give the result of ``work`` and the processor seconds it took."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def plain_text(content: bytes) -> str:
    """Extract with pypdf alone, as the yardstick."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def recall(reference: str, text: str) -> tuple[int, int]:
    """Count the reference's words and how many of them ``text`` holds, each as often."""
    wanted = Counter(WORD.findall(reference.casefold()))
    found = Counter(WORD.findall(text.casefold()))
    return wanted.total(), (wanted & found).total()


def take(path: Path, reader: Reader, totals: Totals) -> None:
    """Read and parse one file three ways."""
    content = path.read_bytes()
    yardstick, seconds = timed(lambda: plain_text(content))
    totals.plain += seconds
    try:
        document, seconds = timed(lambda: reader.read(path.name, content))
    except DocumentRefused as refusal:
        totals.refused[str(refusal)] += 1
        return
    totals.read += seconds
    resume, seconds = timed(lambda: parse(document))
    totals.parsed += seconds
    words, kept = recall(yardstick, document.text)
    totals.words += words
    totals.kept += kept
    count(path.name, document, totals)
    totals.resumes.append(resume)


def count(name: str, document: ExtractedDocument, totals: Totals) -> None:
    """Note the kinds of flags of one document."""
    kinds = {flag.kind for flag in document.flags}
    totals.flags.update(kind.value for kind in kinds)
    if kinds & ACCUSING:
        totals.accused.append(name)


def report(totals: Totals) -> None:
    """Print the figures."""
    count = len(totals.resumes)
    health = Counter(f"{int(r.health.score * 10) / 10:.1f}" for r in totals.resumes)
    reasons = Counter(reason for r in totals.resumes for reason in r.health.reasons)
    print(f"files read {count}, refused {dict(totals.refused)}")
    print(f"read with flags / plain pypdf    {totals.read / totals.plain:.3f}")
    print(f"parse / plain pypdf              {totals.parsed / totals.plain:.3f}")
    print(f"parse, ms a file                 {totals.parsed / max(count, 1) * 1000:.1f}")
    print(f"words of pypdf's text kept       {totals.kept / max(totals.words, 1):.4f}")
    print(f"files accused of hiding          {len(totals.accused)} {totals.accused[:10]}")
    print(f"flags by file                    {dict(totals.flags)}")
    print(f"health                           {dict(sorted(health.items()))}")
    for reason, number in reasons.most_common():
        print(f"    {number:4d}  {reason}")


def report_scans(folder: Path) -> None:
    """Print word recall of character recognition, as a whole and by quality of the scan."""
    reader = Reader(Limits(seconds=180.0))
    sums: dict[str, Counter[str]] = {}
    lines = (folder / "index.jsonl").read_text("utf-8").splitlines()
    for entry in map(json.loads, lines):
        document = reader.read(entry["file"], (folder / entry["file"]).read_bytes())
        words, kept = recall(entry["reference_text"], document.text)
        for key in ("all", entry["quality"]):
            sums.setdefault(key, Counter()).update(files=1, words=words, kept=kept)
    for key, total in sums.items():
        share = total["kept"] / total["words"]
        print(f"scans {key:10s} {total['files']:3d} files, word recall {share:.3f}")


def main() -> int:
    """Run over the development resumes, and over the scans when asked."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--scans", action="store_true", help="also recognise the scans (minutes)"
    )
    arguments.add_argument("--every", type=int, default=1, help="take every n-th file only")
    given = arguments.parse_args()
    data = os.environ.get("COPILOT_BENCH_DATA")
    if not data:
        print("Set COPILOT_BENCH_DATA to the folder of the development data.", file=sys.stderr)
        return 2
    reader, totals = Reader(ocr=False), Totals()
    parse(reader.read("warm-up.txt", b"Summary\nA warm-up, so that no file pays for loading."))
    for path in sorted(Path(data, "resumes_pdf").glob("*.pdf"))[:: given.every]:
        take(path, reader, totals)
    report(totals)
    if given.scans:
        report_scans(Path(data, "scanned"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
