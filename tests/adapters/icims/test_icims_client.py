"""The client against the sandbox, over real HTTP, with everything that can go wrong."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Lock
from typing import Any

import httpx
import pytest

from core.domain.budget import QuotaReading, Reserves
from core.domain.ids import ApplicationId, PersonId, RequisitionId
from core.domain.proposal import AddAssessmentResult, AddTags, AppendText, SetField, SetStage
from core.domain.records import FileRef, ListNode, Presence
from core.domain.views import FieldState
from core.errors import (
    AtsDenied,
    AtsRejected,
    AtsUnavailable,
    DocumentRefused,
    NotFound,
    QuotaExhausted,
    WorkStopped,
    WriteInDoubt,
)
from core.icims import (
    BasicCredentials,
    Credentials,
    HmacCredentials,
    IcimsClient,
    OAuthCredentials,
    parse_field_map,
)
from core.ports import AtsCall, Trigger
from tests import small_world as world
from tests.adapters.icims.conftest import CLICK, POLL, Connect, KeptLog
from tests.approved_writes import approved_write
from tests.sandbox_server import RunningSandbox

ANNAS = ApplicationId(str(world.ANNA_APPLICATION))
INCOMPLETE = ApplicationId(str(world.INCOMPLETE_APPLICATION))
BIG = RequisitionId(str(world.BIG_JOB))
ANNA = PersonId(str(world.ANNA))
RESUME = FileRef("anna.txt", f"people/{world.ANNA}/fields/resume/binary")
SCORE = SetField("ai_match_score", None, 87)
RESULT = AddAssessmentResult("Recruiter copilot", date(2026, 3, 2), 87.0, "Good", "Because.")
MOVE = SetStage(ListNode(world.NORTH.statuses["New"], "New"), ListNode("C50901", "Reviewed"))
HMAC = HmacCredentials(username="signer4711", key="key-4711")
PEOPLE = "/customers/4711/people/*"
APPLICATIONS = "/customers/4711/applicantworkflows/*"


class HandClock:
    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


def statuses(log: KeptLog, fragment: str) -> list[int]:
    return [call.status for call in log.calls if fragment in call.path]


# --- Sign-in ---


@pytest.mark.parametrize("way", ["oauth", "basic", "hmac"])
def test_every_way_to_sign_in_reads_searches_and_writes(
    connect: Connect, oauth: OAuthCredentials, way: str
) -> None:
    basic = BasicCredentials(username="api4711", password="password-4711")
    ways: dict[str, Credentials] = {"oauth": oauth, "basic": basic, "hmac": HMAC}
    client = connect(credentials=ways[way])
    assert client.candidate(POLL, ANNA).first_name == "Anna"
    assert len(client.requisition_ids(CLICK, None)) == 2
    assert client.apply(CLICK, approved_write(ANNAS, RESULT)).status == 201


def test_one_token_serves_many_threads_and_calls(
    connect: Connect, oauth: OAuthCredentials, log: KeptLog
) -> None:
    client = connect(credentials=oauth)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.candidate(POLL, ANNA), range(24)))
    assert statuses(log, "/oauth/token") == [200]


def test_an_expired_token_is_replaced_without_anybody_noticing(
    connect: Connect, oauth: OAuthCredentials, sandbox: RunningSandbox, log: KeptLog
) -> None:
    client = connect(credentials=oauth)
    client.candidate(POLL, ANNA)
    sandbox.admin.expire_tokens()
    client.apply(CLICK, approved_write(ANNAS, SCORE))
    assert statuses(log, "/oauth/token") == [200, 200]
    assert 401 in statuses(log, "/schema") + statuses(log, str(ANNAS))
    assert len(sandbox.admin.journal("changed")) == 1


def test_tokens_that_expire_at_once_do_not_loop(
    connect: Connect, oauth: OAuthCredentials, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("expire_tokens", PEOPLE)
    with pytest.raises(AtsDenied):
        connect(credentials=oauth).candidate(POLL, ANNA)
    assert statuses(log, "/oauth/token") == [200, 200]


def test_a_token_is_renewed_when_its_time_is_over(
    connect: Connect, oauth: OAuthCredentials, log: KeptLog
) -> None:
    clock = HandClock()
    client = connect(credentials=oauth, clock=clock)
    client.candidate(POLL, ANNA)
    clock.at += timedelta(minutes=5)
    client.candidate(POLL, ANNA)
    assert statuses(log, "/oauth/token") == [200, 200]
    assert 401 not in statuses(log, "/people/")


def test_a_token_service_that_does_not_answer_puts_no_write_in_doubt(
    connect: Connect, oauth: OAuthCredentials, sandbox: RunningSandbox
) -> None:
    sandbox.admin.fault("reset_after", "/oauth/token")
    with pytest.raises(AtsUnavailable) as failure:
        connect(credentials=oauth).apply(CLICK, approved_write(ANNAS, MOVE))
    assert type(failure.value) is AtsUnavailable
    assert sandbox.admin.journal() == []


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (BasicCredentials(username="api4711", password="wrong"), "password"),
        (HmacCredentials(username="signer4711", key="wrong"), "signature"),
        (BasicCredentials(username="api4712", password="password-4712"), "refused"),
    ],
)
def test_wrong_credentials_are_denied_in_words(
    connect: Connect, wrong: Credentials, word: str
) -> None:
    client = connect(credentials=wrong)
    with pytest.raises(AtsDenied, match=word):
        client.candidate(POLL, ANNA)
    (sentence,) = client.check(POLL).problems
    assert word in sentence


def test_a_wrong_client_secret_is_denied(connect: Connect, sandbox: RunningSandbox) -> None:
    wrong = OAuthCredentials(
        token_url=sandbox.token_url, client_id="client-4711", client_secret="wrong"
    )
    with pytest.raises(AtsDenied, match="secret"):
        connect(credentials=wrong).candidate(POLL, ANNA)


# --- Searching ---


def test_a_thousand_and_fifty_applications_take_two_searches(
    client: IcimsClient, log: KeptLog
) -> None:
    ids = client.application_ids(POLL, BIG, None)
    assert ids == [str(5000 + number) for number in range(world.BIG_JOB_APPLICATIONS)]
    assert len(statuses(log, "/search/applicantworkflows")) == 2


def test_own_writes_are_seen_at_once_although_icims_caches(client: IcimsClient) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    small = RequisitionId(str(world.SMALL_JOB))
    assert client.application_ids(POLL, small, since) == []
    client.apply(CLICK, approved_write(ANNAS, SCORE))
    assert client.application_ids(POLL, small, since) == [ANNAS]


def test_somebody_elses_change_is_seen_at_once_although_icims_caches(
    client: IcimsClient, sandbox: RunningSandbox
) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    small = RequisitionId(str(world.SMALL_JOB))
    assert client.application_ids(POLL, small, since) == []
    sandbox.admin.edit("4711", "applicantworkflows", int(ANNAS), {"sourcename": "Fair"})
    assert client.application_ids(POLL, small, since) == [ANNAS]


# --- Reading ---


def test_a_job_is_open_when_its_folder_is_one_the_tenant_hires_from(client: IcimsClient) -> None:
    jobs = [
        client.requisition(POLL, RequisitionId(str(id)))
        for id in (world.SMALL_JOB, world.CLOSED_JOB)
    ]
    assert [job.is_open for job in jobs] == [True, False]


def test_a_field_hidden_from_us_is_denied_not_empty(
    connect: Connect, sandbox: RunningSandbox
) -> None:
    content = world.field_map("4711")
    content["fields"]["secret_rating"] = {
        "record": "applicantworkflows",
        "json_id": "field99999",
        "kind": "number",
    }
    client = connect(field_map=parse_field_map(content))
    fields = client.application(POLL, ANNAS).fields
    assert fields["secret_rating"].presence is Presence.DENIED
    assert fields["ai_match_score"].presence is Presence.ABSENT


def test_telling_hidden_from_empty_costs_one_call_for_many_applications(
    client: IcimsClient, log: KeptLog
) -> None:
    for number in range(5):
        client.application(POLL, ApplicationId(str(5000 + number)))
    assert len(statuses(log, "/schema")) == 1
    assert len(log.calls) == 6


def test_a_record_denied_to_us_is_not_found(client: IcimsClient) -> None:
    with pytest.raises(NotFound, match=str(world.HIDDEN)):
        client.candidate(POLL, PersonId(str(world.HIDDEN)))


def test_merges_in_a_circle_end(client: IcimsClient, sandbox: RunningSandbox) -> None:
    sandbox.admin.edit("4711", "people", world.KEPT, {"firstname": f"Merged with {world.MERGED}"})
    with pytest.raises(NotFound, match="circle"):
        client.candidate(POLL, PersonId(str(world.MERGED)))


def test_chains_of_merges_are_followed(client: IcimsClient, sandbox: RunningSandbox) -> None:
    sandbox.admin.edit("4711", "people", world.KEPT, {"firstname": f"Merged with {ANNA}"})
    assert client.candidate(POLL, PersonId(str(world.MERGED))).id == ANNA


def test_a_pull_of_an_application_takes_three_calls(client: IcimsClient, log: KeptLog) -> None:
    client.application(POLL, ANNAS)
    log.calls.clear()
    application = client.application(POLL, ANNAS)
    person = client.candidate(POLL, application.person_id)
    assert person.resume is not None
    client.file(POLL, person.resume)
    assert len(log.calls) == 3


def test_a_file_above_the_limit_is_refused(connect: Connect) -> None:
    with pytest.raises(DocumentRefused, match="larger than 10 bytes"):
        connect(max_file_bytes=10).file(POLL, RESUME)


def test_links_lead_into_icims(client: IcimsClient, sandbox: RunningSandbox) -> None:
    link = client.link_to(client.application(POLL, ANNAS))
    assert link == f"{sandbox.url}/customers/4711/linkTo/people/{ANNA}"
    assert httpx.get(link, trust_env=False).status_code == 200


def test_two_customers_number_their_fields_differently_and_look_the_same(
    connect: Connect, client: IcimsClient
) -> None:
    south = connect(
        customer_id="4712",
        credentials=BasicCredentials(username="api4712", password="password-4712"),
        field_map=parse_field_map(world.field_map("4712")),
    )
    for each, tenant in ((client, "4711"), (south, "4712")):
        tags = AddTags("tags", (), ("High_Match",))
        each.apply(CLICK, approved_write(ANNAS, SCORE, tags, tenant=tenant))
        fields = each.application(POLL, ANNAS).fields
        assert (fields["ai_match_score"].value, fields["tags"].value) == (87, ("High_Match",))


# --- Faults ---


@pytest.mark.parametrize(
    "fault", ["error", "unavailable", "reset_before", "reset_after", "truncated"]
)
def test_a_read_is_tried_again(client: IcimsClient, sandbox: RunningSandbox, fault: str) -> None:
    sandbox.admin.fault(fault, PEOPLE, count=2)
    assert client.candidate(POLL, ANNA).first_name == "Anna"


@pytest.mark.parametrize("fault", ["error", "unavailable", "reset_before", "truncated"])
def test_a_read_that_keeps_failing_is_unavailable_after_three_attempts(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog, fault: str
) -> None:
    sandbox.admin.fault(fault, PEOPLE)
    with pytest.raises(AtsUnavailable):
        client.candidate(POLL, ANNA)
    assert len(statuses(log, "/people/")) == 3


def test_a_search_is_tried_again(client: IcimsClient, sandbox: RunningSandbox) -> None:
    sandbox.admin.fault("truncated", "/customers/4711/search/*", count=1)
    assert len(client.requisition_ids(POLL, None)) == 2


def test_a_slow_answer_is_no_answer(
    connect: Connect, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("slow", PEOPLE, count=1, seconds=2.0)
    client = connect(timeout=1.0)
    assert client.candidate(POLL, ANNA).first_name == "Anna"
    assert statuses(log, "/people/") == [0, 200]


def test_a_busy_icims_is_left_alone_when_it_asks_for_long(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("unavailable", PEOPLE, count=1, retry_after=600)
    with pytest.raises(AtsUnavailable):
        client.candidate(POLL, ANNA)
    assert statuses(log, "/people/") == [503]


def test_nobody_listening_is_unavailable_also_for_a_write(connect: Connect) -> None:
    client = connect(base_url="http://127.0.0.1:9")
    with pytest.raises(AtsUnavailable):
        client.candidate(POLL, ANNA)
    with pytest.raises(AtsUnavailable) as failure:
        client.apply(CLICK, approved_write(ANNAS, MOVE))
    assert not isinstance(failure.value, WriteInDoubt)


@pytest.mark.parametrize(
    ("fault", "applied"),
    [("reset_after", 1), ("reset_before", 0), ("error", 0), ("unavailable", 0), ("slow", 1)],
)
@pytest.mark.parametrize("change", [SCORE, RESULT, MOVE], ids=["field", "entry", "stage"])
def test_a_write_without_a_clear_answer_is_sent_once_and_settled_by_reading_back(
    connect: Connect, sandbox: RunningSandbox, fault: str, applied: int, change: Any
) -> None:
    for method in ("PATCH", "POST"):
        sandbox.admin.fault(fault, APPLICATIONS, method, count=1, seconds=2.0)
    client = connect(timeout=1.0)
    write = approved_write(ANNAS, change)
    with pytest.raises(WriteInDoubt):
        client.apply(CLICK, write)
    found = client.find(CLICK, write)
    assert (found is not None) == bool(applied)
    assert len(sandbox.admin.journal("changed", "added")) == applied


def test_a_found_entry_says_where_it_is(client: IcimsClient) -> None:
    write = approved_write(ANNAS, RESULT)
    sent = client.apply(CLICK, write)
    found = client.find(CLICK, write)
    assert found is not None
    assert (
        found.location == sent.location == f"applicantworkflows/{ANNAS}/fields/assessmentresults/1"
    )
    assert sent.transaction


def test_an_accepted_write_is_done_even_if_its_answer_breaks_off(
    connect: Connect, sandbox: RunningSandbox
) -> None:
    class Broken(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            yield b"{"
            raise httpx.ReadError("reset")

    transport = httpx.MockTransport(
        lambda request: (
            httpx.Response(200, stream=Broken())
            if request.method == "PATCH"
            else httpx.Response(200, json={"properties": {}})
        )
    )
    assert connect(transport=transport).apply(CLICK, approved_write(ANNAS, MOVE)).status == 200


def test_appending_twice_after_a_doubt_leaves_one_paragraph(
    client: IcimsClient, sandbox: RunningSandbox
) -> None:
    write = approved_write(ANNAS, AppendText("private_note", "Two questions."))
    sandbox.admin.fault("reset_after", APPLICATIONS, "PATCH", count=1)
    with pytest.raises(WriteInDoubt):
        client.apply(CLICK, write)
    client.apply(CLICK, write)
    note = client.application(CLICK, ANNAS).fields["private_note"].value
    assert note == f"Two questions. [{write.marker}]"


def test_a_required_field_elsewhere_refuses_the_write_in_the_users_words(
    connect: Connect,
) -> None:
    content = world.field_map("4711")
    content["fields"]["cost_centre"] = {
        "record": "applicantworkflows",
        "json_id": "field19900",
        "kind": "text",
    }
    client = connect(field_map=parse_field_map(content))
    for change in (SCORE, RESULT, MOVE):
        with pytest.raises(AtsRejected, match="cost centre") as refusal:
            client.apply(CLICK, approved_write(INCOMPLETE, change))
        assert refusal.value.fields == ("cost centre",)


def test_a_write_for_another_tenant_is_refused(connect: Connect, sandbox: RunningSandbox) -> None:
    with pytest.raises(AtsRejected, match="4712"):
        connect().apply(CLICK, approved_write(ANNAS, MOVE, tenant="4712"))
    assert sandbox.admin.journal() == []


def test_what_a_write_must_read_first_is_tried_once(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("error", APPLICATIONS, "GET")
    with pytest.raises(AtsUnavailable):
        client.apply(CLICK, approved_write(ANNAS, AppendText("private_note", "x")))
    assert statuses(log, str(ANNAS)) == [500]


def test_a_field_we_cannot_see_is_never_overwritten(
    connect: Connect, sandbox: RunningSandbox
) -> None:
    content = world.field_map("4711")
    content["fields"]["private_note"]["json_id"] = "field99999"
    client = connect(field_map=parse_field_map(content))
    with pytest.raises(AtsRejected) as refusal:
        client.apply(CLICK, approved_write(ANNAS, AppendText("private_note", "x")))
    assert refusal.value.fields == ("private_note",)
    assert sandbox.admin.journal() == []


# --- Quota ---


def test_background_work_stops_at_the_reserve_before_sending(
    connect: Connect, sandbox: RunningSandbox, log: KeptLog
) -> None:
    # What is kept shrinks with the day; enough of it is left until shortly before midnight.
    client = connect(reserves=Reserves(people=1_000_000_000))
    sandbox.admin.leave_quota("4711", 20)
    client.candidate(CLICK, ANNA)
    assert client.quota().reading.remaining == 19
    with pytest.raises(QuotaExhausted) as refusal:
        client.candidate(POLL, ANNA)
    assert 0 < refusal.value.resets_in <= 86_410
    assert client.candidate(CLICK, ANNA).first_name == "Anna"
    assert statuses(log, "/people/") == [200] * 2


def test_the_last_requests_of_a_day_are_left_to_what_may_be_under_way(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.leave_quota("4711", 5)
    client.candidate(CLICK, ANNA)
    client.candidate(CLICK, ANNA)
    with pytest.raises(QuotaExhausted):
        client.candidate(CLICK, ANNA)
    assert statuses(log, "/people/") == [200] * 2


def test_an_exhausted_day_is_an_error_for_people_too(
    client: IcimsClient, sandbox: RunningSandbox
) -> None:
    sandbox.admin.leave_quota("4711", 0)
    with pytest.raises(QuotaExhausted) as refusal:
        client.candidate(CLICK, ANNA)
    assert 0 < refusal.value.resets_in <= 86_400


class HastyClock:
    """A clock on which a second passes at every look."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def test_a_short_pause_that_icims_asks_for_is_waited_out(
    connect: Connect, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("throttled", PEOPLE, count=1, retry_after=1)
    assert connect(clock=HastyClock()).candidate(POLL, ANNA).first_name == "Anna"
    assert statuses(log, "/people/") == [429, 200]


