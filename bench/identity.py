"""Measure identity removal: recall by class, leaking documents, over-removal, name swaps, speed.

Run ``COPILOT_BENCH_DATA=… python -m bench.identity``; prints JSON, then a table. Classes are the
data's own. An entity counts as removed when none of it is left but separators.
"""

import json
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from bench.name_swap import swap_differences
from core.domain.identity import IdentityKind, KnownIdentity, PseudonymisedText
from core.flow.pseudonymise import PSEUDONYMISER_VERSION, Policy, pseudonymise

IDENTIFIERS = (
    *("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS", "STREET_ADDRESS", "CREDIT_CARD"),
    *("IBAN_CODE", "IP_ADDRESS", "DOMAIN_NAME", "US_DRIVER_LICENSE", "AGE"),
)
KEPT = ("ORGANIZATION", "TITLE", "GPE", "LOCATION", "NRP", "DATE_TIME")
Row = dict[str, Any]


def kept_share(text: PseudonymisedText, start: int, end: int, document: str) -> float:
    """Share of the letters and digits in ``[start, end)`` of ``document`` that survive."""
    gone = sum(
        _alnum(document[max(start, r.original.start) : min(end, r.original.end)])
        for r in text.replacements
    )
    return 1 - gone / max(1, _alnum(document[start:end]))


def is_part_of_another(entity: Row, row: Row) -> bool:
    """Leave out "Mr." (goes with the name, it tells the gender) and towns inside an address."""
    if entity["label"] == "TITLE":
        return str(entity["text"]).endswith(".")
    labels = {e["label"] for e in row["entities"]}
    return entity["label"] in {"GPE", "LOCATION"} and bool(labels & {"ADDRESS", "STREET_ADDRESS"})


def _alnum(text: str) -> int:
    return sum(c.isalnum() for c in text)


def recall(rows: Iterable[Row], *, with_names: bool) -> dict[str, Any]:
    """Recall of each class, share removed of what should stay, and documents that leak."""
    total, gone, touched = Counter[str](), Counter[str](), Counter[str]()
    leaking: Counter[str] = Counter()
    documents = 0
    for row in rows:
        names = [e["text"] for e in row["entities"] if e["label"] == "PERSON" and with_names]
        known = [KnownIdentity(IdentityKind.NAME, name) for name in names]
        result = pseudonymise(row["text"], known, Policy()).text
        left = set()
        for entity in row["entities"]:
            if is_part_of_another(entity, row):
                continue
            kept = kept_share(result, entity["start"], entity["end"], row["text"])
            total[entity["label"]] += 1
            gone[entity["label"]] += kept <= 0
            touched[entity["label"]] += kept < 1
            if kept > 0 and entity["label"] in IDENTIFIERS:
                left.add(entity["label"])
        documents += any(e["label"] in IDENTIFIERS for e in row["entities"])
        leaking["any"] += bool(left)
        leaking["other than PERSON"] += bool(left - {"PERSON"})
    return {
        "recall": {k: round(gone[k] / total[k], 4) for k in IDENTIFIERS if total[k]},
        "touched": {k: round(touched[k] / total[k], 4) for k in IDENTIFIERS if total[k]},
        "removed though to be kept": {k: round(touched[k] / total[k], 4) for k in KEPT if total[k]},
        "leaking documents": {k: round(n / documents, 4) for k, n in leaking.items()},
    }


def resumes(paths: Sequence[Path]) -> dict[str, Any]:
    """Share of words removed by kind, and time against pypdf reading the same files."""
    read = spent = 0.0
    removed: Counter[str] = Counter()
    words, milliseconds = 0, []
    for path in paths:
        begin = time.process_time()
        text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        middle = time.process_time()
        result = pseudonymise(text, (), Policy()).text
        end = time.process_time()
        read, spent = read + middle - begin, spent + end - middle
        milliseconds.append((end - middle) * 1000)
        words += len(text.split())
        for r in result.replacements:
            removed[r.kind.value] += len(r.original.of(text).split())
    return {
        "files": len(paths),
        "time ratio to pypdf": round(spent / read, 3),
        "ms per resume": round(statistics.mean(milliseconds), 2),
        "ms p95": round(statistics.quantiles(milliseconds, n=20)[-1], 2),
        "share of words removed": {k: round(n / words, 5) for k, n in removed.most_common()},
    }


def main() -> None:
    """Print all numbers as JSON, then as a table."""
    data = Path(os.environ["COPILOT_BENCH_DATA"])
    lines = (data / "pii_dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    pseudonymise("Warm up 030 123456", (), Policy())
    report = {
        "version": PSEUDONYMISER_VERSION,
        "without names": recall(rows, with_names=False),
        "with names": recall(rows, with_names=True),
        "resumes": resumes(sorted((data / "resumes_pdf").glob("*.pdf"))),
        "name swaps": swap_differences(data),
    }
    print(json.dumps(report, indent=1))
    for title, part in report.items():
        print(f"\n{title}" if isinstance(part, dict) else f"{title}: {part}")
        for key, value in part.items() if isinstance(part, dict) else ():
            for name, number in value.items() if isinstance(value, dict) else [("", value)]:
                print(f"  {re.sub(r'_', ' ', f'{key} {name}'):60} {number}")


if __name__ == "__main__":
    main()
