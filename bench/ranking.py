"""Ranking quality and speed of the built-in assessor against TF-IDF, in one run.

COPILOT_BENCH_DATA names a folder with ``occupations_dev.jsonl`` and
``resume_category_dev.csv.gz``; a resume is relevant to an occupation when its category is the
occupation's. Usage: ``python -m bench.ranking [every]`` takes every n-th resume.
"""

import json
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score

from bench.data import data_folder
from core.assist.screening import BuiltInAssessor, draft, requisition_from_text
from core.domain.assessment import AssessmentRequest, Verdict, contributions
from core.domain.criteria import Criteria
from core.domain.identity import PseudonymisedText
from core.domain.ids import RequisitionId, TenantId, UserId
from core.embeddings import MiniLm

NOW = datetime(2026, 7, 15, tzinfo=UTC)
PDF_STEP = 6


@dataclass(frozen=True)
class Occupation:
    """A job text and the resume category that counts as relevant."""

    title: str
    category: str
    text: str


@dataclass
class Judged:
    """All verdicts of the run, by occupation and resume, and the time they took."""

    verdicts: list[list[tuple[Verdict, ...]]]
    cpu_seconds: float


def main() -> None:
    """Print one table and one line of JSON."""
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    folder = data_folder()
    occupations, resumes = _load(folder, every)
    texts, categories = list(resumes["text_no_title"]), list(resumes["category"])
    criteria = [_criteria(o) for o in occupations]
    assessor = BuiltInAssessor(MiniLm())
    judged = _judge(assessor, criteria, texts)
    again = _judge(assessor, criteria[:1], texts[:50])
    ours = [[_score(c, v) for v in row] for c, row in zip(criteria, judged.verdicts, strict=True)]
    figures = {
        "resumes": len(texts),
        "auc": _mean_auc(ours, occupations, categories),
        "p_at_20": _precision(ours, occupations, categories),
        **_tfidf_figures(occupations, texts, categories),
        "quotes_verbatim": _quotes(judged.verdicts, texts),
        "same_verdicts_again": again.verdicts[0] == judged.verdicts[0][:50],
        **_speed(judged, len(occupations) * len(texts), folder / "resumes_pdf"),
    }
    for row, o in zip(ours, occupations, strict=True):
        auc, p20 = _auc(row, o, categories), _p20(row, o, categories)
        print(f"{o.title:45s} AUC {auc:.3f}  P@20 {p20:.2f}")
    print(json.dumps(figures))


def _load(folder: Path, every: int) -> tuple[list[Occupation], pd.DataFrame]:
    lines = (folder / "occupations_dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    resumes = pd.read_csv(folder / "resume_category_dev.csv.gz").dropna().iloc[::every]
    return [Occupation(r["title"], r["category"], r["jd_text"]) for r in rows], resumes


def _criteria(occupation: Occupation) -> Criteria:
    job = requisition_from_text(occupation.text, id=RequisitionId("1"), tenant=TenantId("1"))
    return draft(job, now=NOW, author=UserId("bench")).freeze(UserId("bench"), NOW)


def _judge(assessor: BuiltInAssessor, criteria: Sequence[Criteria], texts: Sequence[str]) -> Judged:
    safe = [PseudonymisedText(text, (), ()) for text in texts]
    assessor.assess(AssessmentRequest(text=safe[0], criteria=criteria[0]))
    start = time.process_time()
    verdicts = [
        [assessor.assess(AssessmentRequest(text=text, criteria=c)) for text in safe]
        for c in criteria
    ]
    return Judged(verdicts, time.process_time() - start)


def _score(criteria: Criteria, verdicts: tuple[Verdict, ...]) -> float:
    return sum(line.points for line in contributions(criteria.criteria, verdicts))


def _auc(scores: Sequence[float], occupation: Occupation, categories: Sequence[str]) -> float:
    return float(roc_auc_score([c == occupation.category for c in categories], scores))


def _p20(scores: Sequence[float], occupation: Occupation, categories: Sequence[str]) -> float:
    best = np.argsort(-np.asarray(scores), kind="stable")[:20]
    return float(np.mean([categories[i] == occupation.category for i in best]))


def _mean_auc(
    rows: Sequence[Sequence[float]], occupations: list[Occupation], categories: Sequence[str]
) -> float:
    pairs = zip(rows, occupations, strict=True)
    return round(float(np.mean([_auc(row, o, categories) for row, o in pairs])), 4)


def _precision(
    rows: Sequence[Sequence[float]], occupations: list[Occupation], categories: Sequence[str]
) -> float:
    pairs = zip(rows, occupations, strict=True)
    return round(float(np.mean([_p20(row, o, categories) for row, o in pairs])), 4)


def _tfidf_figures(
    occupations: list[Occupation], texts: list[str], categories: Sequence[str]
) -> dict[str, float]:
    matrix = TfidfVectorizer().fit_transform([*texts, *(o.text for o in occupations)])
    rows = (matrix[len(texts) :] @ matrix[: len(texts)].T).toarray()
    return {
        "tfidf_auc": _mean_auc(rows, occupations, categories),
        "tfidf_p_at_20": _precision(rows, occupations, categories),
    }


def _quotes(verdicts: list[list[tuple[Verdict, ...]]], texts: Sequence[str]) -> float:
    """Share of quotes that stand in the text exactly where they say."""
    checks = [
        evidence.span.of(text) == evidence.quote
        for row in verdicts
        for text, judged in zip(texts, row, strict=True)
        for verdict in judged
        for evidence in verdict.evidence
    ]
    return float(np.mean(checks))


def _speed(judged: Judged, assessments: int, pdfs: Path) -> dict[str, float]:
    """Time per assessment, beside pypdf's plain extraction of real resumes in the same run."""
    each = judged.cpu_seconds / assessments
    files = [path.read_bytes() for path in sorted(pdfs.glob("*.pdf"))[::PDF_STEP]]
    read, start = 0, time.process_time()
    for content in files:
        with suppress(PyPdfError, ValueError, KeyError):
            for page in PdfReader(BytesIO(content)).pages:
                page.extract_text()
            read += 1
    extraction = (time.process_time() - start) / read
    return {
        "cpu_ms_each": round(1000 * each, 1),
        "resumes_per_second_one_core": round(1 / each, 1),
        "pypdf_ms_each": round(1000 * extraction, 1),
        "assess_to_pypdf": round(each / extraction, 2),
    }


if __name__ == "__main__":
    main()
