"""What a client of iCIMS needs to mind the quota, for one process and without a database."""

from core.domain.budget import QuotaReading
from core.ports import AtsCall, Places
from core.store.places import SharedPlaces


class OwnLocks:
    """Locks against nobody: there is no other process."""

    def take(self, numbers: list[int], *, unless_people_wait: bool) -> int | None:
        return numbers[0]

    def give_back(self, number: int) -> None:
        pass

    def nobody_waits(self) -> bool:
        return True

    def show_wait(self) -> bool:
        return True

    def hide_wait(self) -> None:
        pass

    def close(self) -> None:
        pass


def own_places(limit: int = 4) -> Places:
    """Make places of this process alone."""
    return SharedPlaces(OwnLocks(), limit)


class SilentLog:
    """A call log that keeps nothing and knows of nobody else."""

    def record(self, call: AtsCall) -> None:
        pass

    def quota(self) -> QuotaReading | None:
        return None
