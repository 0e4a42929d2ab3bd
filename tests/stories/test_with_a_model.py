"""A requisition scored by a language model over HTTP: what leaves, what is kept, what counts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from core.assist.screening import read_prompt
from core.domain.assessment import Assessment
from core.domain.evaluation import RunState
from core.domain.ids import ApplicationId, ModelRunId, RequisitionId
from core.domain.model_log import RunFilter, RunLine
from core.domain.records import Candidate
from core.flow.assess import STOOD_IN
from core.services.scoring.grading import NOT_PSEUDONYMISED
from tests.llm_bench import Provider, quoting, refusing, serving
from tests.whole import STORE, SUPPORT, Whole, start_whole

REVIEWER = "irene.castellan"
ADMIN = "viktor.lund"


@dataclass(frozen=True)
class Scored:
    """A scored requisition: its people, what was made of them, and what a model was sent."""

    whole: Whole
    provider: Provider
    people: tuple[Candidate, ...]
    made: Mapping[ApplicationId, Assessment]
    lines: tuple[RunLine, ...]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving() as served:
        served.always = quoting
        yield served


@pytest.fixture(scope="module")
def whole(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with start_whole(tmp_path_factory.mktemp("model"), llm_url=provider.url) as started:
        yield started


@pytest.fixture(scope="module")
def scored(whole: Whole, provider: Provider) -> Scored:
    whole.score(SUPPORT)
    return found(whole, provider, SUPPORT)


def found(whole: Whole, provider: Provider, job: RequisitionId) -> Scored:
    with whole.app.store.unit_of_work() as uow:
        cached = uow.applications.of(job)
        return Scored(
            whole=whole,
            provider=provider,
            people=tuple(c.candidate for c in cached if c.candidate),
            made=uow.assessments.latest_of(job),
            lines=tuple(uow.model_runs.newest(RunFilter(requisition=job), limit=1_000)),
        )


def test_every_readable_resume_was_judged_by_the_model_and_credit_rests_on_its_quotes(
    scored: Scored,
) -> None:
    judged = [made for made in scored.made.values() if made.score]
    assert len(judged) >= 15
    assert {made.key.assessor for made in judged} == {"model-2 prompt-1 bench@127.0.0.1"}
    credited = [v for made in judged for v in made.verdicts if v.credit]
    assert credited
    assert all(verdict.evidence for verdict in credited)


def test_every_request_is_kept_byte_for_byte_and_nothing_else_was_sent(scored: Scored) -> None:
    with scored.whole.app.store.unit_of_work() as uow:
        bodies = [uow.model_runs.body(line.id) for line in scored.lines]
    kept = sorted(body.sent for body in bodies if body)
    assert kept == sorted(scored.provider.bodies)
    assert all(body and body.received for body in bodies)


def test_no_name_address_or_number_of_anybody_is_in_what_left(scored: Scored) -> None:
    sent = "\n".join(_text(body) for body in scored.provider.bodies).casefold()
    known = {
        value.casefold()
        for person in scored.people
        for value in (person.name, person.email, *person.phones, *person.addresses)
        if value
    }
    assert len(known) >= 3 * len(scored.people) > 50
    assert not [value for value in known if value in sent]


def test_who_watches_opens_exactly_what_was_sent_and_is_recorded(scored: Scored) -> None:
    app, irene = scored.whole.app, scored.whole.sign_in(REVIEWER)
    page = app.model_log.page(irene)
    newest = page.rows[0].line
    view = app.model_log.opened(irene, ModelRunId(newest.id))
    assert view.body is not None
    assert view.body.sent in scored.provider.bodies
    with app.store.unit_of_work() as uow:
        last = list(uow.audit.events())[-1].fact
    assert (last.action, last.actor, last.data["run"]) == (
        "model.run_viewed", irene.id, newest.id,
    )  # fmt: skip


def test_another_version_is_tried_on_ten_of_them_and_no_score_changes(
    scored: Scored, provider: Provider
) -> None:
    app, admin = scored.whole.app, scored.whole.sign_in(ADMIN)
    version = app.prompts.write(admin, "screening", f"{read_prompt().text}\nBe brief.", "Shorter")
    assert SUPPORT in {job.id for job in app.prompts.sample_jobs(admin)}
    sent = len(provider.bodies)
    app.prompts.try_out(admin, "screening", version, SUPPORT)
    scored.whole.work()
    tried = app.prompts.view(admin, "screening").versions[0].trial
    assert tried is not None
    assert (tried.trial.state, len(tried.trial.resumes)) == (RunState.DONE, 10)
    assert tried.trial.requests == len(provider.bodies) - sent >= 10
    assert all(line.points == 0 for line in tried.trial.resumes)
    after = found(scored.whole, provider, SUPPORT)
    assert after.made == scored.made
    assert len(after.lines) == len(scored.lines) + tried.trial.requests


def test_where_the_model_fails_the_built_in_assessor_judges_and_says_so(
    whole: Whole, provider: Provider, scored: Scored
) -> None:
    provider.forget()
    provider.always = lambda _: refusing(401, "bad key")
    whole.score(STORE)
    after = found(whole, provider, STORE)
    judged = [made for made in after.made.values() if made.score]
    assert judged
    assert all(made.key.assessor.startswith("built-in") for made in judged)
    assert all(STOOD_IN in made.bullets for made in judged)
    assert len(after.lines) == len(provider.bodies) >= len(judged)


def test_nobody_is_left_ungraded_because_a_check_was_too_anxious(scored: Scored) -> None:
    withheld = [m for m in scored.made.values() if m.ungraded == NOT_PSEUDONYMISED]
    stood_in = [m for m in scored.made.values() if m.key.assessor.startswith("built-in")]
    assert len(withheld) + len(stood_in) <= len(scored.made) // 10


def _text(body: bytes) -> str:
    return "\n".join(message["content"] for message in json.loads(body)["messages"])
