"""How an application moved, and when: from the merit behind it, with noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.sandbox.icims.world.draw import Draw

NEW, REVIEW, CALL, INTERVIEW = "New Application", "Under Review", "Screening Call", "Interview"
OFFER, HIRED, POOL = "Offer Extended", "Hired", "Talent Pool"
REJECTED, WITHDRAWN = "Rejected", "Withdrawn"

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """The application reached ``status`` at ``at`` (aware UTC)."""

    status: str
    at: datetime


_SCREENED = (NEW, REVIEW, CALL)
_INTERVIEWED = (*_SCREENED, INTERVIEW)
_OFFERED = (*_INTERVIEWED, OFFER)


def open_path(fit: float, draw: Draw) -> Path:
    """Say how far an application to an open job will get, given time."""
    seen = fit + draw.gauss(0, 0.12)
    if draw.chance(0.04):
        return (NEW, REVIEW, WITHDRAWN)
    if seen < 0.4:
        return (NEW, REVIEW, REJECTED if draw.chance(0.8) else POOL)
    if seen < 0.62:
        return (*_SCREENED, REJECTED) if draw.chance(0.5) else (NEW, REVIEW, POOL)
    if seen < 0.85 or draw.chance(0.5):
        return (*_INTERVIEWED, REJECTED) if draw.chance(0.3) else _INTERVIEWED
    return (*_OFFERED, HIRED) if draw.chance(0.4) else _OFFERED


def turned_down(path: Path) -> Path:
    """End a path without a job: others were hired."""
    if path[-1] in (REJECTED, WITHDRAWN, POOL):
        return path
    return (*(step for step in path if step not in (OFFER, HIRED)), REJECTED)


def filled_paths(fits: Sequence[float], seats: int, draw: Draw) -> tuple[Path, ...]:
    """Say how all applications to a filled job ended; the best-looking ``seats`` were hired."""
    seen = [fit + draw.gauss(0, 0.12) for fit in fits]
    order = sorted(range(len(seen)), key=lambda place: -seen[place])
    declined = 1 if len(order) > seats + 1 and draw.chance(0.25) else 0
    interviewed = declined + seats + draw.between(2, 4)
    paths: list[Path] = [()] * len(order)
    for rank, place in enumerate(order):
        paths[place] = _filled_path(rank, declined, declined + seats, interviewed, draw)
    return tuple(paths)


def _filled_path(rank: int, declined: int, hired: int, interviewed: int, draw: Draw) -> Path:
    if rank < declined:
        return (*_OFFERED, WITHDRAWN)
    if rank < hired:
        return (*_OFFERED, HIRED)
    if rank < interviewed:
        return (*_INTERVIEWED, POOL if draw.chance(0.15) else REJECTED)
    if rank < 2 * interviewed:
        return (*_SCREENED, WITHDRAWN if draw.chance(0.1) else REJECTED)
    return (NEW, REVIEW, POOL if draw.chance(0.08) else REJECTED)


def moves(path: Path, created: datetime, pace: int, draw: Draw) -> tuple[Move, ...]:
    """Date a path: the review takes up to ``pace`` days, every later step up to nine."""
    found = [Move(path[0], created)]
    for status in path[1:]:
        days = draw.between(1, pace) if len(found) == 1 else draw.between(2, 9)
        day = found[-1].at + timedelta(days=days)
        at_work = day.replace(hour=draw.between(8, 17), minute=draw.between(0, 59))
        found.append(Move(status, at_work))
    return tuple(found)


def until(found: tuple[Move, ...], moment: datetime) -> tuple[Move, ...]:
    """Keep what had happened by ``moment``, at least the application itself."""
    return tuple(move for place, move in enumerate(found) if place == 0 or move.at < moment)
