"""What leaves for a language model is within its budget, recorded once each, and looked at."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.assist.screening import ModelAssessor, remark
from core.domain.actor import Actor, Role
from core.domain.assessment import Assessment
from core.domain.audit import AuditEvent
from core.domain.identity import IdentityKind, KnownIdentity
from core.domain.ids import ModelRunId, PersonId
from core.domain.model_costs import AskedModel, Basis, Price, TokenLimits
from core.domain.model_log import BodyState, RunFilter, RunLine, sent_hash
from core.domain.model_runs import Completion, Outcome
from core.domain.policy import TenantPolicy
from core.domain.prompts import Prompt
from core.errors import ModelUnavailable, ModelWithheld, NotAllowed, Unknown, WorkStopped
from core.flow.assess import STOOD_IN
from core.services.model_log import ModelLog
from core.services.scoring.grading import Grader
from core.services.scoring.model_runs import Recorder
from core.store.store import SqlUnitOfWork
from tests.desk import TENANT
from tests.model_runs_bench import SENT, call, leaving, run, subject
from tests.screening_shop import CLICK, FORKLIFT, POLL, Shop, TermAssessor, open_shop
from tests.store_bench import CountedIds

PROMPT = Prompt("screening", "1", "Judge the resume. {{criteria}}")
CONNECTED = AskedModel(PROMPT, "model-x", "model.example")
PRICE = Price(Decimal(2), Decimal(10), "EUR")
ANSWER = (
    '{"verdicts":[{"criterion":"forklift","standing":"met","quotes":["Forklift licence"],'
    '"reason":"Named."}]}'
)


@dataclass
class Model:
    """Answers in turn; each answer is a request of its own, of 100 tokens as the service counts."""

    answers: list[tuple[str, Outcome]]
    version: str = "model-x@model.example"

    def complete(self, completion: Completion) -> str:
        system = json.dumps(completion.system).encode()
        completion.watch.admit(leaving(SENT.replace(b'"Judge the resume."', system), 50))
        text, outcome = self.answers.pop(0)
        completion.watch.called(call(received=text, outcome=outcome))
        if outcome is not Outcome.ANSWERED:
            raise ModelUnavailable("the language model refused")
        return text


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def limited(shop: Shop, per_day: int = 0, per_requisition: int = 0) -> Recorder:
    return Recorder(
        unit_of_work=shop.desk.store.unit_of_work,
        clock=shop.desk.clock,
        ids=CountedIds(),
        limits=TokenLimits(per_day, per_requisition),
    )


def screened(
    shop: Shop, *answers: tuple[str, Outcome], recorder: Recorder | None = None
) -> Assessment:
    """Freeze criteria and score the application with a model that answers so."""
    shop.freeze(asked=(FORKLIFT,))
    judges = (ModelAssessor(Model(list(answers)), PROMPT), TermAssessor())
    screening = replace(
        shop.screening,
        grader=Grader(lambda: judges, remark, shop.desk.clock),
        recorder=recorder or limited(shop),
    )
    made = screening.screen(shop.id, POLL)
    assert made is not None
    return made


def log_of(shop: Shop, connected: AskedModel | None = CONNECTED) -> ModelLog:
    return ModelLog(
        unit_of_work=shop.desk.store.unit_of_work,
        clock=shop.desk.clock,
        connected=lambda: connected,
        price=PRICE,
        default=TenantPolicy(),
    )


def lines(shop: Shop) -> tuple[RunLine, ...]:
    with shop.desk.store.unit_of_work() as uow:
        return tuple(uow.model_runs.of(shop.id))


def events(shop: Shop) -> list[AuditEvent]:
    with shop.desk.store.unit_of_work() as uow:
        return list(uow.audit.events())


def carla(shop: Shop) -> Actor:
    return shop.desk.person("carla", Role.COMPLIANCE)


# --- Recorded ------------------------------------------------------------------------------------


def test_a_request_is_kept_with_what_it_was_for_and_a_fact_without_its_text(shop: Shop) -> None:
    made = screened(shop, (ANSWER, Outcome.ANSWERED))
    (line,) = lines(shop)
    assert line.subject.assessor == made.key.assessor
    assert line.subject.requisition_id == shop.desk.requisition.id
    (fact,) = (e.fact for e in events(shop) if e.fact.action == "model.asked")
    assert fact.subject == f"application:{shop.id}"
    assert fact.actor == f"model:{made.key.assessor}"
    assert fact.data == {
        "run": line.id,
        "prompt": "screening",
        "prompt_version": "1",
        "model": "model-x",
        "host": "model.example",
        "input": line.subject.input,
        "sent": line.sent_hash,
    }
    (ended,) = (e.fact for e in events(shop) if e.fact.action == "model.ended")
    assert ended.data == {
        "run": line.id, "outcome": "answered", "tokens_in": 90, "tokens_out": 10,
    }  # fmt: skip


def test_a_request_is_kept_before_it_leaves_and_counts_with_the_most_its_answer_may_have(
    shop: Shop,
) -> None:
    limited(shop).watch(subject(TENANT), POLL.stopping).admit(leaving(SENT, 50))
    (line,) = lines(shop)
    assert (line.outcome, line.tokens.total, line.counted) == (Outcome.UNDER_WAY, ESTIMATE, False)
    assert [e.fact.action for e in events(shop)] == ["model.asked"]
    with shop.desk.store.unit_of_work() as uow:
        body = uow.model_runs.body(line.id)
    assert body is not None
    assert (body.sent, body.received) == (SENT, "")


def test_each_request_is_recorded_once_also_when_its_answer_is_of_no_use(shop: Shop) -> None:
    doubtful = ANSWER.replace("Forklift licence", "Flew to the moon")
    made = screened(shop, (doubtful, Outcome.ANSWERED), ("no", Outcome.REFUSED))
    assert [line.outcome for line in lines(shop)] == [Outcome.REFUSED, Outcome.ANSWERED]
    assert [e.fact.action for e in events(shop)][:4] == ["model.asked", "model.ended"] * 2
    assert made.key.assessor == TermAssessor.version


def test_a_request_stays_recorded_where_the_assessment_fails_afterwards(shop: Shop) -> None:
    shop.freeze(asked=(FORKLIFT,))
    alone = (ModelAssessor(Model([("", Outcome.CUT)]), PROMPT),)
    screening = replace(
        shop.screening,
        grader=Grader(lambda: alone, remark, shop.desk.clock),
        recorder=limited(shop),
    )
    with pytest.raises(ModelUnavailable):
        screening.screen(shop.id, POLL)
    assert [line.outcome for line in lines(shop)] == [Outcome.CUT]
    assert [e.fact.action for e in events(shop)] == ["model.asked", "model.ended"]


def test_scoring_again_what_did_not_change_sends_nothing(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    judges = (ModelAssessor(Model([]), PROMPT), TermAssessor())
    grader = Grader(lambda: judges, remark, shop.desk.clock)
    replace(shop.screening, grader=grader).screen(shop.id, POLL)
    assert len(lines(shop)) == 1


# --- Limits --------------------------------------------------------------------------------------

ESTIMATE = -(-len(SENT) // 3) + 50


@pytest.mark.parametrize("kind", ["per_day", "per_requisition"])
def test_what_is_used_and_what_is_asked_for_together_are_held_against_the_limit(
    shop: Shop, kind: str
) -> None:
    with shop.desk.store.unit_of_work() as uow:
        uow.model_runs.put(run(subject(TENANT), shop.desk.clock.now()))
        uow.commit()
    enough = limited(shop, **{kind: 100 + ESTIMATE})
    enough.watch(subject(TENANT), POLL.stopping).admit(leaving(SENT, 50))
    short = limited(shop, **{kind: 100 + ESTIMATE - 1})
    with pytest.raises(ModelWithheld, match=r"limit of .* tokens"):
        short.watch(subject(TENANT), POLL.stopping).admit(leaving(SENT, 50))


def test_a_day_begins_at_midnight_utc_and_a_requisition_never_begins_anew(shop: Shop) -> None:
    with shop.desk.store.unit_of_work() as uow:
        uow.model_runs.put(run(subject(TENANT), shop.desk.clock.now()))
        uow.commit()
    shop.desk.clock.at = shop.desk.clock.at.replace(hour=0, minute=0) + timedelta(days=1)
    limited(shop, per_day=ESTIMATE).watch(subject(TENANT), POLL.stopping).admit(leaving(SENT, 50))
    job = limited(shop, per_requisition=ESTIMATE).watch(subject(TENANT), POLL.stopping)
    with pytest.raises(ModelWithheld, match="this job"):
        job.admit(leaving(SENT, 50))


def test_what_one_job_used_leaves_another_jobs_limit_alone(shop: Shop) -> None:
    with shop.desk.store.unit_of_work() as uow:
        uow.model_runs.put(run(subject(TENANT, requisition="102"), shop.desk.clock.now()))
        uow.commit()
    job = limited(shop, per_requisition=ESTIMATE).watch(subject(TENANT), POLL.stopping)
    job.admit(leaving(SENT, 50))


def test_where_a_limit_is_reached_the_built_in_assessor_judges_and_says_why(shop: Shop) -> None:
    made = screened(shop, recorder=limited(shop, per_day=10))
    assert made.key.assessor == TermAssessor.version
    assert made.bullets[-1] == (
        "Today's limit of 10 tokens for language models is used up. "
        "The built-in assessor judged instead."
    )
    assert not lines(shop)


def test_where_the_model_does_not_answer_that_is_said(shop: Shop) -> None:
    assert screened(shop, ("", Outcome.SILENT)).bullets[-1] == STOOD_IN


@pytest.mark.parametrize("planted", ["like Anna Berg", "ANNA BERG", "anna.berg@mail.example"])
def test_nothing_is_sent_that_holds_an_identity_of_this_person_wherever_it_stands(
    shop: Shop, planted: str
) -> None:
    known = (
        KnownIdentity(IdentityKind.NAME, "Anna Berg"),
        KnownIdentity(IdentityKind.EMAIL, "anna.berg@mail.example"),
    )
    watch = limited(shop).watch(subject(TENANT), POLL.stopping, known)
    watch.admit(leaving(SENT, 1))
    with pytest.raises(ModelWithheld, match="personal detail"):
        watch.admit(leaving(SENT.replace(b"Judge", planted.encode())))


def test_who_bears_the_name_of_the_model_is_judged_by_it_like_anybody(shop: Shop) -> None:
    known = (KnownIdentity(IdentityKind.NAME, "Claude Martin"),)
    watch = limited(shop).watch(subject(TENANT), POLL.stopping, known)
    named = SENT.replace(b'"model-x"', b'"claude-5"')
    watch.admit(leaving(named))
    for quoted in (b"Claude", json.dumps('"model":"Claude"')[1:-1].encode()):
        with pytest.raises(ModelWithheld, match="personal detail"):
            watch.admit(leaving(named.replace(b"Judge", quoted)))


def test_a_name_in_a_criterion_keeps_the_model_from_being_asked_and_the_score_says_so(
    shop: Shop,
) -> None:
    shop.freeze(asked=(replace(FORKLIFT, label="Drives like Anna Berg"),))
    judges = (ModelAssessor(Model([]), PROMPT), TermAssessor())
    grader = Grader(lambda: judges, remark, shop.desk.clock)
    made = replace(shop.screening, grader=grader, recorder=limited(shop)).screen(shop.id, POLL)
    assert made is not None
    assert made.key.assessor == TermAssessor.version
    assert made.bullets[-1].startswith("A personal detail of this person stood in what was")
    assert not lines(shop)


def test_a_person_who_asks_again_gets_the_models_judgement_in_place_of_a_stand_ins(
    shop: Shop,
) -> None:
    assert screened(shop, ("", Outcome.SILENT)).key.assessor == TermAssessor.version
    judges = (ModelAssessor(Model([(ANSWER, Outcome.ANSWERED)]), PROMPT), TermAssessor())
    grader = Grader(lambda: judges, remark, shop.desk.clock)
    again = replace(shop.screening, grader=grader, recorder=limited(shop))
    held, asked = again.screen(shop.id, POLL), again.screen(shop.id, CLICK)
    assert held is not None
    assert held.key.assessor == TermAssessor.version
    assert asked is not None
    assert asked.key.assessor == judges[0].version


def test_nothing_is_sent_while_scoring_is_stopped(shop: Shop) -> None:
    shop.stop()
    with pytest.raises(ModelWithheld, match="switched off"):
        limited(shop).watch(subject(TENANT), POLL.stopping).admit(leaving(b"1", 1))


def test_work_that_is_to_end_is_not_finished_by_a_stand_in(shop: Shop) -> None:
    watch = limited(shop).watch(subject(TENANT), lambda: True)
    assert watch.stopping()
    shop.freeze(asked=(FORKLIFT,))
    judges = (ModelAssessor(Model([("", Outcome.STOPPED)]), PROMPT), TermAssessor())
    screening = replace(shop.screening, grader=Grader(lambda: judges, remark, shop.desk.clock))
    with pytest.raises(WorkStopped):
        screening.screen(shop.id, replace(POLL, stopping=lambda: True))
    with shop.desk.store.unit_of_work() as uow:
        assert uow.assessments.latest(shop.id) is None


# --- Looked at -----------------------------------------------------------------------------------


def test_who_reads_what_was_sent_is_recorded(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    (line,) = lines(shop)
    view = log_of(shop).opened(carla(shop), line.id)
    assert view.body is not None
    assert (sent_hash(view.body.sent), view.body.received) == (line.sent_hash, ANSWER)
    assert [message.role for message in view.messages] == ["system", "user"]
    assert dict(view.replaced) == {IdentityKind.NAME: 1, IdentityKind.EMAIL: 2}
    fact = events(shop)[-1].fact
    assert (fact.action, fact.actor, fact.subject) == (
        "model.run_viewed",
        "carla",
        f"application:{shop.id}",
    )
    assert fact.data == {"run": line.id}


def test_what_can_no_longer_be_read_is_said_and_reading_it_is_no_fact(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    (line,) = lines(shop)
    with shop.desk.store.unit_of_work() as unit:
        assert isinstance(unit, SqlUnitOfWork)
        unit.vault.forget(PersonId("2101"))
        unit.commit()
    before = len(events(shop))
    view = log_of(shop).opened(carla(shop), line.id)
    assert (view.body, view.row.line.body) == (None, BodyState.ERASED)
    assert len(events(shop)) == before


def test_the_list_is_summed_up_and_priced(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    page = log_of(shop).page(carla(shop))
    assert [row.job for row in page.rows] == ["Store lead"]
    assert (page.totals.runs, page.totals.tokens.total) == (1, 100)
    assert (page.cost, page.currency) == (Decimal("0.00028"), "EUR")
    assert page.rows[0].cost == page.cost
    nobody = log_of(shop).page(carla(shop), RunFilter(application="1"))
    assert (nobody.rows, nobody.totals.runs) == ((), 0)


def test_a_recruiter_reads_what_was_sent_of_the_people_of_their_job_only(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    (line,) = lines(shop)
    log, rosa = log_of(shop), shop.desk.recruiter()
    assert [row.line.id for row in log.of(rosa, shop.id)] == [line.id]
    assert log.opened_of(rosa, shop.id, line.id).body is not None
    stranger = shop.desk.person("rolf", Role.RECRUITER, icims="999")
    for ask in (
        lambda: log.of(stranger, shop.id),
        lambda: log.opened_of(stranger, shop.id, line.id),
    ):
        with pytest.raises(Unknown):
            ask()
    with pytest.raises(NotAllowed):
        log.page(rosa)
    with pytest.raises(NotAllowed):
        log.opened(rosa, line.id)


def test_a_request_of_one_person_is_not_opened_through_another(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    (line,) = lines(shop)
    (other,) = shop.more(1)
    with pytest.raises(Unknown):
        log_of(shop).opened_of(shop.desk.recruiter(), other, line.id)
    with pytest.raises(Unknown):
        log_of(shop).opened(carla(shop), ModelRunId("never"))


def test_the_answer_does_not_tell_a_score_that_is_hidden(shop: Shop) -> None:
    screened(shop, (ANSWER, Outcome.ANSWERED))
    (line,) = lines(shop)
    shop.blind()
    rosa = shop.desk.recruiter()
    assert log_of(shop).of(rosa, shop.id) == ()
    with pytest.raises(NotAllowed):
        log_of(shop).opened_of(rosa, shop.id, line.id)


# --- Expected ------------------------------------------------------------------------------------


def test_before_anything_was_sent_the_cost_is_told_from_sizes(shop: Shop) -> None:
    shop.freeze(asked=(FORKLIFT,))
    job, rosa = shop.desk.requisition.id, shop.desk.recruiter()
    expected = log_of(shop).expected(rosa, job, 20)
    assert expected is not None
    assert expected.basis is Basis.TEXT_SIZES
    assert expected.tokens.sent == 20 * -(-(len(PROMPT.text) + 300 + 5_000) // 3)
    assert expected.tokens.received == 20 * 150
    assert expected.cost == PRICE.of(expected.tokens)


def test_later_the_cost_is_told_from_what_resumes_took_with_these_instructions(
    shop: Shop,
) -> None:
    doubtful = ANSWER.replace("Forklift licence", "Flew to the moon")
    screened(shop, (doubtful, Outcome.ANSWERED), (ANSWER, Outcome.ANSWERED))
    job, rosa = shop.desk.requisition.id, shop.desk.recruiter()
    expected = log_of(shop).expected(rosa, job, 10)
    assert expected is not None
    assert (expected.basis, expected.assessed) == (Basis.PAST, 1)
    assert (expected.tokens.sent, expected.tokens.received) == (1_800, 200)


def test_without_a_model_or_criteria_nothing_leaves(shop: Shop) -> None:
    job, rosa = shop.desk.requisition.id, shop.desk.recruiter()
    assert log_of(shop).expected(rosa, job, 10) is None
    shop.freeze()
    assert log_of(shop, None).expected(rosa, job, 10) is None
    mina = shop.desk.person("mina", Role.HIRING_MANAGER, icims="103")
    with pytest.raises(NotAllowed):
        log_of(shop).expected(mina, job, 10)
