"""Score a folder of resumes in as many processes as there are cores."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.assist.screening import draft, requisition_from_text
from core.bootstrap import plain_files
from core.domain.criteria import Criteria
from core.domain.document import Month
from core.domain.ids import RequisitionId, TenantId, UserId
from core.services.scoring.plain_files import PlainFiles

_AUTHOR = UserId("service:command-line")

_engine: PlainFiles
_criteria: Criteria
_as_of: Month | None
_open = ExitStack()
"""What one lane keeps from file to file; each lives in a process of its own."""


def assess_folder(posting: str, folder: Path, as_of: Month | None) -> Iterator[dict[str, Any]]:
    """Yield one answer per file, in name order, scored against criteria drafted from ``posting``.

    Raises ``CriteriaRefused`` when the posting asks for nothing that can be checked.
    """
    criteria = _criteria_of(posting)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lanes = min(os.cpu_count() or 1, max(1, len(paths)))
    # Spawned, not forked: the reading processes and the model's threads must not be inherited.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(lanes, context, _start, (criteria, as_of)) as pool:
        yield from pool.map(_assess, [str(path) for path in paths], [str(folder)] * len(paths))


def _criteria_of(posting: str) -> Criteria:
    now = datetime.now(UTC)
    requisition = requisition_from_text(posting, id=RequisitionId("file"), tenant=TenantId("files"))
    return draft(requisition, now=now, author=_AUTHOR).freeze(_AUTHOR, now)


def _start(criteria: Criteria, as_of: Month | None) -> None:
    global _engine, _criteria, _as_of
    _engine = _open.enter_context(plain_files(workers=1))
    _criteria, _as_of = criteria, as_of


def _assess(path: str, folder: str) -> dict[str, Any]:
    name = str(Path(path).relative_to(folder))
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        return {"id": name, "score": None, "reason": f"The file cannot be read: {error.strerror}"}
    return _engine.assess(name, content, _criteria, _as_of)
