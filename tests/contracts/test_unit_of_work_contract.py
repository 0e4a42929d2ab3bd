"""What every unit of work must do, asked of SQLite and of PostgreSQL."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.actor import Role
from core.domain.approval import OutboxEntry, OutboxState, Receipt, Refusal, split_writes
from core.domain.assessment import Assessment, Standing
from core.domain.audit import verify_chain
from core.domain.document import Span
from core.domain.filters import Asked, Choice, Looked, PipelineFilter, Range
from core.domain.identity import IdentityKind, KnownIdentity, PseudonymisedText, Replacement
from core.domain.ids import (
    ApplicationId,
    ContentHash,
    DocumentHash,
    OutboxId,
    PersonId,
    ProposalId,
    RequisitionId,
    SavedViewId,
    SessionId,
    TenantId,
    UserId,
)
from core.domain.jobs import Job, JobKind, JobRequest, Priority
from core.domain.judgement import Blinding, BlindMode, Leaning
from core.domain.operations import WriteTroubles
from core.domain.policy import TenantPolicy
from core.domain.proposal import (
    AddAssessmentResult,
    AddTags,
    AppendText,
    Change,
    Proposal,
    SetField,
    SetStage,
)
from core.domain.records import ListNode
from core.domain.routing import Thresholds
from core.errors import (
    ApprovalRefused,
    ContentChanged,
    CriteriaRefused,
    IntegrityError,
    InvalidInput,
    NotFound,
)
from core.ports import Account, AtsCall, AuditFilter, ProposalState, Stamp, Trigger, UnitOfWork
from core.store import Store
from tests.store_bench import (
    CRITERION,
    NOON,
    HandClock,
    application,
    approval,
    assessment,
    candidate,
    change_request,
    criteria,
    fact,
    look,
    open_for,
    override,
    own_view,
    proposal,
    recruiter,
    requisition,
    resume,
    saved_view,
    stop,
)

JOB = RequisitionId("101")
ANNAS = ApplicationId("7001")
ANNA = PersonId("2101")


def committed(store: Store, work: Callable[..., Any], *more: Any) -> Any:
    with store.unit_of_work() as uow:
        result = work(uow, *more)
        uow.commit()
    return result


# --- Transactions --------------------------------------------------------------------------------


def test_leaving_without_commit_keeps_nothing(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.requisitions.put(requisition(store.tenant), NOON)
        uow.audit.append(fact(store.tenant))
    with store.unit_of_work() as uow:
        assert uow.requisitions.get(JOB) is None
        assert uow.audit.count() == 0


def test_what_is_rolled_back_can_be_done_again_in_the_same_unit(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.applications.put(application(store.tenant), NOON)
        uow.rollback()
        uow.applications.put(application(store.tenant), NOON)
        uow.commit()
    with store.unit_of_work() as uow:
        assert uow.applications.get(ANNAS) is not None


def test_one_tenant_sees_nothing_of_another(store: Store, url: str, clock: HandClock) -> None:
    def fill(uow: UnitOfWork) -> None:
        uow.requisitions.put(requisition(store.tenant), NOON)
        uow.applications.put(application(store.tenant), NOON)
        uow.audit.append(fact(store.tenant))
        uow.jobs.enqueue(job(store), NOON)

    committed(store, fill)
    other = open_for(url, clock)
    with other.unit_of_work() as uow:
        assert not uow.requisitions.all()
        assert uow.applications.get(ANNAS) is None
        assert uow.audit.count() == 0
        assert uow.jobs.claim(NOON, 60) is None
        with pytest.raises(IntegrityError):
            uow.audit.append(fact(store.tenant))
    other.close()


# --- Requisitions, applications, people ----------------------------------------------------------


def test_a_requisition_comes_back_as_it_was_put(store: Store) -> None:
    job = requisition(store.tenant)
    committed(store, lambda uow: uow.requisitions.put(job, NOON))
    with store.unit_of_work() as uow:
        assert uow.requisitions.get(JOB) == job
        assert uow.requisitions.all() == [job]


def test_a_cursor_is_an_aware_utc_time_whatever_zone_it_was_set_in(store: Store) -> None:
    berlin = timezone(timedelta(hours=1))
    at = datetime(2026, 3, 10, 13, 0, tzinfo=berlin)
    committed(store, lambda uow: uow.requisitions.set_cursor("people", at))
    with store.unit_of_work() as uow:
        found = uow.requisitions.cursor("people")
        assert found == NOON
        assert found.utcoffset() == timedelta(0)
        assert uow.requisitions.cursor("other") is None


def test_a_naive_time_is_refused(store: Store) -> None:
    with store.unit_of_work() as uow, pytest.raises(Exception, match="aware"):
        uow.requisitions.set_cursor("people", datetime(2026, 3, 10))  # noqa: DTZ001  # the point


def test_an_application_comes_back_with_its_person_and_resume(store: Store) -> None:
    mine, anna = application(store.tenant), candidate(store.tenant)

    def fill(uow: UnitOfWork) -> None:
        uow.applications.put(mine, NOON)
        uow.applications.put_candidate(anna, NOON)
        uow.applications.set_resume(ANNAS, DocumentHash("d0c"))
        uow.applications.put(mine, NOON + timedelta(hours=1))

    committed(store, fill)
    with store.unit_of_work() as uow:
        found = uow.applications.get(ANNAS)
        assert found is not None
        assert (found.application, found.candidate, found.resume) == (mine, anna, "d0c")
        assert found.fetched_at == NOON + timedelta(hours=1)
        assert uow.applications.of(JOB) == [found]
        assert uow.applications.candidate(ANNA) == (anna, NOON)
        assert uow.applications.count_by_requisition() == {JOB: 1}


def cache(store: Store, *ids: str, job: str = "101") -> None:
    """Cache applications, each of a person of its own."""

    def fill(uow: UnitOfWork) -> None:
        for id in ids:
            uow.applications.put(application(store.tenant, id, f"2{id}", job), NOON)

    committed(store, fill)


MANY = [ApplicationId(str(number)) for number in range(40_000)]
"""More ids than one statement takes."""


def test_the_applications_asked_for_come_once_each_and_in_the_order_of_all(store: Store) -> None:
    cache(store, "7001", "912", "7002", "7003")
    with store.unit_of_work() as uow:
        everybody = uow.applications.of(JOB)
        wanted = [ApplicationId(id) for id in ("7003", "912", "7003", "unknown")]
        found = uow.applications.among(wanted)
        assert uow.applications.among(MANY) == everybody
        assert not uow.applications.among([])
    assert [cached.application.id for cached in everybody] == ["912", "7001", "7002", "7003"]
    assert found == [everybody[0], everybody[3]]


def test_a_resume_can_only_be_set_on_a_cached_application(store: Store) -> None:
    with store.unit_of_work() as uow, pytest.raises(NotFound):
        uow.applications.set_resume(ANNAS, DocumentHash("d0c"))


# --- Documents and erasure -----------------------------------------------------------------------


ANNAS_TEXT = "Anna Berg\nForklift"
NAME = KnownIdentity(IdentityKind.NAME, "Anna Berg")
HIDDEN_NAME = PseudonymisedText(
    "[NAME_1]\nForklift",
    (Replacement(IdentityKind.NAME, Span(0, 9), Span(0, 8), "[NAME_1]"),),
    (NAME,),
)


def put_documents(uow: UnitOfWork) -> DocumentHash:
    document = uow.documents.put_file(ANNA, "cv.pdf", b"%PDF \n\x00", NOON)
    uow.documents.put_parsed(ANNA, resume(document, ANNAS_TEXT))
    uow.documents.put_pseudonymised(ANNA, document, HIDDEN_NAME, (NAME,))
    return document


def test_documents_come_back_as_they_were_put(store: Store) -> None:
    document = committed(store, put_documents)
    with store.unit_of_work() as uow:
        assert uow.documents.file(ANNA, document) == ("cv.pdf", b"%PDF \n\x00")
        assert uow.documents.parsed(ANNA, document) == resume(document, ANNAS_TEXT)
        assert uow.documents.pseudonymised(ANNA, document) == (HIDDEN_NAME, (NAME,))
        assert uow.documents.file(PersonId("another"), document) is None


def put_resume(uow: UnitOfWork, id: str, text: str, *concealed: Span) -> None:
    person = PersonId(f"2{id}")
    document = uow.documents.put_file(person, "cv.pdf", text.encode(), NOON)
    uow.documents.put_parsed(person, resume(document, text, *concealed))
    uow.applications.set_resume(ApplicationId(id), document)


def test_words_are_what_a_human_reader_sees_of_every_resume_of_a_job(store: Store) -> None:
    cache(store, "1", "2", "3")
    cache(store, "4", job="102")

    def fill(uow: UnitOfWork) -> None:
        put_resume(uow, "1", "Forklift", Span(8, 8))
        put_resume(uow, "2", "Ä[hidden]and[tiny]", Span(12, 18), Span(1, 9), Span(3, 6))
        put_resume(uow, "4", "another job")

    committed(store, fill)
    with store.unit_of_work() as uow:
        words = dict(uow.documents.words(JOB))
    assert words.keys() == {"1", "2"}
    assert words[ApplicationId("1")].strip() == "Forklift"
    assert words[ApplicationId("2")].split() == ["Ä", "and"]


def test_words_are_those_of_the_resume_last_read(store: Store) -> None:
    cache(store, "1")
    committed(store, lambda uow: put_resume(uow, "1", "old"))
    committed(store, lambda uow: put_resume(uow, "1", "new"))
    with store.unit_of_work() as uow:
        assert dict(uow.documents.words(JOB)) == {"1": "new"}


def test_a_forgotten_persons_values_are_gone_everywhere(store: Store) -> None:
    plan = proposal(application(store.tenant))

    def fill(uow: UnitOfWork) -> None:
        uow.applications.put(application(store.tenant), NOON)
        uow.applications.put(application(store.tenant, "7002", "2102"), NOON)
        uow.applications.put_candidate(candidate(store.tenant), NOON)
        uow.assessments.put(assessment(store.tenant))
        uow.judgements.put_override(override(assessment(store.tenant)))
        uow.judgements.put_view(own_view())
        uow.judgements.put_look(look())
        uow.proposals.put(plan)
        uow.proposals.approve(approval(plan))

    committed(store, fill)
    document = committed(store, put_documents)
    with store.unit_of_work() as unit:
        assert unit.vault.forget(ANNA)
        unit.commit()
    with store.unit_of_work() as uow:
        assert uow.applications.get(ANNAS) is None
        assert [c.application.id for c in uow.applications.of(JOB)] == ["7002"]
        assert uow.applications.candidate(ANNA) is None
        assert uow.documents.file(ANNA, document) is None
        assert uow.assessments.latest(ANNAS) is None
        assert not uow.judgements.overrides(ANNAS)
        assert not uow.judgements.views(ANNAS)
        assert not uow.judgements.lookers(JOB)
        assert uow.overview.stamps(JOB).keys() == {"7002"}
        assert uow.overview.counts(NOON)[JOB].applications == 1
        assert uow.proposals.get(plan.id) is None
        assert uow.proposals.approval(plan.id) is None


def test_who_applies_again_after_being_forgotten_starts_afresh(store: Store) -> None:
    again = assessment(store.tenant)
    committed(store, lambda uow: uow.applications.put(application(store.tenant), NOON))
    committed(store, lambda uow: uow.applications.set_resume(ANNAS, DocumentHash("d0c")))
    committed(store, lambda uow: uow.assessments.put(again))
    with store.unit_of_work() as unit:
        unit.vault.forget(ANNA)
        unit.applications.put(application(store.tenant), NOON)
        unit.commit()
    with store.unit_of_work() as uow:
        found = uow.applications.get(ANNAS)
        assert found is not None
        assert found.resume is None
        assert uow.assessments.latest(ANNAS) is None
        assert uow.assessments.put(again)
        assert uow.assessments.latest(ANNAS) == again


def test_nothing_is_judged_of_who_was_forgotten_in_the_meantime(store: Store) -> None:
    committed(store, lambda uow: uow.applications.put(application(store.tenant), NOON))
    with store.unit_of_work() as unit:
        unit.vault.forget(ANNA)
        unit.commit()
    judged = assessment(store.tenant)
    with store.unit_of_work() as uow:
        for put in (
            lambda: uow.assessments.put(judged),
            lambda: uow.judgements.put_override(override(judged)),
            lambda: uow.judgements.put_view(own_view()),
            lambda: uow.judgements.put_look(look()),
        ):
            with pytest.raises(NotFound):
                put()


# --- Criteria and assessments --------------------------------------------------------------------


def test_a_draft_can_be_replaced_and_frozen_criteria_never(store: Store) -> None:
    draft = criteria(store.tenant)
    edited = replace(draft, author=UserId("sam"))
    frozen = edited.freeze(UserId("sam"), NOON)
    for one in (draft, edited, frozen):
        committed(store, lambda uow, one: uow.criteria.put(one), one)
    with store.unit_of_work() as uow, pytest.raises(CriteriaRefused):
        uow.criteria.put(draft)
    with store.unit_of_work() as uow:
        assert uow.criteria.version(JOB, 1) == frozen


def test_latest_and_frozen_criteria_are_told_apart(store: Store) -> None:
    frozen = criteria(store.tenant).freeze(UserId("rosa"), NOON)
    draft = criteria(store.tenant, version=2)
    for one in (frozen, draft):
        committed(store, lambda uow, one: uow.criteria.put(one), one)
    with store.unit_of_work() as uow:
        assert uow.criteria.latest(JOB) == draft
        assert uow.criteria.frozen(JOB) == frozen
        assert uow.criteria.version(JOB, 3) is None


def test_an_assessment_once_made_is_never_replaced(store: Store) -> None:
    first = assessment(store.tenant)
    committed(store, lambda uow: uow.applications.put(application(store.tenant), NOON))
    committed(store, lambda uow: uow.assessments.put(first))
    committed(store, lambda uow: uow.assessments.put(replace(first, confidence=0.1)))
    with store.unit_of_work() as uow:
        assert uow.assessments.get(ANNAS, first.key.id) == first


def test_the_latest_assessment_is_the_one_made_last(store: Store) -> None:
    old, new = assessment(store.tenant, score=20), assessment(store.tenant, document="new")

    def fill(uow: UnitOfWork) -> None:
        uow.applications.put(application(store.tenant), NOON)
        uow.assessments.put(old)
        uow.assessments.put(new)
        uow.assessments.put(old)

    committed(store, fill)
    with store.unit_of_work() as uow:
        assert uow.assessments.latest(ANNAS) == new
        assert uow.assessments.latest_of(JOB) == {ANNAS: new}


def test_all_assessments_of_an_application_come_oldest_first(store: Store) -> None:
    made = [assessment(store.tenant, document=name) for name in ("z", "a", "m")]
    cache(store, "7001")
    for one in made:
        committed(store, lambda uow, one: uow.assessments.put(one), one)
    with store.unit_of_work() as uow:
        assert uow.assessments.of(ANNAS) == made
        assert not uow.assessments.of(ApplicationId("7002"))


def test_the_latest_assessments_of_those_asked_for_and_of_nobody_else(store: Store) -> None:
    cache(store, "7001", "7002", "7003")
    old, new = (assessment(store.tenant, document=name) for name in ("old", "new"))
    others = [assessment(store.tenant, id) for id in ("7002", "7003")]
    for one in (old, new, *others):
        committed(store, lambda uow, one: uow.assessments.put(one), one)
    with store.unit_of_work() as uow:
        found = uow.assessments.latest_among([ANNAS, ApplicationId("7003"), ApplicationId("1")])
        assert found == {ANNAS: new, "7003": others[1]}
        assert uow.assessments.latest_among(MANY) == uow.assessments.latest_of(JOB)


def test_an_assessment_of_an_unknown_application_is_refused(store: Store) -> None:
    with store.unit_of_work() as uow, pytest.raises(NotFound):
        uow.assessments.put(assessment(store.tenant))


def test_a_baseline_keeps_the_first_score_of_each_past_applicant(store: Store) -> None:
    today = ContentHash("today's criteria")

    def fill(uow: UnitOfWork) -> None:
        for id, score in (("1", 40), ("1", 90), ("2", 60), ("3", None)):
            uow.baselines.put(today, ApplicationId(id), score)
        uow.baselines.put(ContentHash("others"), ApplicationId("1"), 10)

    committed(store, fill)
    with store.unit_of_work() as uow:
        assert sorted(uow.baselines.scores(today)) == [40, 60]


# --- What people thought and looked at -----------------------------------------------------------


def assessed(store: Store, *ids: str) -> list[Assessment]:
    """Cache applications with an assessment each."""
    cache(store, *ids)
    made = [assessment(store.tenant, id) for id in ids]
    for one in made:
        committed(store, lambda uow, one: uow.assessments.put(one), one)
    return made


def test_a_verdict_that_a_person_gave_comes_back_as_theirs(store: Store) -> None:
    machine = assessment(store.tenant)
    theirs = replace(machine.verdicts[0], evidence=(), by=UserId("rosa"))
    cache(store, "7001")
    committed(store, lambda uow: uow.assessments.put(replace(machine, verdicts=(theirs,))))
    with store.unit_of_work() as uow:
        found = uow.assessments.latest(ANNAS)
    assert found is not None
    assert found.verdicts == (theirs,)


def test_overrides_come_back_as_they_were_put_oldest_first(store: Store) -> None:
    [mine] = assessed(store, "7001")
    given_ = [
        override(mine, Standing.NOT_SHOWN, note="The licence has run out."),
        override(mine, None, by="sam"),
        override(mine, Standing.MET, note="They sent the new one."),
    ]
    for one in given_:
        committed(store, lambda uow, one: uow.judgements.put_override(one), one)
    with store.unit_of_work() as uow:
        assert uow.judgements.overrides(ANNAS) == given_


def test_an_override_once_given_is_never_replaced(store: Store) -> None:
    [mine] = assessed(store, "7001")
    first = override(mine)
    committed(store, lambda uow: uow.judgements.put_override(first))
    with store.unit_of_work() as uow, pytest.raises(ContentChanged):
        uow.judgements.put_override(replace(first, standing=Standing.MET))
    with store.unit_of_work() as uow:
        assert uow.judgements.overrides(ANNAS) == [first]


def test_the_overrides_of_those_asked_for_and_of_nobody_else(store: Store) -> None:
    anna, ben, cleo = assessed(store, "7001", "7002", "7003")
    given_ = [override(anna), override(ben), override(cleo), override(anna, None)]
    for one in given_:
        committed(store, lambda uow, one: uow.judgements.put_override(one), one)
    with store.unit_of_work() as uow:
        found = uow.judgements.overrides_among([ANNAS, ApplicationId("7003"), ApplicationId("1")])
        assert found == {ANNAS: [given_[0], given_[3]], "7003": [given_[2]]}
        assert uow.judgements.overrides_among(MANY).keys() == {"7001", "7002", "7003"}


def test_own_views_are_kept_side_by_side_and_the_newest_counts(store: Store) -> None:
    cache(store, "7001", "7002")
    cache(store, "8001", job="102")
    first = own_view(note="Strong on the floor, no licence?")
    second = own_view(leaning=Leaning.UNSURE, at=NOON + timedelta(hours=1))
    others = own_view(leaning=Leaning.NOT_NOW, by="sam")
    elsewhere, ben = own_view("8001"), own_view("7002")
    for one in (first, others, second, elsewhere, ben):
        committed(store, lambda uow, one: uow.judgements.put_view(one), one)
    with store.unit_of_work() as uow:
        assert uow.judgements.views(ANNAS) == [first, others, second]
        assert uow.judgements.views_by(UserId("rosa"), JOB) == {ANNAS: second, "7002": ben}
        assert uow.judgements.views_by(UserId("sam"), JOB) == {ANNAS: others}


def test_a_look_at_the_same_assessment_counts_once(store: Store) -> None:
    [mine] = assessed(store, "7001")
    shown, other = mine.key.id, assessment(store.tenant, document="new").key.id
    with store.unit_of_work() as uow:
        assert uow.judgements.put_look(look(assessment=shown))
        assert not uow.judgements.put_look(look(assessment=shown))
        assert uow.judgements.put_look(look(assessment=shown, by="sam"))
        assert uow.judgements.put_look(look(assessment=other))
        assert uow.judgements.put_look(look())
        assert not uow.judgements.put_look(look())


def test_who_looked_is_told_apart_from_which_assessment_was_seen(store: Store) -> None:
    assessed(store, "7001", "7002", "7003")
    cache(store, "8001", job="102")
    anna, ben = (assessment(store.tenant, id).key.id for id in ("7001", "7002"))

    def fill(uow: UnitOfWork) -> None:
        for one in (
            look("7001", anna),
            look("7001"),
            look("7001", anna, by="sam"),
            look("7002", ben, by="sam"),
            look("7003"),
            look("8001"),
        ):
            uow.judgements.put_look(one)

    committed(store, fill)
    rosa = UserId("rosa")
    with store.unit_of_work() as uow:
        lookers = uow.judgements.lookers(JOB)
        assert lookers == {"7001": {"rosa", "sam"}, "7002": {"sam"}, "7003": {"rosa"}}
        assert uow.judgements.looked(rosa, MANY) == {(ANNAS, anna)}
        assert not uow.judgements.looked(rosa, [ApplicationId("7002"), ApplicationId("7003")])


def test_another_tenant_sees_no_judgement(store: Store, url: str, clock: HandClock) -> None:
    [mine] = assessed(store, "7001")

    def fill(uow: UnitOfWork) -> None:
        uow.judgements.put_override(override(mine))
        uow.judgements.put_view(own_view())
        uow.judgements.put_look(look("7001", mine.key.id))
        uow.policies.put_policy(TenantPolicy())
        uow.policies.put_stop(stop())
        uow.saved_views.put(saved_view("v1", "Mine", shared=True))

    committed(store, fill)
    other = open_for(url, clock)
    with other.unit_of_work() as uow:
        assert not uow.judgements.overrides(ANNAS)
        assert not uow.judgements.overrides_among([ANNAS])
        assert not uow.judgements.views(ANNAS)
        assert not uow.judgements.views_by(UserId("rosa"), JOB)
        assert not uow.judgements.lookers(JOB)
        assert not uow.judgements.looked(UserId("rosa"), [ANNAS])
        assert uow.policies.policy() is None
        assert not uow.policies.stops()
        assert not uow.saved_views.of(JOB, UserId("rosa"))
        assert uow.saved_views.get(SavedViewId("v1")) is None
        uow.saved_views.remove(SavedViewId("v1"))
        uow.commit()
    other.close()
    with store.unit_of_work() as uow:
        assert uow.saved_views.get(SavedViewId("v1")) is not None


# --- A tenant's choices --------------------------------------------------------------------------


def test_there_is_no_policy_until_somebody_sets_one(store: Store) -> None:
    first = TenantPolicy(thresholds=Thresholds(30, 90), blinding=Blinding(BlindMode.SAMPLED, 0.1))
    with store.unit_of_work() as uow:
        assert uow.policies.policy() is None
        uow.policies.put_policy(first)
        assert uow.policies.policy() == first
        uow.policies.put_policy(TenantPolicy(sure_from=0.25))
        assert uow.policies.policy() == TenantPolicy(sure_from=0.25)


def test_blind_reviewing_is_chosen_for_each_requisition(store: Store) -> None:
    always = Blinding(BlindMode.ALWAYS)
    with store.unit_of_work() as uow:
        uow.policies.put_policy(TenantPolicy(blinding=always))
        assert uow.policies.blinding(JOB) is None
        uow.policies.put_blinding(JOB, always)
        uow.policies.put_blinding(JOB, Blinding())
        assert uow.policies.blinding(JOB) == Blinding()
        assert uow.policies.blinding(RequisitionId("102")) is None


def test_stops_come_newest_first_and_a_lifted_one_stays(store: Store) -> None:
    older, newer = stop("s2"), stop("s1", NOON + timedelta(hours=1))
    lifted = replace(older, lifted_by=UserId("ada"), lifted_at=NOON + timedelta(hours=2))
    with store.unit_of_work() as uow:
        for one in (newer, older, lifted):
            uow.policies.put_stop(one)
        assert uow.policies.stops() == [newer, lifted]


def test_a_saved_view_comes_back_with_every_part_of_its_question(store: Store) -> None:
    asked = PipelineFilter(
        words='"forklift licence" -trainee',
        criteria=(Asked(CRITERION.id, Standing.MET, negated=True),),
        score=Range(40, 80),
        days=Range(low=3),
        stage=Choice(frozenset({"Phone screen", "New"}), frozenset({"Rejected"})),
        looked=Looked.NOBODY,
        eyes=True,
    )
    mine = saved_view("v1", "Floor staff", asked)
    committed(store, lambda uow: uow.saved_views.put(mine))
    with store.unit_of_work() as uow:
        assert uow.saved_views.get(mine.id) == mine


def test_a_person_sees_their_own_views_and_shared_ones_by_name(store: Store) -> None:
    mine, theirs = saved_view("v3", "beta"), saved_view("v2", "Alpha", by="sam", shared=True)
    private = saved_view("v1", "Private", by="sam")
    elsewhere = replace(saved_view("v4", "Elsewhere"), requisition_id=RequisitionId("102"))
    rosa = UserId("rosa")
    with store.unit_of_work() as uow:
        for one in (mine, theirs, private, elsewhere):
            uow.saved_views.put(one)
        assert uow.saved_views.of(JOB, rosa) == [theirs, mine]
        uow.saved_views.put(replace(mine, name="Aardvark"))
        uow.saved_views.remove(theirs.id)
        uow.saved_views.remove(theirs.id)
        assert [view.name for view in uow.saved_views.of(JOB, rosa)] == ["Aardvark"]


# --- Proposals and answers -----------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
labels = st.lists(texts, max_size=3).map(tuple)
field_values = st.none() | texts | numbers | labels
changes = (
    st.builds(SetField, texts, field_values, field_values)
    | st.builds(AppendText, texts, texts)
    | st.builds(AddTags, texts, labels, labels, labels)
    | st.builds(AddAssessmentResult, texts, st.dates(), numbers, texts, texts)
    | st.builds(SetStage, st.builds(ListNode, texts, texts), st.builds(ListNode, texts, texts))
)


@given(st.lists(changes, min_size=1, max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_proposal_keeps_its_hash_through_the_store(store: Store, made: list[Change]) -> None:
    plan = proposal(application(store.tenant), *made)
    committed(store, lambda uow: uow.proposals.put(plan))
    with store.unit_of_work() as uow:
        found = uow.proposals.get(plan.id)
    assert found == plan
    assert found.hash == plan.hash
    assert [type(change) for change in found.changes] == [type(change) for change in made]


def stored_proposal(store: Store) -> Proposal:
    plan = proposal(application(store.tenant))
    committed(store, lambda uow: uow.proposals.put(plan))
    return plan


def test_a_stored_proposal_cannot_be_put_again(store: Store) -> None:
    plan = stored_proposal(store)
    with store.unit_of_work() as uow, pytest.raises(ContentChanged):
        uow.proposals.put(replace(plan, changes=plan.changes[:1]))


def test_open_proposals_are_named_without_being_opened_and_read_together(store: Store) -> None:
    plan = stored_proposal(store)
    other = replace(plan, id=ProposalId("p-other"))
    committed(store, lambda uow: uow.proposals.put(other))
    committed(store, lambda uow: uow.proposals.supersede(other.id, NOON))
    with store.unit_of_work() as uow:
        assert uow.proposals.open_ids(JOB) == {plan.id: ANNAS}
        assert not uow.proposals.open_ids(RequisitionId("another"))
        assert uow.proposals.among([plan.id, ProposalId("none")]) == [plan]
        assert {each.id for each in uow.proposals.among([other.id, plan.id])} == {plan.id, other.id}


def test_a_proposal_says_what_it_takes_back(store: Store) -> None:
    plan = replace(proposal(application(store.tenant)), reverses=ProposalId("an earlier one"))
    committed(store, lambda uow: uow.proposals.put(plan))
    with store.unit_of_work() as uow:
        assert uow.proposals.get(plan.id) == plan


def test_an_approval_comes_back_with_every_rule_rechecked(store: Store) -> None:
    plan = stored_proposal(store)
    given_ = approval(plan)
    committed(store, lambda uow: uow.proposals.approve(given_))
    with store.unit_of_work() as uow:
        assert uow.proposals.approval(plan.id) == given_
        assert not uow.proposals.open_of(plan.application_id)
        assert uow.proposals.of(plan.application_id) == [plan]


def test_a_refusal_comes_back_with_its_reason(store: Store) -> None:
    plan = stored_proposal(store)
    no = Refusal(proposal_id=plan.id, actor=recruiter(store.tenant), reason="No.", at=NOON)
    committed(store, lambda uow: uow.proposals.refuse(no))
    with store.unit_of_work() as uow:
        assert uow.proposals.refusal(plan.id) == no
        assert not uow.proposals.open_by_requisition(JOB)


def test_a_request_for_change_comes_back_with_what_to_leave_out(store: Store) -> None:
    plan = stored_proposal(store)
    asked = change_request(plan)
    committed(store, lambda uow: uow.proposals.give_back(asked))
    with store.unit_of_work() as uow:
        assert uow.proposals.change_request(plan.id) == asked
        assert uow.proposals.refusal(plan.id) is None
        assert not uow.proposals.open_of(ANNAS)
        standing = uow.overview.standing(ANNAS)
        assert standing is not None
        assert standing.state is ProposalState.RETURNED
        assert uow.overview.standings(JOB) == {ANNAS: standing}


@pytest.mark.parametrize("first", ["approve", "refuse", "give_back", "supersede"])
def test_a_proposal_is_answered_once(store: Store, first: str) -> None:
    plan = stored_proposal(store)
    no = Refusal(proposal_id=plan.id, actor=recruiter(store.tenant), reason="No.", at=NOON)
    answers: dict[str, Callable[[UnitOfWork], None]] = {
        "approve": lambda uow: uow.proposals.approve(approval(plan)),
        "refuse": lambda uow: uow.proposals.refuse(no),
        "give_back": lambda uow: uow.proposals.give_back(change_request(plan)),
        "supersede": lambda uow: uow.proposals.supersede(plan.id, NOON),
    }
    committed(store, answers[first])
    for answer in answers.values():
        with store.unit_of_work() as uow, pytest.raises(ApprovalRefused):
            answer(uow)


def test_of_many_people_who_approve_at_once_one_succeeds(store: Store) -> None:
    plan = stored_proposal(store)
    outcomes: list[str] = []

    def approve() -> None:
        try:
            committed(store, lambda uow: uow.proposals.approve(approval(plan)))
            outcomes.append("approved")
        except ApprovalRefused:
            outcomes.append("refused")

    at_once(approve, 6)
    assert sorted(outcomes) == ["approved"] + ["refused"] * 5


def at_once(work: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- The outbox ----------------------------------------------------------------------------------


def approved(store: Store, *made: Change, app: str = "7001", due: datetime = NOON) -> Proposal:
    """Store an approved proposal with its outbox entries, due at ``due``."""
    plan = proposal(application(store.tenant, app, f"person of {app}"), *made)
    yes = approval(plan)

    def fill(uow: UnitOfWork) -> None:
        uow.proposals.put(plan)
        uow.proposals.approve(yes)
        for step in range(len(split_writes(plan))):
            uow.outbox.add(
                OutboxEntry(
                    id=OutboxId(f"{plan.id}/{step}"),
                    tenant=store.tenant,
                    proposal_id=plan.id,
                    approval_id=yes.id,
                    step=step,
                    state=OutboxState.WAITING,
                    due_at=due,
                )
            )

    committed(store, fill)
    return plan


def claim(store: Store, clock: HandClock, lease: float = 60) -> OutboxEntry | None:
    found: OutboxEntry | None = committed(
        store, lambda uow: uow.outbox.claim_due(clock.now(), lease)
    )
    return found


def move(store: Store, id: OutboxId, expect: OutboxState, to: OutboxState, **more: Any) -> bool:
    moved: bool = committed(
        store, lambda uow: uow.outbox.move(id, expect=expect, to=to, now=NOON, **more)
    )
    return moved


def test_nothing_is_claimed_before_it_is_due(store: Store, clock: HandClock) -> None:
    approved(store, due=NOON + timedelta(seconds=30))
    assert claim(store, clock) is None
    clock.forward(seconds=30)
    assert claim(store, clock) is not None


def test_a_claimed_entry_is_out_of_reach_until_its_lease_ends(
    store: Store, clock: HandClock
) -> None:
    approved(store)
    first = claim(store, clock)
    assert claim(store, clock) is None
    clock.forward(seconds=61)
    second = claim(store, clock)
    assert first is not None
    assert second is not None
    assert (second.id, second.attempts) == (first.id, first.attempts + 1)


def test_an_orphaned_entry_is_handed_out_as_in_doubt(store: Store, clock: HandClock) -> None:
    plan = approved(store)
    claim(store, clock)
    assert move(store, OutboxId(f"{plan.id}/0"), OutboxState.WAITING, OutboxState.SENDING)
    assert claim(store, clock) is None
    clock.forward(seconds=61)
    found = claim(store, clock)
    assert found is not None
    assert found.state is OutboxState.SENDING


ENTRY = AddAssessmentResult("Recruiter copilot", NOON.date(), 87, "good", "notes")


def test_a_step_waits_until_the_one_before_it_is_done(store: Store, clock: HandClock) -> None:
    plan = approved(store, SetField("ai_match_score", None, 87), ENTRY)
    first = claim(store, clock)
    assert first is not None
    assert first.step == 0
    move(store, first.id, OutboxState.WAITING, OutboxState.SENDING)
    clock.forward(seconds=61)
    again = claim(store, clock)
    assert again is not None
    assert again.step == 0
    move(store, first.id, OutboxState.SENDING, OutboxState.DONE)
    second = claim(store, clock)
    assert second is not None
    assert (second.proposal_id, second.step) == (plan.id, 1)


def test_two_writes_to_one_application_are_never_under_way_together(
    store: Store, clock: HandClock
) -> None:
    approved(store, app="7001")
    approved(store, app="7001")
    elsewhere = approved(store, app="7002", due=NOON + timedelta(microseconds=1))
    clock.forward(seconds=1)
    first, second = claim(store, clock), claim(store, clock)
    assert first is not None
    assert second is not None
    assert second.proposal_id == elsewhere.id
    assert claim(store, clock) is None
    move(store, first.id, OutboxState.WAITING, OutboxState.DONE)
    assert claim(store, clock) is not None


def test_a_state_changes_only_from_the_one_expected(store: Store) -> None:
    id = OutboxId(f"{approved(store).id}/0")
    assert not move(store, id, OutboxState.SENDING, OutboxState.DONE)
    assert move(store, id, OutboxState.WAITING, OutboxState.CANCELLED, error="taken back")
    assert not move(store, id, OutboxState.WAITING, OutboxState.SENDING)
    with store.unit_of_work() as uow:
        entry = uow.outbox.get(id)
        assert entry is not None
        assert (entry.state, entry.last_error) == (OutboxState.CANCELLED, "taken back")


def test_workers_that_claim_at_once_get_different_entries(store: Store, clock: HandClock) -> None:
    for number in range(8):
        approved(store, app=f"app {number}")
    claimed: list[str] = []

    def work() -> None:
        while (entry := claim(store, clock)) is not None:
            claimed.append(entry.id)

    at_once(work, 4)
    assert len(claimed) == len(set(claimed)) == 8


def test_a_receipt_comes_back_as_it_was_put(store: Store) -> None:
    id = OutboxId(f"{approved(store).id}/0")
    receipt = Receipt(outbox_id=id, at=NOON, status=204, transaction="x-1", found=True)
    committed(store, lambda uow: uow.outbox.put_receipt(receipt))
    with store.unit_of_work() as uow:
        assert uow.outbox.receipt(id) == receipt
        assert uow.outbox.receipt(OutboxId("other")) is None


def test_a_write_is_under_way_until_it_ended_and_the_record_was_read_again(store: Store) -> None:
    plan = approved(store)
    approved(store, app="7002")
    id, later = OutboxId(f"{plan.id}/0"), NOON + timedelta(seconds=1)
    mine = application(store.tenant, "7001", "person of 7001")
    committed(store, lambda uow: uow.applications.put(mine, NOON))

    def under_way() -> bool:
        with store.unit_of_work() as uow:
            found = uow.outbox.under_way([ANNAS, ApplicationId("7003")])
        assert set(found) <= {ANNAS}
        return ANNAS in found

    assert under_way()
    move(store, id, OutboxState.WAITING, OutboxState.SENDING)
    assert under_way()
    move(store, id, OutboxState.SENDING, OutboxState.DONE)
    committed(
        store, lambda uow: uow.outbox.put_receipt(Receipt(outbox_id=id, at=later, status=204))
    )
    assert under_way()
    committed(store, lambda uow: uow.applications.put(mine, later))
    assert not under_way()


@pytest.mark.parametrize(
    "state", [OutboxState.CANCELLED, OutboxState.STALE, OutboxState.FAILED], ids=lambda s: s.value
)
def test_a_write_that_came_to_nothing_is_not_under_way(store: Store, state: OutboxState) -> None:
    plan = approved(store)
    move(store, OutboxId(f"{plan.id}/0"), OutboxState.WAITING, state)
    with store.unit_of_work() as uow:
        assert not uow.outbox.under_way([ANNAS])


def test_writes_that_ended_badly_lately_or_are_in_doubt_are_counted(store: Store) -> None:
    def end(app: str, *to: OutboxState, due: datetime = NOON, error: str = "") -> None:
        id, before = OutboxId(f"{approved(store, app=app, due=due).id}/0"), OutboxState.WAITING
        for state in to:
            move(store, id, before, state, error=error)
            before = state

    end("1", OutboxState.FAILED, error="refused")
    end("2", OutboxState.FAILED, error="refused", due=NOON - timedelta(hours=2))
    end("3", OutboxState.STALE, error="moved")
    end("4", OutboxState.SENDING)
    end("5", OutboxState.SENDING, error="no answer", due=NOON - timedelta(hours=2))
    end("6", OutboxState.SENDING, OutboxState.DONE)
    with store.unit_of_work() as uow:
        found = uow.outbox.troubles(NOON - timedelta(hours=1))
    assert found == WriteTroubles(refused=1, moved=1, in_doubt=1)


# --- The audit log -------------------------------------------------------------------------------


def test_facts_form_one_chain_in_the_order_of_their_commits(store: Store) -> None:
    for number in range(5):
        committed(store, lambda uow, n: uow.audit.append(fact(store.tenant, n)), number)
    with store.unit_of_work() as uow:
        assert verify_chain(uow.audit.events()) == uow.audit.count() == 5
        assert [e.fact for e in uow.audit.events()] == [fact(store.tenant, n) for n in range(5)]
        assert [e.seq for e in uow.audit.events(after=1, limit=2)] == [2, 3]


def test_the_log_is_found_by_subject_and_by_filter(store: Store) -> None:
    def fill(uow: UnitOfWork) -> None:
        for number, subject in enumerate(("application:1", "application:2", "application:1")):
            uow.audit.append(fact(store.tenant, number, subject))

    committed(store, fill)
    with store.unit_of_work() as uow:
        assert [e.seq for e in uow.audit.of_subject("application:1")] == [1, 3]
        newest = uow.audit.newest(AuditFilter(action="proposal."), before=3, limit=1)
        assert [e.seq for e in newest] == [2]
        assert not uow.audit.newest(AuditFilter(actor="somebody else"))


def test_everybody_in_the_log_is_named_once(store: Store) -> None:
    def fill(uow: UnitOfWork) -> None:
        for number, doer in enumerate(("rosa", "model:m", "rosa", "adam")):
            uow.audit.append(replace(fact(store.tenant, number), actor=doer))

    with store.unit_of_work() as uow:
        assert uow.audit.actors() == []
    committed(store, fill)
    with store.unit_of_work() as uow:
        assert uow.audit.actors() == ["adam", "model:m", "rosa"]


def test_facts_appended_at_once_by_many_leave_no_gap(store: Store) -> None:
    def work() -> None:
        for number in range(6):
            committed(store, lambda uow, n: uow.audit.append(fact(store.tenant, n)), number)

    at_once(work, 5)
    with store.unit_of_work() as uow:
        assert verify_chain(uow.audit.events()) == 30


# --- Jobs ----------------------------------------------------------------------------------------


def job(store: Store, key: str = "screen/7001", **more: Any) -> JobRequest:
    return JobRequest(
        kind=JobKind.SCREEN,
        tenant=TenantId(store.tenant),
        dedupe_key=key,
        payload={"application": "7001"},
        **more,
    )


def enqueue(store: Store, *requests: JobRequest) -> list[Any]:
    return [committed(store, lambda uow, r: uow.jobs.enqueue(r, NOON), r) for r in requests]


def take(store: Store, clock: HandClock, *kinds: str) -> Job | None:
    taken: Job | None = committed(store, lambda uow: uow.jobs.claim(clock.now(), 60, kinds))
    return taken


def test_a_waiting_job_is_not_added_twice_but_a_running_one_may_be(
    store: Store, clock: HandClock
) -> None:
    first, second = enqueue(store, job(store), job(store))
    assert first is not None
    assert second is None
    assert take(store, clock) is not None
    assert enqueue(store, job(store)) != [None]


def test_a_click_goes_before_a_backlog(store: Store, clock: HandClock) -> None:
    enqueue(store, job(store, "slow"), job(store, "click", priority=Priority.CLICK))
    with store.unit_of_work() as uow:
        assert uow.jobs.pending() == 2
    urgent = take(store, clock)
    assert urgent is not None
    committed(store, lambda uow: uow.jobs.complete(urgent, NOON))
    with store.unit_of_work() as uow:
        assert uow.jobs.pending("click") == 0
        assert uow.jobs.pending("slow") == 1


def test_only_the_kinds_asked_for_are_claimed(store: Store, clock: HandClock) -> None:
    enqueue(store, job(store))
    assert take(store, clock, JobKind.SYNC_APPLICATIONS.value) is None
    taken = take(store, clock, JobKind.SCREEN.value)
    assert taken is not None
    assert taken.payload == {"application": "7001"}


def test_a_job_of_a_dead_worker_is_taken_up_when_its_lease_ends(
    store: Store, clock: HandClock
) -> None:
    enqueue(store, job(store))
    lost = take(store, clock)
    assert take(store, clock) is None
    clock.forward(seconds=61)
    again = take(store, clock)
    assert lost is not None
    assert again is not None
    assert (again.id, again.attempts) == (lost.id, 2)
    committed(store, lambda uow: uow.jobs.complete(lost, NOON))
    assert not committed(store, lambda uow: uow.jobs.extend(lost, NOON))
    assert committed(store, lambda uow: uow.jobs.extend(again, clock.now()))


def test_a_retried_job_comes_back_when_due_and_a_buried_one_never(
    store: Store, clock: HandClock
) -> None:
    enqueue(store, job(store, group="g"))
    first = take(store, clock)
    assert first is not None
    due = NOON + timedelta(seconds=10)
    committed(store, lambda uow: uow.jobs.retry(first, due, "iCIMS is away"))
    assert take(store, clock) is None
    clock.forward(seconds=10)
    second = take(store, clock)
    assert second is not None
    committed(store, lambda uow: uow.jobs.bury(second, clock.now(), "no use"))
    clock.forward(days=1)
    assert take(store, clock) is None
    with store.unit_of_work() as uow:
        assert uow.jobs.progress("g").failed == 1


def test_a_groups_progress_is_counted_and_what_waits_can_be_cancelled(
    store: Store, clock: HandClock
) -> None:
    enqueue(store, *(job(store, f"screen/{n}", group="screen:101") for n in range(4)))
    with store.unit_of_work() as uow:
        assert uow.jobs.progress("screen:101").started_at is None
    done, running = take(store, clock), take(store, clock)
    assert done is not None
    assert running is not None
    committed(store, lambda uow: uow.jobs.complete(done, NOON))
    assert committed(store, lambda uow: uow.jobs.cancel("screen:101", NOON)) == 2
    with store.unit_of_work() as uow:
        progress = uow.jobs.progress("screen:101")
    assert (progress.total, progress.done, progress.cancelled) == (4, 1, 3)
    assert (progress.waiting, progress.started_at) == (0, NOON)


def test_an_idle_group_counts_afresh_when_used_again(store: Store, clock: HandClock) -> None:
    enqueue(store, job(store, group="screen:101"))
    done = take(store, clock)
    assert done is not None
    committed(store, lambda uow: uow.jobs.complete(done, NOON))
    enqueue(store, job(store, group="screen:101"))
    with store.unit_of_work() as uow:
        assert uow.jobs.progress("screen:101").total == 1


def test_workers_that_claim_at_once_get_different_jobs(store: Store, clock: HandClock) -> None:
    enqueue(store, *(job(store, f"screen/{n}") for n in range(20)))
    claimed: list[str] = []

    def work() -> None:
        while (taken := take(store, clock)) is not None:
            claimed.append(taken.id)

    at_once(work, 4)
    assert len(claimed) == len(set(claimed)) == 20


# --- Accounts and calls --------------------------------------------------------------------------


def account(store: Store, id: str = "u1", username: str = "rosa") -> Account:
    return Account(
        id=UserId(id),
        tenant=store.tenant,
        username=username,
        display_name="Rosa Diaz",
        email="rosa@example.com",
        password_hash="",
        roles=frozenset({Role.RECRUITER}),
    )


def test_an_account_is_found_by_its_username_in_any_case(store: Store) -> None:
    rosa = account(store)
    committed(store, lambda uow: uow.accounts.put(rosa))
    with store.unit_of_work() as uow:
        assert uow.accounts.by_username("ROSA") == uow.accounts.get(rosa.id) == rosa
        assert uow.accounts.all() == [rosa]
        with pytest.raises(InvalidInput):
            uow.accounts.put(account(store, "u2", "Rosa"))


def test_a_session_can_be_revoked_and_failures_are_counted(store: Store) -> None:
    session = recruiter(store.tenant).session
    assert session is not None
    committed(store, lambda uow: uow.accounts.put_session(session))
    revoked = replace(session, revoked_at=NOON)
    with store.unit_of_work() as uow:
        assert uow.accounts.session(session.id) == session
        uow.accounts.put_session(revoked)
        assert uow.accounts.session(session.id) == revoked
        for minutes in range(3):
            uow.accounts.record_failure("rosa", NOON + timedelta(minutes=minutes))
        assert uow.accounts.failures("rosa", NOON + timedelta(minutes=1)) == 2
        uow.accounts.clear_failures("rosa")
        assert uow.accounts.failures("rosa", NOON) == 0


def test_all_sessions_of_a_person_are_listed_oldest_first(store: Store) -> None:
    session = recruiter(store.tenant).session
    assert session is not None
    later = replace(session, id=SessionId("a later one"), started_at=NOON + timedelta(hours=1))
    others = replace(session, id=SessionId("sam's"), user_id=UserId("sam"))
    ended = replace(session, revoked_at=NOON)
    with store.unit_of_work() as uow:
        for one in (later, session, others):
            uow.accounts.put_session(one)
        assert uow.accounts.sessions(UserId("rosa")) == [session, later]
        uow.accounts.put_session(ended)
        assert uow.accounts.sessions(UserId("rosa")) == [ended, later]


def test_every_call_is_logged_with_its_trigger_and_fields(store: Store) -> None:
    call = AtsCall(
        tenant=store.tenant,
        at=NOON,
        method="GET",
        path="people/2101",
        fields=("firstname", "lastname"),
        trigger=Trigger("open application", "rosa", person_waiting=True),
        status=200,
        transaction="x-7",
        latency_ms=12.5,
    )
    store.call_log.record(call)
    with store.unit_of_work() as uow:
        assert uow.calls.recent(5) == [call]
        assert uow.calls.count_since(NOON + timedelta(seconds=1)) == 0


def test_counts_and_standings_are_told_without_opening_anything(store: Store) -> None:
    plan = approved(store, SetField("ai_match_score", None, 87), ENTRY)
    mine = application(store.tenant, "7001", "person of 7001")
    committed(store, lambda uow: uow.applications.put(mine, NOON))
    committed(store, lambda uow: uow.assessments.put(assessment(store.tenant)))
    with store.unit_of_work() as uow:
        counts = uow.overview.counts(NOON)[JOB]
        standing = uow.overview.standings(JOB)[ANNAS]
    assert (counts.applications, counts.assessed, counts.proposals_open) == (1, 1, 0)
    assert standing.proposal_id == plan.id
    assert standing.writes == (OutboxState.WAITING, OutboxState.WAITING)


def test_unwritten_is_that_of_which_every_write_still_waits_however_long(store: Store) -> None:
    both = (SetField("ai_match_score", None, 87), ENTRY)
    held = approved(store, *both, app="7001", due=NOON - timedelta(days=3))
    waits = approved(store, *both, app="7002", due=NOON + timedelta(seconds=1))

    def unwritten() -> Mapping[ProposalId, RequisitionId]:
        with store.unit_of_work() as uow:
            return uow.overview.unwritten()

    assert unwritten() == {held.id: JOB, waits.id: JOB}
    move(store, OutboxId(f"{held.id}/0"), OutboxState.WAITING, OutboxState.SENDING)
    assert unwritten() == {waits.id: JOB}


def stamps(store: Store) -> Mapping[ApplicationId, Stamp]:
    with store.unit_of_work() as uow:
        return uow.overview.stamps(JOB)


CHANGED: dict[str, Callable[[UnitOfWork, TenantId], object]] = {
    "fetched again": lambda uow, t: uow.applications.put(
        application(t, "7001", "27001"), NOON + timedelta(microseconds=1)
    ),
    "person fetched": lambda uow, t: uow.applications.put_candidate(candidate(t, "27001"), NOON),
    "resume": lambda uow, t: uow.applications.set_resume(ANNAS, DocumentHash("d0c")),
    "assessment": lambda uow, t: uow.assessments.put(assessment(t, document="new")),
    "override": lambda uow, t: uow.judgements.put_override(override(assessment(t))),
}


@pytest.mark.parametrize("change", list(CHANGED))
def test_a_stamp_changes_with_what_it_stamps_and_with_nothing_else(
    store: Store, change: str
) -> None:
    assessed(store, "7001", "7002")
    cache(store, "8001", job="102")
    before = stamps(store)
    assert before.keys() == {"7001", "7002"}
    assert stamps(store) == before
    committed(store, lambda uow: CHANGED[change](uow, store.tenant))
    after = stamps(store)
    assert after[ANNAS] != before[ANNAS]
    assert hash(after[ANNAS]) != hash(before[ANNAS])
    assert after[ApplicationId("7002")] == before[ApplicationId("7002")]


def test_who_was_assessed_is_unseen_until_somebody_looks(store: Store) -> None:
    assessed(store, "7001", "7002")
    cache(store, "7003")
    cache(store, "8001", job="102")

    def unseen() -> int:
        with store.unit_of_work() as uow:
            counts = uow.overview.counts(NOON)
        assert (counts[JOB].applications, counts[JOB].assessed) == (3, 2)
        assert counts[RequisitionId("102")].unseen == 0
        return counts[JOB].unseen

    assert unseen() == 2
    for one in (look("7003"), look("7001"), look("7001", by="sam")):
        committed(store, lambda uow, one: uow.judgements.put_look(one), one)
    assert unseen() == 1


def test_open_proposals_that_end_soon_are_expiring_and_ended_ones_no_longer(
    store: Store, clock: HandClock
) -> None:
    cache(store, "7001")
    plan = stored_proposal(store)
    stored_proposal(store)
    committed(store, lambda uow: uow.proposals.give_back(change_request(plan)))

    def expiring(before: datetime) -> int:
        with store.unit_of_work() as uow:
            counts = uow.overview.counts(before)[JOB]
        assert counts.proposals_open == 1
        return counts.expiring

    assert expiring(plan.expires_at) == 0
    assert expiring(plan.expires_at + timedelta(seconds=1)) == 1
    clock.forward(days=7)
    assert expiring(plan.expires_at + timedelta(days=2)) == 0
