"""Promise 4: the chain shows any change to what was recorded, and where."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.domain.audit import GENESIS, AuditEvent, Fact, event_payload, link, verify_chain
from core.domain.ids import TenantId
from core.errors import ChainBroken


def chain(length: int) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    for seq in range(1, length + 1):
        fact = Fact(
            tenant=TenantId("4711"),
            at=datetime(2026, 3, 1, 9, 0, seq % 60, tzinfo=UTC),
            actor="rosa",
            actor_kind="person",
            action="proposal.approved",
            subject=f"application:{seq}",
            data={"count": seq, "share": 0.5, "note": None},
        )
        previous = events[-1].hash if events else GENESIS
        events.append(
            AuditEvent(
                seq=seq, fact=fact, previous=previous, hash=link(previous, event_payload(seq, fact))
            )
        )
    return events


def test_untouched_chain_verifies() -> None:
    assert verify_chain(chain(50)) == 50


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "mallory"},
        {"actor_kind": "service"},
        {"action": "proposal.refused"},
        {"subject": "application:1"},
        {"tenant": TenantId("8820")},
        {"at": datetime(2026, 3, 1, 9, 1, tzinfo=UTC)},
        {"data": {"count": 7, "share": 0.5, "note": ""}},
    ],
)
def test_any_altered_part_of_a_fact_is_found_and_its_row_named(change: dict[str, object]) -> None:
    events = chain(30)
    events[16] = replace(events[16], fact=replace(events[16].fact, **change))  # type: ignore[arg-type]
    with pytest.raises(ChainBroken, match="row 17 was altered"):
        verify_chain(events)


def test_rehashed_row_breaks_the_link_of_the_next() -> None:
    events = chain(30)
    fact = replace(events[9].fact, actor="mallory")
    events[9] = replace(
        events[9], fact=fact, hash=link(events[9].previous, event_payload(10, fact))
    )
    with pytest.raises(ChainBroken, match="row 11"):
        verify_chain(events)


def test_missing_row_is_named() -> None:
    events = chain(30)
    del events[4]
    with pytest.raises(ChainBroken, match="row 5 is missing"):
        verify_chain(events)


def test_swapped_rows_are_found() -> None:
    events = chain(30)
    events[4], events[5] = events[5], events[4]
    with pytest.raises(ChainBroken):
        verify_chain(events)


def test_random_edits_are_all_found() -> None:
    draw = random.Random(11)
    for _ in range(200):
        events = chain(20)
        place = draw.randrange(20)
        text = events[place].hash
        at = draw.randrange(len(text))
        other = draw.choice([c for c in "0123456789abcdef" if c != text[at]])
        events[place] = replace(events[place], hash=text[:at] + other + text[at + 1 :])
        with pytest.raises(ChainBroken):
            verify_chain(events)
