"""Places in flight over several processes, on every database engine there is."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.ports import Places
from core.store import Store
from tests.store_bench import HandClock, open_for

ROOT = Path(__file__).resolve().parents[2]
SOON, NOT_AT_ALL = 20.0, 0.0


class Holders:
    """Processes that hold places and can be killed."""

    def __init__(self, forks: subprocess.Popen[str]) -> None:
        self._forks = forks

    def start(self, url: str, who: str = "other") -> int:
        """Start one; give its process id."""
        assert self._forks.stdin is not None
        self._forks.stdin.write(f"{url} 4 {who}\n")
        self._forks.stdin.flush()
        return int(self._said())

    def place(self) -> str:
        """Wait until one of them has a place."""
        return self._said().strip()

    def _said(self) -> str:
        assert self._forks.stdout is not None
        return self._forks.stdout.readline()


@pytest.fixture(scope="module")
def forks() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.faults.place_holder"]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process


@dataclass
class Hold:
    """Starts and kills holders of one test."""

    holders: Holders
    url: str
    alive: list[int] = field(default_factory=list)

    def start(self, who: str = "other") -> None:
        """Start one and do not wait for it."""
        self.alive.append(self.holders.start(self.url, who))

    def place(self) -> str:
        """Wait until one of them has a place, and say which."""
        return self.holders.place()

    def kill(self) -> None:
        """Kill the one that was started last."""
        os.kill(self.alive.pop(), signal.SIGKILL)


@pytest.fixture
def hold(forks: subprocess.Popen[str], url: str) -> Iterator[Hold]:
    started = Hold(Holders(forks), url)
    yield started
    while started.alive:
        started.kill()


@pytest.fixture
def stores(url: str) -> Iterator[Callable[[], Store]]:
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(open_for(url, HandClock(), "4711"))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def places(stores: Callable[[], Store]) -> Iterator[Places]:
    made = stores().places(4)
    # A server learns a moment later that a killed process of the test before is gone.
    taken = [made.take(person=True, seconds=SOON) for _ in range(4)]
    assert sorted(filter(None, taken)) == [1, 2, 3, 4]
    for place in range(1, 5):
        made.give_back(place)
    yield made
    for place in range(1, 5):
        made.give_back(place)


def until_somebody_waits(stores: Callable[[], Store]) -> None:
    looking = stores().places(1)
    until = time.monotonic() + SOON
    while looking._locks.nobody_waits():
        assert time.monotonic() < until
        threading.Event().wait(0.002)


def all_taken(places: Places, *, person: bool) -> list[int]:
    taken = []
    while (place := places.take(person=person, seconds=NOT_AT_ALL)) is not None:
        taken.append(place)
    return taken


def test_people_have_every_place_and_others_all_but_one(places: Places) -> None:
    others = all_taken(places, person=False)
    assert (len(others), len(all_taken(places, person=True))) == (3, 1)


def test_processes_share_the_places(places: Places, hold: Hold) -> None:
    hold.start()
    first = hold.place()
    hold.start()
    assert first != hold.place()
    assert len(all_taken(places, person=False)) == 1
    assert len(all_taken(places, person=True)) == 1


def test_a_place_is_free_again_when_its_process_is_killed(places: Places, hold: Hold) -> None:
    got = []
    for _ in range(3):
        hold.start()
        got.append(hold.place())
    assert sorted(got) == ["1", "2", "3"]
    assert places.take(person=False, seconds=NOT_AT_ALL) is None
    hold.kill()
    assert places.take(person=False, seconds=SOON) is not None


def test_a_person_of_another_process_goes_before_others_who_wait(
    stores: Callable[[], Store],
) -> None:
    """One place for both kinds: whoever asks first does not matter, who asks does."""
    mine, theirs = stores().places(1), stores().places(1)
    held = mine.take(person=False, seconds=SOON)
    assert held is not None
    order: list[str] = []

    def ask(places: Places, who: str) -> None:
        place = places.take(person=who == "person", seconds=SOON)
        assert place is not None
        order.append(who)
        places.give_back(place)

    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(ask, mine, "other") for _ in range(3)]
        asked.append(threads.submit(ask, theirs, "person"))
        until_somebody_waits(stores)
        mine.give_back(held)
        for each in asked:
            each.result()
    assert order[0] == "person"


def test_the_sign_of_a_waiting_person_dies_with_the_process(
    places: Places, stores: Callable[[], Store], hold: Hold
) -> None:
    taken = all_taken(places, person=True)
    hold.start("person")
    until_somebody_waits(stores)
    other = stores().places(4)
    assert other.take(person=False, seconds=NOT_AT_ALL) is None
    hold.kill()
    for place in taken:
        places.give_back(place)
    assert other.take(person=False, seconds=SOON) is not None


def test_waiting_ends(places: Places) -> None:
    all_taken(places, person=True)
    assert places.take(person=True, seconds=0.05) is None
    assert places.take(person=False, seconds=0.05) is None


def test_threads_of_one_process_never_hold_more_than_there_are(places: Places) -> None:
    lock, now, most = threading.Lock(), 0, 0

    def work(number: int) -> None:
        nonlocal now, most
        place = places.take(person=number % 3 == 0, seconds=SOON)
        assert place is not None
        with lock:
            now += 1
            most = max(most, now)
        with lock:
            now -= 1
        places.give_back(place)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(work, range(60)))
    assert 1 <= most <= 4


def test_tenants_do_not_take_places_from_each_other(places: Places, url: str) -> None:
    all_taken(places, person=True)
    other = open_for(url, HandClock(), "8820")
    place = other.places(4).take(person=True, seconds=NOT_AT_ALL)
    other.close()
    assert place is not None
