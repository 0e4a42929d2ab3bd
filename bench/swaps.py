"""Score change when nothing but the candidate's name changes: 800 names, whole engine.

Each name is put into the header, e-mail, handle and closing line of real resume texts; the name
is known, as iCIMS gives it. The aim is a change of exactly 0.

    COPILOT_BENCH_DATA=… python -m bench.swaps [--resumes N]
"""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bench.data import data_folder
from bench.name_swap import bodies, resume_of, swap_names
from core.assist.screening import draft, remark, requisition_from_text
from core.bootstrap import SystemClock, built_in
from core.documents import Reader
from core.domain.assessment import Assessment
from core.domain.criteria import Criteria
from core.domain.identity import IdentityKind, KnownIdentity
from core.domain.ids import ApplicationId, RequisitionId, TenantId, UserId
from core.flow.parse import parse
from core.flow.pseudonymise import Policy, pseudonymise
from core.ports import Assessor
from core.services.scoring.grading import Grader

REFERENCE = "Zyxwa Qvortex"


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--resumes", type=int, default=3)
    count = options.parse_args().resumes
    data = data_folder()
    criteria, grader = _criteria(), Grader(_judges(), remark, SystemClock())
    names, changes, which = swap_names(data), [], []
    for body in bodies(data, count):
        base = _score(REFERENCE, body, criteria, grader)
        for name in names:
            change = abs(_score(name, body, criteria, grader) - base)
            changes.append(change)
            which += [name] if change else []
    print(
        json.dumps(
            {
                "names": len(names),
                "resumes": count,
                "largest_change": max(changes),
                "changed": sum(c > 0 for c in changes),
                "of": len(changes),
                "which": sorted(set(which)),
            },
            indent=1,
        )
    )


def _judges() -> Callable[[], Sequence[Assessor]]:
    built = (built_in(),)
    return lambda: built


def _criteria() -> Criteria:
    line = (data_folder() / "occupations_dev.jsonl").read_text(encoding="utf-8").splitlines()[0]
    author, now = UserId("bench"), datetime.now(UTC)
    job = requisition_from_text(
        json.loads(line)["jd_text"], id=RequisitionId("bench"), tenant=TenantId("bench")
    )
    return draft(job, now=now, author=author).freeze(author, now)


def _score(name: str, body: str, criteria: Criteria, grader: Grader) -> float:
    """Return the exact sum of credits, not the rounded score."""
    document = Reader().read("resume.txt", resume_of(name, body).encode())
    parsed = parse(document)
    known = [KnownIdentity(IdentityKind.NAME, name)]
    text = pseudonymise(parsed, known, Policy()).text
    made: Assessment = grader.grade(ApplicationId("bench"), parsed, text, criteria, None)
    return sum(v.credit or 0.0 for v in made.verdicts)


if __name__ == "__main__":
    main()
