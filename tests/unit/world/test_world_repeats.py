"""The same seed is the same world, on any day, in any process; size costs no memory."""

import subprocess
import sys
import tracemalloc
from collections import deque
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path

from core.sandbox.icims.world import DemoWorld

AS_OF = date(2026, 11, 2)
ROOT = Path(__file__).resolve().parents[3]


def digest(world: DemoWorld) -> str:
    """Hash some records and files."""
    found = sha256()
    for record in islice(world.records("8820"), 0, 300, 3):
        found.update(repr(record).encode())
    first = world.population("8820").tenant.first_person
    for id in range(first + 20, first + 60, 8):
        file = world.file("8820", "people", id, "resume")
        found.update(file.content if file else b"")
    return found.hexdigest()


def test_the_same_seed_gives_the_same_world() -> None:
    assert digest(DemoWorld(3, 400, AS_OF)) == digest(DemoWorld(3, 400, AS_OF))


def test_another_seed_gives_another_world() -> None:
    assert digest(DemoWorld(3, 400, AS_OF)) != digest(DemoWorld(4, 400, AS_OF))


def test_another_process_makes_the_same_bytes() -> None:
    code = (
        "import sys, runpy; from datetime import date; sys.path.insert(0, sys.argv[1]);"
        "own = runpy.run_path(sys.argv[2]);"
        "print(own['digest'](own['DemoWorld'](3, 400, date(2026, 11, 2))))"
    )
    command = [sys.executable, "-c", code, str(ROOT), __file__]
    other = subprocess.run(command, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest(DemoWorld(3, 400, AS_OF))


def test_records_of_a_hundred_thousand_people_pass_without_piling_up() -> None:
    world = DemoWorld(1, 100_000, AS_OF)
    records = world.records("4711")
    deque(islice(records, 2_500), maxlen=0)
    tracemalloc.start()
    deque(islice(records, 300), maxlen=0)
    early, _ = tracemalloc.get_traced_memory()
    deque(islice(records, 900), maxlen=0)
    late, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert late - early < 600_000, "900 records would take ten times that"


def test_the_last_of_a_million_people_is_as_near_as_the_first() -> None:
    population = DemoWorld(1, 1_000_000, AS_OF).population("4711")
    last = population.plan.people - 1
    assert population.plan.people > 700_000
    assert population.life(last).who.name
    assert next(population.candidacies(last)).job in population.plan.open_jobs


def test_a_small_world_still_has_every_open_requisition() -> None:
    population = DemoWorld(1, 60, AS_OF).population("4711")
    seen = {population.plan.job_of(p).id for p in range(population.plan.people)}
    assert {job.id for job in population.plan.open_jobs} <= seen