@pytest.mark.parametrize(("after", "wait"), [({"retry_after": 600}, 600), ({}, 60)])
def test_a_long_pause_is_left_to_the_caller_and_nothing_is_sent_meanwhile(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog, after: dict[str, Any], wait: int
) -> None:
    sandbox.admin.fault("throttled", PEOPLE, count=1, **after)
    for _ in range(2):
        with pytest.raises(QuotaExhausted) as refusal:
            client.candidate(CLICK, ANNA)
        assert wait - 30 < refusal.value.resets_in <= wait
    assert statuses(log, "/people/") == [429]


def test_a_throttled_write_was_surely_not_applied(
    client: IcimsClient, sandbox: RunningSandbox
) -> None:
    sandbox.admin.fault("throttled", APPLICATIONS, "PATCH", count=1, retry_after=0)
    with pytest.raises(QuotaExhausted):
        client.apply(CLICK, approved_write(ANNAS, MOVE))
    assert sandbox.admin.journal() == []


def test_four_requests_may_be_in_flight_and_never_more(connect: Connect) -> None:
    most, now, lock, four_together = 0, 0, Lock(), Barrier(4)

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        four_together.wait(20)
        with lock:
            now -= 1
        return httpx.Response(200, json={"firstname": "Anna"})

    client = connect(transport=httpx.MockTransport(answer))
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _: client.candidate(CLICK, ANNA), range(24)))
    assert most == 4


