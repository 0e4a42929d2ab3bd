"""One demo world for all tests of this folder."""

from collections.abc import Mapping
from datetime import date

import pytest

from core.sandbox.icims.seed import Record
from core.sandbox.icims.world import DEFAULT_PEOPLE, DemoWorld

AS_OF = date(2026, 11, 2)
Records = Mapping[str, Mapping[str, list[Record]]]


@pytest.fixture(scope="session")
def world() -> DemoWorld:
    return DemoWorld(7, DEFAULT_PEOPLE, AS_OF)


@pytest.fixture(scope="session")
def records(world: DemoWorld) -> Records:
    """All records by customer and type."""
    found: dict[str, dict[str, list[Record]]] = {}
    for tenant in world.tenants:
        by_type = found.setdefault(tenant.customer_id, {})
        for record in world.records(tenant.customer_id):
            by_type.setdefault(record.record_type, []).append(record)
    return found
