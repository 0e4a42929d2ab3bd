"""A database of the first version, with its rows, after the upgrade."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from core.domain.assessment import Assessment
from core.domain.ids import ApplicationId, DocumentHash, PersonId, RequisitionId
from core.domain.proposal import Proposal
from core.store import Store
from core.store.codec import dump, dump_proposal, load, load_proposal
from core.store.migrate import migrate
from tests.store_bench import (
    NOON,
    HandClock,
    application,
    assessment,
    candidate,
    change_request,
    database,
    look,
    open_for,
    override,
    own_view,
    proposal,
    resume,
)

ANNA, ANNAS, JOB = PersonId("2101"), ApplicationId("7001"), RequisitionId("101")


@pytest.fixture(params=["sqlite", "postgresql"])
def first_version(
    request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock
) -> Iterator[Store]:
    """A store of the first version on each engine."""
    with database(request.param, tmp_path) as url:
        opened = open_for(url, clock)
        migrate(opened.engine, "0001")
        yield opened
        opened.close()


def without(document: bytes, *path: str) -> bytes:
    """Take a field out of stored JSON, as rows from before it have it."""
    record = json.loads(document)
    *way, last = path
    inner = record
    for step in way:
        inner = inner[step][0] if isinstance(inner[step], list) else inner[step]
    del inner[last]
    return json.dumps(record).encode()


def fill(store: Store) -> Proposal:
    """Store a person, a resume without words, an assessment and a proposal as it was done then."""
    plan = proposal(application(store.tenant))
    with store.unit_of_work() as unit:
        record = unit.vault.seal(ANNA, f"application/{ANNAS}", dump(application(store.tenant)))
        unit.commit()
    with store.engine.begin() as connection:
        insert = (
            "INSERT INTO application VALUES (:tenant, '7001', '101', '2101', NULL, :sealed, :at)"
        )
        values = {"tenant": store.tenant, "sealed": record, "at": "2026-03-10 12:00:00.000000"}
        connection.execute(text(insert), values)
    with store.unit_of_work() as unit:
        unit.applications.put_candidate(candidate(store.tenant), NOON)
        unit.documents.put_parsed(ANNA, resume("d0c", "Forklift"))
        unit.applications.set_resume(ANNAS, DocumentHash("d0c"))
        unit.assessments.put(assessment(store.tenant))
        stored = without(dump_proposal(plan), "reverses")
        sealed = unit.vault.seal(ANNA, f"proposal/{plan.id}", stored)
        unit.commit()
    insert = """INSERT INTO proposal (tenant, id, requisition_id, application_id, person_id, state,
        hash, made_at, sealed) VALUES (:tenant, :id, '101', '7001', '2101', 'open', :hash,
        '2026-03-10 12:00:00', :sealed)"""
    values = {"tenant": store.tenant, "id": plan.id, "hash": plan.hash, "sealed": sealed}
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM document WHERE part = 'words'"))
        connection.execute(text(insert), values)
    return plan


def test_rows_of_the_first_version_are_read_after_the_upgrade(first_version: Store) -> None:
    store = first_version
    plan = fill(store)
    store.migrate()
    with store.unit_of_work() as uow:
        [cached] = uow.applications.of(JOB)
        assert cached.candidate == candidate(store.tenant)
        assert uow.assessments.latest(ANNAS) == assessment(store.tenant)
        assert uow.proposals.open_of(ANNAS) == [plan]
        assert dict(uow.documents.words(JOB)) == {ANNAS: "Forklift"}


def test_a_proposal_from_before_its_end_was_a_column_is_open_and_never_expiring(
    first_version: Store,
) -> None:
    store = first_version
    plan = fill(store)
    store.migrate()
    with store.unit_of_work() as uow:
        counts = uow.overview.counts(plan.expires_at + timedelta(days=1))[JOB]
        assert (counts.proposals_open, counts.expiring, counts.unseen) == (1, 0, 1)
        uow.proposals.give_back(change_request(plan))
        assert uow.proposals.change_request(plan.id) == change_request(plan)


def test_old_applications_take_judgements_and_new_words(first_version: Store) -> None:
    store = first_version
    fill(store)
    store.migrate()
    with store.unit_of_work() as uow:
        before = uow.overview.stamps(JOB)
        uow.judgements.put_override(override(assessment(store.tenant)))
        uow.judgements.put_view(own_view())
        assert uow.judgements.put_look(look())
        uow.documents.put_parsed(ANNA, resume("d0c", "Forklift, read anew"))
        uow.commit()
    with store.unit_of_work() as uow:
        assert uow.overview.stamps(JOB) != before
        assert dict(uow.documents.words(JOB)) == {ANNAS: "Forklift, read anew"}


def test_the_upgrade_takes_no_row_and_no_index_away(first_version: Store) -> None:
    store = first_version
    before = inspect(store.engine)
    names = {t: {i["name"] for i in before.get_indexes(t)} for t in before.get_table_names()}
    store.migrate()
    after = inspect(store.engine)
    for table, indexes in names.items():
        assert indexes <= {index["name"] for index in after.get_indexes(table)}


def test_records_from_before_a_field_was_are_read_without_it(store: Store) -> None:
    judged, plan = assessment(store.tenant), proposal(application(store.tenant))
    assert load(Assessment, without(dump(judged), "verdicts", "by")) == judged
    assert load_proposal(without(dump_proposal(plan), "reverses")) == plan
    assert load_proposal(without(dump_proposal(plan), "reverses")).hash == plan.hash
    assert replace(plan, reverses=plan.id).hash == plan.hash
