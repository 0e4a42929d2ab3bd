"""Verdicts and scores against the truth of the demo world, whole engine, one requisition a block.

In the demo world it is known what each applicant brings. Their resumes show it imperfectly, so
even perfect verdicts would not reach a recall of 1. Usage: ``python -m bench.verdicts [most]``
takes at most so many applicants of each requisition, evenly spread.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from core.assist.screening import BuiltInAssessor, draft, remark
from core.bootstrap import SystemClock
from core.documents import Reader
from core.domain.assessment import Assessment, Standing
from core.domain.criteria import Criteria, Criterion
from core.domain.document import Month, ParsedResume
from core.domain.identity import PseudonymisedText
from core.domain.ids import ApplicationId, RequisitionId, TenantId, UserId
from core.embeddings import MiniLm
from core.errors import DocumentRefused
from core.flow.parse import parse
from core.flow.pseudonymise import Policy, pseudonymise
from core.icims.shapes import requisition
from core.sandbox.icims.world import DemoWorld
from core.sandbox.icims.world.library import Ask, library
from core.sandbox.icims.world.merit import Band, Merit, fit
from core.sandbox.icims.world.papers import resume_file
from core.sandbox.icims.world.plan import Job
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.postings import job_record
from core.services.scoring.grading import Grader

SEED, PEOPLE, AS_OF = 7, 3000, date(2026, 11, 23)
CUSTOMER = "4711"
MOST = 160
HAS = 0.999
"""Share of an item from which a person counts as having it."""
POOL, CALL = 40, 80
SHOWN = (Standing.MET, Standing.PARTLY)

Tally = Counter[tuple[bool, Standing]]
"""How often (brings it, verdict)."""


@dataclass(frozen=True)
class Applicant:
    """A read resume and the truth about its writer."""

    candidacy: Candidacy
    merit: Merit
    parsed: ParsedResume
    text: PseudonymisedText
    as_of: Month


@dataclass(frozen=True)
class Judged:
    """An applicant with what the engine concluded."""

    applicant: Applicant
    made: Assessment

    @property
    def score(self) -> int:
        """The score of a graded resume."""
        return self.made.score.value if self.made.score else 0


def main() -> None:
    """Print one block per requisition and one line of JSON."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else MOST
    population = DemoWorld(SEED, PEOPLE, AS_OF).population(CUSTOMER)
    judges = (BuiltInAssessor(MiniLm()),)
    grader = Grader(lambda: judges, remark, SystemClock())
    by_kind: dict[str, Tally] = defaultdict(Counter)
    everybody: list[Judged] = []
    seconds = 0.0
    for job in population.plan.open_jobs:
        criteria, applicants = criteria_of(population, job), list(read(population, job, most))
        start = time.process_time()
        judged = [found for a in applicants if (found := judge(grader, criteria, a))]
        seconds += time.process_time() - start
        print(json.dumps({"job": job.id, "title": job.opening.title, **figures(judged)}))
        for ask in (*job.opening.required, *job.opening.preferred):
            drafted = [c for c in criteria.criteria if _is_of(c, ask)]
            if drafted and not ask.place:
                tally = compare(population, ask, drafted, judged)
                kind = drafted[0].kind.value
                by_kind[kind].update(tally)
                print(f"    {kind:12}{ask.text[:58]:60}{agreement(tally)}")
        everybody += judged
    kinds = {kind: agreement(tally) for kind, tally in sorted(by_kind.items())}
    each = round(1000 * seconds / len(everybody), 1)
    print(json.dumps({"all": figures(everybody), "kinds": kinds, "cpu_ms_each": each}, indent=1))


def criteria_of(population: Population, job: Job) -> Criteria:
    """Draft and freeze criteria from the posting as iCIMS would send it."""
    body = job_record(population.library, population.tenant, job).body
    posting = requisition(TenantId(CUSTOMER), RequisitionId(str(job.id)), body)
    author, now = UserId("bench"), SystemClock().now()
    return draft(posting, now=now, author=author).freeze(author, now)


def read(population: Population, job: Job, most: int) -> Iterable[Applicant]:
    """Read at most ``most`` applicants' resumes, evenly spread; unreadable ones are left out."""
    candidacies = [
        c
        for person in range(population.plan.people)
        if population.merged_into(person) is None
        for c in population.candidacies(person)
        if c.job.id == job.id
    ]
    reader = Reader(ocr=False)
    for candidacy in candidacies[:: max(1, round(len(candidacies) / most))]:
        person, moment = candidacy.person, candidacy.moves[0].at
        month = Month(moment.year, moment.month)
        file = resume_file(population, person)
        try:
            parsed = parse(reader.read(file.name, file.content), as_of=month)
        except DocumentRefused:
            continue
        text = pseudonymise(parsed, (), Policy()).text
        yield Applicant(candidacy, population.merit(person), parsed, text, month)


