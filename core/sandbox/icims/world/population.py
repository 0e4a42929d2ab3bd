"""One tenant's people and applications, each worked out from its number when asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.sandbox.icims.world.careers import Life, month_of
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.histories import History
from core.sandbox.icims.world.library import Library
from core.sandbox.icims.world.merit import Merit, draw_merit, fit
from core.sandbox.icims.world.people import Identity, draw_identity
from core.sandbox.icims.world.plan import Job, Plan
from core.sandbox.icims.world.postings import at
from core.sandbox.icims.world.stages import Move, filled_paths, moves, open_path, turned_down, until
from core.sandbox.icims.world.tenants import Tenant

# One in 250 records was merged into the one before it, one in 250 is a duplicate nobody noticed.
_MERGED, _DUPLICATE, _EVERY = 17, 117, 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidacy:
    """One person on one job; ``person`` is a number, ``fit`` the truth (0–1)."""

    id: int
    person: int
    job: Job
    fit: float
    moves: tuple[Move, ...]

    @property
    def status(self) -> str:
        """The label of the status it has now."""
        return self.moves[-1].status

    def reached(self, status: str) -> datetime | None:
        """Say when it reached a status, None if it did not."""
        return next((move.at for move in self.moves if move.status == status), None)


class Population:
    """A tenant's people by number, from 0 up."""

    def __init__(
        self, library: Library, tenant: Tenant, plan: Plan, seed: int, today: date
    ) -> None:
        self.library, self.tenant, self.plan = library, tenant, plan
        self.today, self.now = today, at(today, 6)
        self._name = (seed, tenant.spec.customer_id)
        # Neighbours are asked for together, so a few remembered answers save most of the work.
        remembered = lru_cache(maxsize=64)
        self._past_paths = remembered(self._paths_of)
        self._merits = remembered(self._draw_merit)
        self._identities = remembered(self._draw_identity)
        self._lives = remembered(self._draw_life)

    def draw(self, purpose: str, number: int) -> Draw:
        """Give the chance that belongs to one purpose and one number."""
        return Draw.of(*self._name, purpose, number)

    def id_of(self, person: int) -> int:
        """Give the iCIMS id of a person number."""
        return self.tenant.first_person + person

    def merged_into(self, person: int) -> int | None:
        """Give the id of the record this one was merged into, None if it was not."""
        return self.id_of(person - 1) if person % _EVERY == _MERGED else None

    def merit(self, person: int) -> Merit:
        """Give what a person brings."""
        return self._merits(self._human(person))

    def identity(self, person: int) -> Identity:
        """Give a person's name and address."""
        return self._identities(self._human(person))

    def life(self, person: int) -> Life:
        """Give all there is to know about a person."""
        return self._lives(self._human(person))

    def candidacies(self, person: int) -> Iterator[Candidacy]:
        """Give a person's applications, in id order: one, for some two."""
        merit, first = self.merit(person), self.plan.job_of(person)
        score = fit(self.library, merit, first.opening)
        path = self._past_path(person, first) if first.filled else None
        yield self._candidacy(person, 0, first, score, path)
        second = self._second_job(person, first)
        if second is not None:
            score = fit(self.library, merit, second.opening)
            yield self._candidacy(person, 1, second, score, None)

    def _human(self, person: int) -> int:
        return person - 1 if person % _EVERY in (_MERGED, _DUPLICATE) else person

    def _draw_merit(self, human: int) -> Merit:
        opening = self.plan.job_of(human).opening
        return draw_merit(self.library, opening, self.draw("merit", human))

    def _draw_identity(self, human: int) -> Identity:
        place = self.library.places[self.plan.job_of(human).opening.place]
        return draw_identity(self.library, place, self.draw("identity", human))

    def _draw_life(self, human: int) -> Life:
        job, merit, who = self.plan.job_of(human), self.merit(human), self.identity(human)
        written, draw = month_of(job.posted), self.draw("career", human)
        career = History(self.library, merit, who, job.opening.seat_level, draw).career(written)
        return Life(who=who, merit=merit, career=career, opening=job.opening, written=written)

    def _candidacy(
        self, person: int, place: int, job: Job, score: float, path: tuple[str, ...] | None
    ) -> Candidacy:
        draw = self.draw(f"application {place}", person)
        if path is None:
            path = open_path(score, draw)
            path = turned_down(path) if job.filled else path
        last = (job.filled or self.today) - timedelta(days=16 if job.filled else 0)
        open_for = max(1, (last - job.posted).days)
        day = job.posted + timedelta(days=int(open_for * draw.random() ** 1.4))
        created = at(day, draw.between(7, 22), draw.between(0, 59))
        created = min(created, self.now - timedelta(minutes=draw.between(5, 900)))
        found = moves(path, created, 12 if job.filled else 45, draw)
        return Candidacy(
            id=self.tenant.first_application + 2 * person + place,
            person=person,
            job=job,
            fit=score,
            moves=until(found, self.now),
        )

    def _second_job(self, person: int, first: Job) -> Job | None:
        """Some applied before or elsewhere, to a job of the same trade."""
        draw = self.draw("second", person)
        if not draw.chance(0.22):
            return None
        earlier = first.filled is None and draw.chance(0.75)
        jobs = self.plan.filled_by_trade if earlier else self.plan.open_by_trade
        alike = jobs.get(first.opening.occupation)
        second = draw.pick(alike) if alike else first
        return None if second is first else second

    def _past_path(self, person: int, job: Job) -> tuple[str, ...]:
        return self._past_paths(job)[person - job.first]

    def _paths_of(self, job: Job) -> tuple[tuple[str, ...], ...]:
        fits = [
            fit(self.library, self.merit(person), job.opening)
            for person in range(job.first, job.first + job.size)
        ]
        seats = min(2, job.opening.openings)
        return filled_paths(fits, seats, self.draw("outcome", job.id))
