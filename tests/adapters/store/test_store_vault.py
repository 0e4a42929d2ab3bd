"""Nothing personal lies open in the database, and a forgotten person's values cannot be opened."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from core.domain.approval import Refusal
from core.domain.identity import IdentityKind, KnownIdentity, PseudonymisedText
from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.records import FieldValue, Presence
from core.errors import IntegrityError, InvalidInput
from core.store import Store, open_store
from core.store.tables import Base
from core.store.vault import KeyRing
from tests.model_runs_bench import run, subject
from tests.store_bench import (
    NOON,
    SECRET,
    application,
    assessment,
    candidate,
    change_request,
    look,
    override,
    own_view,
    proposal,
    recruiter,
    resume,
)

ANNA = PersonId("2101")
MARK = "Zwiebelkuchen"


def fill(store: Store) -> None:
    """Store a person all of whose personal values contain ``MARK``."""
    mine = application(store.tenant)
    mine = replace(mine, fields={**mine.fields, "private_note": FieldValue(Presence.PRESENT, MARK)})
    plan, again = proposal(mine), proposal(mine)
    with store.unit_of_work() as uow:
        uow.applications.put(mine, NOON)
        uow.applications.put_candidate(
            replace(candidate(store.tenant), first_name=MARK, email=f"{MARK}@example.com"), NOON
        )
        document = uow.documents.put_file(ANNA, f"{MARK}.txt", MARK.encode(), NOON)
        known = KnownIdentity(IdentityKind.NAME, MARK)
        uow.documents.put_pseudonymised(ANNA, document, PseudonymisedText("x", (), ()), (known,))
        uow.documents.put_parsed(ANNA, resume(document, MARK))
        uow.applications.set_resume(mine.id, document)
        judged = replace(assessment(store.tenant), bullets=(MARK,))
        uow.assessments.put(judged)
        uow.judgements.put_override(override(judged, note=MARK))
        uow.judgements.put_view(own_view(note=MARK))
        uow.judgements.put_look(look())
        uow.proposals.put(replace(plan, suggestion=MARK))
        refusal = Refusal(
            proposal_id=plan.id, actor=recruiter(store.tenant), reason=f"{MARK}!", at=NOON
        )
        uow.proposals.refuse(refusal)
        uow.proposals.put(again)
        uow.proposals.give_back(change_request(again, MARK))
        uow.model_runs.put(run(subject(store.tenant), sent=MARK.encode(), received=MARK))
        uow.commit()


def stored_bytes(store: Store) -> bytes:
    with store.engine.connect() as connection:
        rows = [
            value
            for table in Base.metadata.sorted_tables
            for row in connection.execute(table.select())
            for value in row
        ]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in rows)


def test_no_personal_value_lies_open_in_any_table(any_store: Store) -> None:
    fill(any_store)
    assert MARK.encode() not in stored_bytes(any_store)
    with any_store.unit_of_work() as uow:
        found = uow.applications.get(ApplicationId("7001"))
        [thought] = uow.judgements.views(ApplicationId("7001"))
        words = dict(uow.documents.words(RequisitionId("101")))
    assert found is not None
    assert found.candidate is not None
    assert found.candidate.first_name == MARK
    assert thought.note == MARK
    assert words == {"7001": MARK}


def test_a_forgotten_persons_key_opens_nothing_even_in_a_process_that_used_it(
    any_store: Store,
) -> None:
    fill(any_store)
    other = open_store(
        any_store.engine.url.render_as_string(hide_password=False),
        tenant=any_store.tenant,
        secret_key=SECRET,
        clock=any_store.clock,
    )
    with other.unit_of_work() as uow:
        assert uow.applications.get(ApplicationId("7001")) is not None
    with any_store.unit_of_work() as unit:
        unit.vault.forget(ANNA)
        unit.commit()
    with other.unit_of_work() as uow:
        assert uow.applications.get(ApplicationId("7001")) is None
    other.close()


def test_forgetting_leaves_only_proposals_their_answers_and_hashes_of_requests(
    store: Store,
) -> None:
    fill(store)
    with store.unit_of_work() as uow:
        uow.applications.put(application(store.tenant, "7002", "2102"), NOON)
        uow.judgements.put_look(look("7002"))
        uow.commit()
    with store.unit_of_work() as unit:
        assert unit.vault.forget(ANNA)
        assert not unit.vault.forget(ANNA)
        unit.commit()
    with store.engine.connect() as connection:
        left = {
            table.name: len(connection.execute(table.select()).all())
            for table in Base.metadata.sorted_tables
        }
    others = {"vault_key": 1, "application": 1, "look": 1}
    answers = {"proposal": 2, "refusal": 1, "change_request": 1}
    hashes = {"model_run": 1}
    assert {name: number for name, number in left.items() if number} == others | answers | hashes


def test_no_byte_of_a_forgotten_key_is_left_in_sqlites_files(store: Store, tmp_path: Path) -> None:
    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))

    fill(store)
    with store.engine.connect() as connection:
        wrapped: bytes = connection.execute(text("SELECT wrapped FROM vault_key")).scalar_one()
    assert wrapped in on_disk()
    with store.unit_of_work() as unit:
        unit.vault.forget(ANNA)
        unit.commit()
    assert wrapped not in on_disk()


def test_another_secret_key_opens_nothing(store: Store) -> None:
    fill(store)
    other = open_store(
        str(store.engine.url), tenant=store.tenant, secret_key=SECRET[::-1], clock=store.clock
    )
    with other.unit_of_work() as uow, pytest.raises(IntegrityError):
        uow.applications.get(ApplicationId("7001"))
    other.close()


def test_a_value_moved_to_another_row_or_altered_is_noticed(store: Store) -> None:
    fill(store)
    with store.unit_of_work() as uow:
        uow.applications.put(application(store.tenant, "7002"), NOON)
        uow.commit()
    moved = (
        "UPDATE application SET sealed = (SELECT sealed FROM application WHERE id = '7001') "
        "WHERE id = '7002'"
    )
    cut = "UPDATE application SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE id = '7001'"
    with store.engine.begin() as connection:
        connection.execute(text(moved))
        connection.execute(text(cut))
    for id in ("7001", "7002"):
        with store.unit_of_work() as uow, pytest.raises(IntegrityError, match=id):
            uow.applications.get(ApplicationId(id))


def test_the_same_value_never_looks_the_same_twice(store: Store) -> None:
    with store.unit_of_work() as unit:
        first, second = (unit.vault.seal(ANNA, "place", b"value") for _ in range(2))
    assert first != second


def test_a_short_secret_key_is_refused() -> None:
    with pytest.raises(InvalidInput):
        KeyRing("too short")


def test_errors_of_the_vault_name_the_place_and_no_value(store: Store) -> None:
    with store.unit_of_work() as unit:
        sealed = unit.vault.seal(ANNA, "application/1", MARK.encode())
        wrapped = unit.vault._wrapped[ANNA]
        with pytest.raises(IntegrityError) as caught:
            unit.vault.open(ANNA, "application/2", sealed, wrapped)
    assert str(caught.value) == "the sealed value of application/2 was altered"