def judge(grader: Grader, criteria: Criteria, applicant: Applicant) -> Judged | None:
    """Grade a resume; None when it could not be graded."""
    id = ApplicationId(str(applicant.candidacy.id))
    made = grader.grade(id, applicant.parsed, applicant.text, criteria, applicant.as_of)
    return Judged(applicant, made) if made.score else None


def compare(
    population: Population, ask: Ask, drafted: Sequence[Criterion], judged: Sequence[Judged]
) -> Tally:
    """Count truth against the best verdict with data on what was drafted from ``ask``."""
    ids = {c.id for c in drafted}
    tally: Tally = Counter()
    for one in judged:
        opening = one.applicant.candidacy.job.opening
        has = fit(
            population.library, one.applicant.merit, replace(opening, required=(ask,), preferred=())
        )
        standings = {v.standing for v in one.made.verdicts if v.criterion_id in ids}
        if standings != {Standing.NO_DATA}:
            best = next(s for s in (*SHOWN, Standing.NOT_SHOWN) if s in standings)
            tally[has >= HAS, best] += 1
    return tally


def _is_of(criterion: Criterion, ask: Ask) -> bool:
    return " ".join(criterion.source.split()) == " ".join(ask.text.split())


def agreement(tally: Tally) -> str:
    """Write recall and precision of what is met, and of what is met or partly met."""
    people = sum(count for (has, _), count in tally.items() if has)
    return f"of {people}/{tally.total()}: " + ", ".join(
        f"{name} recall {_share(hits, people):.2f} precision {_share(hits, hits + extra):.2f}"
        for name, counted in (("met", SHOWN[:1]), ("met+partly", SHOWN))
        for hits, extra in [(_count(tally, True, counted), _count(tally, False, counted))]
    )


def _count(tally: Tally, has: bool, counted: Sequence[Standing]) -> int:
    return sum(tally[has, standing] for standing in counted)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def figures(judged: Sequence[Judged]) -> dict[str, object]:
    """Say how scores go with fit, and where they lie against the thresholds."""
    scores = np.array([j.score for j in judged])
    fits = np.array([j.applicant.candidacy.fit for j in judged])
    strong = np.array([j.applicant.merit.band is Band.STRONG for j in judged])
    order = np.argsort(fits, kind="stable")
    thirds = zip(("low", "middle", "high"), np.array_split(order, 3), strict=True)
    return {
        "people": len(judged),
        "auc_strong": round(float(roc_auc_score(strong, scores)), 3),
        "spearman": round(float(spearmanr(scores, fits)[0]), 3),
        "p10_p50_p90_by_fit_third": {name: _quantiles(scores[third]) for name, third in thirds},
        "pool_review_call_by_band": _routes(judged),
        "by_required": _by_required(judged),
    }


def _by_required(judged: Sequence[Judged]) -> dict[str, list[int]]:
    """Score quantiles of those who bring all, about half and hardly any of the required items."""
    world = library()
    groups: dict[str, list[int]] = {"all": [], "half": [], "few": []}
    for one in judged:
        opening = one.applicant.candidacy.job.opening
        share = fit(world, one.applicant.merit, replace(opening, preferred=()))
        name = "all" if share >= HAS else "half" if 0.4 <= share <= 0.6 else ""
        if name or share <= 0.2:
            groups[name or "few"].append(one.score)
    return {k: [len(v), *_quantiles(np.array(v))] for k, v in groups.items() if v}


def _quantiles(scores: np.ndarray) -> list[int]:
    return [round(float(q)) for q in np.quantile(scores, (0.1, 0.5, 0.9))]


def _routes(judged: Sequence[Judged]) -> dict[str, list[int]]:
    def count(band: Band, wanted: Callable[[int], bool]) -> int:
        return sum(wanted(j.score) for j in judged if j.applicant.merit.band is band)

    return {
        band.value: [
            count(band, lambda s: s < POOL),
            count(band, lambda s: POOL <= s <= CALL),
            count(band, lambda s: s > CALL),
        ]
        for band in Band
    }


if __name__ == "__main__":
    main()
