"""Requests to language models, kept: asked of SQLite and of PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.domain.identity import PseudonymisedText
from core.domain.ids import ApplicationId, DocumentHash, PersonId, RequisitionId
from core.domain.model_costs import PastUse, Tokens
from core.domain.model_log import BodyState, ModelRun, RunBody, RunFilter, RunTotals, sent_hash
from core.domain.model_runs import Outcome, PromptRef
from core.ports import UnitOfWork
from core.store import Store
from tests.model_runs_bench import RECEIVED, SCREENING, SENT, day, leaving, run, subject
from tests.store_bench import NOON, HandClock, application, open_for, resume

ANNA, ANNAS, JOB = PersonId("2101"), ApplicationId("7001"), RequisitionId("101")
EVERY = RunFilter()


@pytest.fixture
def store(store: Store) -> Store:
    with store.unit_of_work() as uow:
        uow.applications.put(application(store.tenant), NOON)
        uow.applications.put(application(store.tenant, "7002", "2102"), NOON)
        uow.commit()
    return store


def kept(store: Store, *runs: ModelRun) -> None:
    with store.unit_of_work() as uow:
        for each in runs:
            uow.model_runs.put(each)
        uow.commit()


def done(store: Store, work: Callable[[Any], Any]) -> Any:
    with store.unit_of_work() as uow:
        result = work(uow)
        uow.commit()
    return result


def asked(store: Store, question: Callable[[UnitOfWork], Any]) -> Any:
    with store.unit_of_work() as uow:
        return question(uow)


def test_a_run_comes_back_with_its_texts_byte_for_byte(store: Store) -> None:
    hostile = "\x00<b>\u202e half a pair: \ud83d"
    made = run(subject(store.tenant), sent=b"\xff\x00 no text", received=hostile)
    kept(store, made)
    line = asked(store, lambda uow: uow.model_runs.get(made.id))
    assert (line.subject, line.prompt) == (made.subject, SCREENING)
    assert (line.model, line.host) == ("model-x", "model.example")
    assert (line.parameters, line.outcome) == ({"temperature": 0}, Outcome.ANSWERED)
    assert (line.asked_at, line.seconds, line.counted) == (NOON, 1.5, True)
    assert (line.sent_bytes, line.sent_hash) == (10, sent_hash(made.call.sent))
    assert (line.body, line.tokens) == (BodyState.KEPT, Tokens(90, 10))
    body = asked(store, lambda uow: uow.model_runs.body(made.id))
    assert body == RunBody(made.call.sent, hostile)


def test_a_run_about_nobody_is_kept_and_says_nothing_of_what_scoring_costs(store: Store) -> None:
    made = run(subject(store.tenant, application="", requisition=""))
    kept(store, made)
    assert asked(store, lambda uow: uow.model_runs.body(made.id)).sent == SENT
    assert asked(store, lambda uow: uow.model_runs.past_use(SCREENING, "model-x")).assessed == 0


def test_what_became_of_a_run_takes_the_place_of_what_was_known_when_it_left(
    store: Store,
) -> None:
    ended = run(subject(store.tenant))
    kept(store, replace(ended, call=leaving()))
    before = asked(store, lambda uow: uow.model_runs.get(ended.id))
    assert (before.outcome, before.counted) == (Outcome.UNDER_WAY, False)
    done(store, lambda uow: uow.model_runs.settle(ended))
    line = asked(store, lambda uow: uow.model_runs.get(ended.id))
    assert (line.outcome, line.tokens, line.counted) == (Outcome.ANSWERED, Tokens(90, 10), True)
    assert asked(store, lambda uow: uow.model_runs.body(ended.id)) == RunBody(SENT, RECEIVED)


def test_what_became_of_a_run_of_an_erased_person_is_kept_without_texts(store: Store) -> None:
    ended = run(subject(store.tenant))
    kept(store, replace(ended, call=leaving()))
    done(store, lambda uow: uow.vault.forget(ANNA))
    done(store, lambda uow: uow.model_runs.settle(ended))
    assert asked(store, lambda uow: uow.model_runs.get(ended.id)).outcome is Outcome.ANSWERED
    assert asked(store, lambda uow: uow.model_runs.body(ended.id)) is None


def test_where_the_service_counts_no_tokens_they_are_estimated_and_it_says_so(
    store: Store,
) -> None:
    made = run(subject(store.tenant), tokens_in=None, sent=b"x" * 100, received="abcd")
    kept(store, made)
    line = asked(store, lambda uow: uow.model_runs.get(made.id))
    assert (line.tokens, line.counted) == (Tokens(34, 10), False)


def test_runs_are_listed_newest_first_and_paged_without_gap_or_repeat(store: Store) -> None:
    runs = [run(subject(store.tenant)) for _ in range(7)]
    kept(store, *runs)
    seen, before = [], None
    while page := asked(store, lambda uow: uow.model_runs.newest(EVERY, before=before, limit=3)):  # noqa: B023
        seen += [line.id for line in page]
        before = page[-1].position
    assert seen == [made.id for made in reversed(runs)]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (EVERY, 4),
        (RunFilter(requisition="102"), 1),
        (RunFilter(application="7002"), 1),
        (RunFilter(model="model-y"), 1),
        (RunFilter(outcome=Outcome.UNFIT), 1),
        (RunFilter(since=day(1)), 1),
        (RunFilter(model="model-y", outcome=Outcome.UNFIT), 0),
    ],
)
def test_lists_and_totals_hold_what_was_asked_for(
    store: Store, wanted: RunFilter, number: int
) -> None:
    kept(
        store,
        run(subject(store.tenant), model="model-y"),
        run(subject(store.tenant, requisition="102"), day(1)),
        run(subject(store.tenant, "7002")),
        run(subject(store.tenant), outcome=Outcome.UNFIT),
    )
    assert len(asked(store, lambda uow: uow.model_runs.newest(wanted))) == number
    totals = asked(store, lambda uow: uow.model_runs.totals(wanted))
    assert totals == RunTotals(number, Tokens(90 * number, 10 * number), len(SENT) * number)


def test_an_applications_runs_and_the_models_asked_are_told(store: Store) -> None:
    first, second = run(subject(store.tenant)), run(subject(store.tenant), model="model-y")
    kept(store, first, run(subject(store.tenant, "7002")), second)
    of = asked(store, lambda uow: uow.model_runs.of(ANNAS))
    assert [line.id for line in of] == [second.id, first.id]
    assert asked(store, lambda uow: uow.model_runs.models()) == ["model-x", "model-y"]


def test_past_use_counts_documents_not_requests_of_one_version_of_the_instructions(
    store: Store,
) -> None:
    mine = subject(store.tenant)
    kept(
        store,
        run(mine),
        run(mine),
        run(subject(store.tenant, "7002")),
        run(mine, prompt=PromptRef("screening", "2")),
        run(mine, model="model-y"),
    )
    past = asked(store, lambda uow: uow.model_runs.past_use(SCREENING, "model-x"))
    assert past == PastUse(2, Tokens(270, 30))
    never = PromptRef("screening", "9")
    assert asked(store, lambda uow: uow.model_runs.past_use(never, "model-x")).assessed == 0


def test_texts_go_when_they_are_old_and_the_row_with_its_hash_stays(store: Store) -> None:
    old, new = run(subject(store.tenant)), run(subject(store.tenant), day(2))
    kept(store, old, new)
    assert done(store, lambda uow: uow.model_runs.purge_bodies(day(1))) == 1
    assert done(store, lambda uow: uow.model_runs.purge_bodies(day(1))) == 0
    lines = asked(store, lambda uow: uow.model_runs.of(ANNAS))
    assert [line.body for line in lines] == [BodyState.KEPT, BodyState.EXPIRED]
    assert [line.sent_hash for line in lines] == [sent_hash(SENT)] * 2
    assert asked(store, lambda uow: uow.model_runs.body(old.id)) is None
    assert asked(store, lambda uow: uow.model_runs.body(new.id)) == RunBody(SENT, RECEIVED)


def test_after_erasure_the_texts_cannot_be_read_and_the_row_stays(store: Store) -> None:
    made, others = run(subject(store.tenant)), run(subject(store.tenant, "7002"))
    kept(store, made, others)
    done(store, lambda uow: uow.vault.forget(ANNA))
    assert asked(store, lambda uow: uow.model_runs.get(made.id)).body is BodyState.ERASED
    assert asked(store, lambda uow: uow.model_runs.body(made.id)) is None
    assert asked(store, lambda uow: uow.model_runs.body(others.id)) is not None


def test_what_was_erased_is_called_erased_however_old_it_grows(store: Store) -> None:
    made = run(subject(store.tenant))
    kept(store, made)
    done(store, lambda uow: uow.vault.forget(ANNA))
    assert done(store, lambda uow: uow.model_runs.purge_bodies(day(9))) == 0
    assert asked(store, lambda uow: uow.model_runs.get(made.id)).body is BodyState.ERASED


def test_a_run_that_ends_after_its_person_was_erased_is_kept_without_texts(store: Store) -> None:
    done(store, lambda uow: uow.vault.forget(ANNA))
    made = run(subject(store.tenant))
    kept(store, made)
    assert asked(store, lambda uow: uow.model_runs.get(made.id)).body is BodyState.ERASED
    assert asked(store, lambda uow: uow.model_runs.body(made.id)) is None


def test_one_tenant_sees_no_run_of_another(store: Store, url: str, clock: HandClock) -> None:
    made = run(subject(store.tenant))
    kept(store, made)
    other = open_for(url, clock)
    with other.unit_of_work() as uow:
        assert uow.model_runs.get(made.id) is None
        assert uow.model_runs.body(made.id) is None
        assert not uow.model_runs.newest(EVERY)
        assert not uow.model_runs.models()
        assert uow.model_runs.totals(EVERY).runs == 0
        assert uow.model_runs.purge_bodies(day(9)) == 0
    other.close()
    assert asked(store, lambda uow: uow.model_runs.body(made.id)) is not None


def test_the_usual_size_of_a_resume_is_known_once_one_was_read(store: Store) -> None:

    assert asked(store, lambda uow: uow.documents.usual_size(JOB)) is None

    def read(uow: UnitOfWork) -> None:
        document = DocumentHash("d0c")
        uow.documents.put_parsed(ANNA, resume(document, "Forklift"))
        text = PseudonymisedText("x" * 5_000, (), ())
        uow.documents.put_pseudonymised(ANNA, document, text, ())
        uow.applications.set_resume(ANNAS, document)

    done(store, read)
    assert asked(store, lambda uow: uow.documents.usual_size(JOB)) == pytest.approx(5_000, rel=0.05)


def test_a_run_is_kept_once(store: Store) -> None:
    made = run(subject(store.tenant))
    kept(store, made)
    with pytest.raises(Exception, match=r"(?i)unique|once|database|store"):
        kept(store, replace(made))
