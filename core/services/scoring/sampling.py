"""Samples of applications that are the same each time they are drawn."""

from collections.abc import Iterable

from core.domain.canonical import content_hash
from core.domain.ids import ApplicationId, RequisitionId


def drawn(ids: Iterable[ApplicationId], like: RequisitionId) -> list[ApplicationId]:
    """Bring ``ids`` into the order they are drawn in for a requisition.

    Evenly and repeatably: the order of a hash is no order of fate or fitness.
    """
    return sorted(ids, key=lambda each: content_hash((like, each)))
