"""Measure pictures of original pages: how many quotes are lit, how long a page takes, its size.

Every passage that the built-in assessor could quote and every skill it could point at is asked for,
page by page, through the isolated reader. Run with ``COPILOT_BENCH_DATA`` set:
``python -m bench.pages [--scans] [--every n] [--misses n]``. Times are wall clock of one warm
process; with ``--scans`` character recognition is part of them.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.data import data_folder
from core.assist.screening.passages import passages_of
from core.documents import IsolatedReader, Limits
from core.domain.document import ExtractedDocument, PagePicture, Span
from core.errors import DocumentRefused
from core.flow.parse import parse


@dataclass
class Totals:
    """Sums over all pages; ``dark`` counts what was not lit."""

    asked: Counter[str] = field(default_factory=Counter)
    dark: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)


def quotable(document: ExtractedDocument) -> list[tuple[str, Span]]:
    """List what could be quoted: passages by the lines they cover, and skills."""
    passages = (passage.span for passage in passages_of(document.text, ()))
    skills = (span for skill in parse(document).facts.skills for span in skill.spans)
    kinds = (
        ("passage of lines" if "\n" in span.of(document.text) else "passage in a line", span)
        for span in passages
    )
    return [*kinds, *(("skill", span) for span in skills)]


def take(path: Path, reader: IsolatedReader, totals: Totals) -> None:
    """Read one file and paint its pages with everything quotable on them."""
    content = path.read_bytes()
    try:
        document = reader.read(path.name, content)
        quotes = quotable(document)
        for page in document.pages:
            start = time.perf_counter()
            picture = reader.picture(document, content, page.number, [span for _, span in quotes])
            totals.seconds.append(time.perf_counter() - start)
            count(path.name, document, quotes, picture, totals)
    except DocumentRefused as refusal:
        totals.refused[str(refusal)] += 1


def count(
    name: str,
    document: ExtractedDocument,
    quotes: list[tuple[str, Span]],
    picture: PagePicture,
    totals: Totals,
) -> None:
    """Note size and what was lit of one page."""
    totals.sizes.append(len(picture.png))
    totals.asked.update(quotes[index][0] for index in {box.passage for box in picture.boxes})
    for kind, span in (quotes[index] for index in picture.missing):
        totals.asked[kind] += 1
        totals.dark[kind] += 1
        totals.misses.append(f"{name} p{picture.number} {kind}: {span.of(document.text)[:90]!r}")


def report(name: str, totals: Totals, misses: int) -> None:
    """Print the figures."""
    print(f"{name}: {len(totals.seconds)} pages, refused {dict(totals.refused)}")
    for kind, asked in sorted(totals.asked.items()):
        print(f"  {kind:18s} {asked:6d} asked, lit {1 - totals.dark[kind] / asked:.4f}")
    every, dark = totals.asked.total(), totals.dark.total()
    print(f"  {'all':18s} {every:6d} asked, lit {1 - dark / every:.4f}")
    for words, values in (
        ("ms a page", np.array(totals.seconds) * 1000),
        ("KB a page", np.array(totals.sizes) / 1000),
    ):
        p50, p95, most = (round(float(np.percentile(values, q))) for q in (50, 95, 100))
        print(f"  {words}: p50 {p50}, p95 {p95}, most {most}")
    for line in totals.misses[:: max(1, len(totals.misses) // misses)] if misses else []:
        print(f"    {line}")


def main() -> None:
    """Run over the development resumes, and over the scans when asked."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--scans", action="store_true", help="also the scans (minutes)")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th file only")
    arguments.add_argument("--misses", type=int, default=0, help="show so many that were not lit")
    given = arguments.parse_args()
    folders = {"resumes_pdf": False} | ({"scanned": True} if given.scans else {})
    for name, ocr in folders.items():
        totals = Totals()
        with IsolatedReader(Limits(seconds=180.0), workers=1, ocr=ocr) as reader:
            for path in sorted((data_folder() / name).glob("*.pdf"))[:: given.every]:
                take(path, reader, totals)
        report(name, totals, given.misses)


if __name__ == "__main__":
    main()