# --- Call log ---


def test_every_call_is_logged_with_its_reason_and_field_names_but_no_values(
    client: IcimsClient, log: KeptLog
) -> None:
    client.apply(CLICK, approved_write(ANNAS, SetField("ai_reasoning", None, "Secret words")))
    patch = log.calls[-1]
    assert (patch.method, patch.status, patch.trigger) == ("PATCH", 204, CLICK)
    assert patch.path == f"/customers/4711/applicantworkflows/{ANNAS}"
    assert patch.fields == ("field19007",)
    assert patch.transaction
    assert patch.latency_ms > 0
    assert "Secret words" not in repr(log.calls)


def test_a_call_without_an_answer_is_logged_with_status_zero(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("reset_after", APPLICATIONS, "PATCH", count=1)
    with pytest.raises(WriteInDoubt):
        client.apply(CLICK, approved_write(ANNAS, MOVE))
    assert (log.calls[-1].status, log.calls[-1].transaction) == (0, "")


def test_a_call_log_that_fails_fails_no_call(connect: Connect) -> None:
    class FullDisk:
        def record(self, call: AtsCall) -> None:
            raise OSError("no space left")

        def quota(self) -> QuotaReading | None:
            raise OSError("no space left")

    client = connect(call_log=FullDisk())
    assert client.apply(CLICK, approved_write(ANNAS, SCORE)).status == 204


# --- The check ---


def test_a_good_connection_passes_in_four_calls(client: IcimsClient, log: KeptLog) -> None:
    checked = client.check(Trigger("start-up", "service:check"))
    assert checked.sound
    assert {field.state for field in checked.fields} == {FieldState.READY}
    assert len(log.calls) == 4


def test_a_check_is_not_tried_again_while_somebody_waits(
    client: IcimsClient, sandbox: RunningSandbox, log: KeptLog
) -> None:
    sandbox.admin.fault("error", "/customers/4711*")
    with pytest.raises(AtsUnavailable):
        client.check(CLICK)
    assert len(log.calls) == 1


def test_a_field_that_is_not_there_comes_with_what_to_ask_for(connect: Connect) -> None:
    content = world.field_map("4711")
    content["fields"]["ai_match_score"]["json_id"] = "field99999"
    checked = connect(field_map=parse_field_map(content)).check(POLL)
    (field,) = (field for field in checked.fields if field.to_ask)
    assert (field.name, field.state) == ("AI match score", FieldState.MISSING)
    assert "applicant workflow field field99999, admin number 301" in field.to_ask


def test_a_hidden_field_is_reported(connect: Connect) -> None:
    content = world.field_map("4711")
    content["fields"]["salary_expectation"] = {
        "record": "people",
        "json_id": "field20001",
        "kind": "number",
    }
    checked = connect(field_map=parse_field_map(content)).check(POLL)
    (field,) = (field for field in checked.fields if field.to_ask)
    assert (field.name, field.state) == ("salary_expectation", FieldState.MISSING)
    assert "access to the person field field20001" in field.to_ask


def test_work_that_is_to_stop_asks_icims_nothing_more(
    connect: Connect,
) -> None:
    log = KeptLog()
    client = connect(call_log=log)
    with pytest.raises(WorkStopped):
        client.requisition_ids(replace(POLL, stopping=lambda: True), None)
    assert not log.calls
