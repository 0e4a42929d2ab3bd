"""What every ``Ats`` must do, asked of the in-memory twin and of the client over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import pytest

from core.domain.budget import Reserves
from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.proposal import AddAssessmentResult, AddTags, AppendText, SetField, SetStage
from core.domain.records import (
    Application,
    Candidate,
    FieldValue,
    FileRef,
    ListNode,
    Presence,
    Requisition,
)
from core.errors import AtsRejected, NotFound, WriteInDoubt
from core.icims import BasicCredentials, IcimsClient, parse_field_map
from core.ports import Ats, Trigger
from tests import small_world as world
from tests.approved_writes import approved_write
from tests.quota_bench import SilentLog, own_places
from tests.sandbox_server import RunningSandbox, start_sandbox
from tests.twins.ats import Fate, MemoryAts

POLL = Trigger("poll", "service:sync")
CLICK = Trigger("refresh", "rosa", person_waiting=True)
ANNAS = ApplicationId(str(world.ANNA_APPLICATION))
SMALL, BIG = RequisitionId(str(world.SMALL_JOB)), RequisitionId(str(world.BIG_JOB))
NEW, REVIEWED, INTERVIEW = (
    ListNode(world.NORTH.statuses[label], label) for label in ("New", "Reviewed", "Interview")
)
AI_SCORE = AddAssessmentResult(
    name="Recruiter copilot",
    on=date(2026, 3, 3),
    score=87.5,
    result="Meets 4 of 5 criteria",
    notes="Forklift licence shown. " * 20,
)
ALL_FIELDS = (
    SetField("ai_match_score", None, 87),
    AppendText("private_note", "Screened: two open questions."),
    AddTags("tags", (), ("High_Match",)),
)


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Bench(Protocol):
    """An ATS holding the small world's customer 4711, and what else happens to it."""

    ats: Ats

    def break_next_write(self, *, applied: bool) -> None: ...
    def somebody_sets(self, application: ApplicationId, **changes: Any) -> None: ...
    def times_applied(self) -> int: ...


@dataclass
class TwinBench:
    ats: MemoryAts

    def break_next_write(self, *, applied: bool) -> None:
        self.ats.fates.append(Fate.APPLIED_UNANSWERED if applied else Fate.LOST)

    def somebody_sets(self, application: ApplicationId, **changes: Any) -> None:
        before = self.ats.applications[application]
        stage = changes.pop("stage", before.stage)
        fields = {name: FieldValue(Presence.PRESENT, value) for name, value in changes.items()}
        self.ats.edit(application, stage=stage, fields={**before.fields, **fields})

    def times_applied(self) -> int:
        return len(self.ats.applied)


@dataclass
class ClientBench:
    ats: IcimsClient
    sandbox: RunningSandbox

    def break_next_write(self, *, applied: bool) -> None:
        fault = "reset_after" if applied else "reset_before"
        for method in ("PATCH", "POST"):
            self.sandbox.admin.fault(fault, "*/applicantworkflows/*", method, count=1)

    def somebody_sets(self, application: ApplicationId, **changes: Any) -> None:
        ids = {field.logical: field for field in world.NORTH.custom_fields}
        body: dict[str, Any] = {}
        for name, value in changes.items():
            if name == "stage":
                body["status"] = {"id": value.id}
            elif isinstance(value, tuple):
                body[ids[name].json_id] = [{"id": ids[name].nodes[label]} for label in value]
            else:
                body[ids[name].json_id] = value
        self.sandbox.admin.edit("4711", "applicantworkflows", int(application), body)

    def times_applied(self) -> int:
        ours = ("PATCH", "POST")
        entries = self.sandbox.admin.journal("changed", "added")
        return sum(e["method"] in ours and "/_admin" not in e["path"] for e in entries)


def a_twin() -> TwinBench:
    tenant, at = TenantId("4711"), world.START
    ats = MemoryAts(Clock())
    for job, title, folder in (
        (BIG, "Store associate", "D31001"),
        (SMALL, "Warehouse lead", "D31001"),
        (RequisitionId(str(world.CLOSED_JOB)), "Payroll clerk", "D31009"),
    ):
        ats.requisitions[job] = Requisition(
            id=job, tenant=tenant, title=title, folder=ListNode(folder, ""), updated_at=at
        )
    application = Application(
        id=ANNAS,
        tenant=tenant,
        requisition_id=SMALL,
        person_id=PersonId(str(world.ANNA)),
        stage=NEW,
        updated_at=at,
    )
    ats.applications[ANNAS] = application
    for number in range(world.BIG_JOB_APPLICATIONS):
        one = ApplicationId(str(5000 + number))
        updated = at + timedelta(minutes=number)
        ats.applications[one] = replace(application, id=one, requisition_id=BIG, updated_at=updated)
    resume = FileRef("anna.txt", f"people/{world.ANNA}/fields/resume/binary")
    ats.files[resume.path] = world.RESUME
    for person_number, first, last in (
        (world.ANNA, "Anna", "Berg"),
        (world.MERGED, "Merged", ""),
        (world.KEPT, "Kofi", "Mensah"),
    ):
        person = PersonId(str(person_number))
        ats.people[person] = Candidate(
            id=person,
            tenant=tenant,
            first_name=first,
            last_name=last,
            resume=resume if person_number == world.ANNA else None,
            merged_into=PersonId(str(world.KEPT)) if person_number == world.MERGED else None,
            updated_at=at,
        )
    return TwinBench(ats)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with start_sandbox(world.SmallWorld()) as running:
        yield running


@pytest.fixture(params=["twin", "client"])
def bench(
    request: pytest.FixtureRequest, sandbox: RunningSandbox
) -> Iterator[TwinBench | ClientBench]:
    if request.param == "twin":
        yield a_twin()
        return
    sandbox.admin.reset()
    client = IcimsClient(
        base_url=sandbox.url,
        customer_id="4711",
        credentials=BasicCredentials(username="api4711", password="password-4711"),
        field_map=parse_field_map(world.field_map("4711")),
        call_log=SilentLog(),
        clock=Clock(),
        reserves=Reserves(),
        places=own_places(),
    )
    yield ClientBench(client, sandbox)
    client.close()


@pytest.fixture
def ats(bench: Bench) -> Ats:
    return bench.ats


# --- Reads -----------------------------------------------------------------------------------


def test_a_healthy_connection_has_nothing_to_fix(ats: Ats) -> None:
    assert ats.check(POLL).sound


def test_without_a_since_only_open_requisitions_are_listed(ats: Ats) -> None:
    assert set(ats.requisition_ids(POLL, None)) == {BIG, SMALL}


def test_with_a_since_closed_requisitions_are_listed_too(ats: Ats) -> None:
    assert len(ats.requisition_ids(POLL, world.START)) == 3
    assert list(ats.requisition_ids(POLL, world.START + timedelta(days=1))) == []


def test_all_applications_of_a_requisition_are_listed_however_many(ats: Ats) -> None:
    ids = ats.application_ids(POLL, BIG, None)
    assert len(set(ids)) == len(ids) == world.BIG_JOB_APPLICATIONS


def test_since_includes_the_very_minute(ats: Ats) -> None:
    last = world.START + timedelta(minutes=world.BIG_JOB_APPLICATIONS - 1)
    assert list(ats.application_ids(POLL, BIG, last)) == ["6049"]
    assert list(ats.application_ids(POLL, BIG, last + timedelta(minutes=1))) == []


def test_changed_applications_of_all_jobs_are_listed(ats: Ats) -> None:
    last = world.START + timedelta(minutes=world.BIG_JOB_APPLICATIONS - 1)
    assert list(ats.changed_application_ids(POLL, last + timedelta(seconds=30))) == ["6049"]
    assert len(ats.changed_application_ids(POLL, world.START)) > world.BIG_JOB_APPLICATIONS
    assert list(ats.changed_application_ids(POLL, last + timedelta(minutes=1))) == []


def test_a_change_is_listed_at_once_although_the_same_was_asked_just_before(bench: Bench) -> None:
    since = world.START + timedelta(days=1)
    assert list(bench.ats.changed_application_ids(POLL, since)) == []
    assert list(bench.ats.application_ids(POLL, SMALL, since)) == []
    bench.somebody_sets(ANNAS, ai_match_score=3)
    assert list(bench.ats.changed_application_ids(POLL, since)) == [ANNAS]
    assert list(bench.ats.application_ids(POLL, SMALL, since)) == [ANNAS]


def test_an_application_is_found_by_its_person_and_job(ats: Ats) -> None:
    assert ats.application_of(POLL, PersonId(str(world.ANNA)), SMALL) == ANNAS
    with pytest.raises(NotFound):
        ats.application_of(POLL, PersonId(str(world.KEPT)), BIG)


def test_changed_people_are_listed(ats: Ats) -> None:
    assert PersonId(str(world.ANNA)) in ats.person_ids(POLL, world.START)
    assert list(ats.person_ids(POLL, world.START + timedelta(days=1))) == []


def test_an_application_names_its_requisition_person_and_stage(ats: Ats) -> None:
    application = ats.application(POLL, ANNAS)
    assert (application.requisition_id, application.person_id) == (SMALL, str(world.ANNA))
    assert application.stage == NEW
    assert application.updated_at == world.START


def test_a_person_and_their_resume_are_read(ats: Ats) -> None:
    anna = ats.candidate(POLL, PersonId(str(world.ANNA)))
    assert anna.name == "Anna Berg"
    assert anna.resume is not None
    assert ats.file(POLL, anna.resume) == world.RESUME


def test_a_merged_person_is_followed_to_the_one_that_was_kept(ats: Ats) -> None:
    kept = ats.candidate(POLL, PersonId(str(world.MERGED)))
    assert (kept.id, kept.name) == (str(world.KEPT), "Kofi Mensah")


@pytest.mark.parametrize(
    "read",
    [
        lambda ats: ats.requisition(POLL, RequisitionId("999999")),
        lambda ats: ats.application(POLL, ApplicationId("999999")),
        lambda ats: ats.candidate(POLL, PersonId("999999")),
        lambda ats: ats.file(POLL, FileRef("gone.pdf", "people/999999/fields/resume/binary")),
    ],
)
def test_a_missing_record_is_not_found(ats: Ats, read: Callable[[Ats], object]) -> None:
    with pytest.raises(NotFound):
        read(ats)


def test_every_record_has_a_link_into_the_ats(ats: Ats) -> None:
    application = ats.application(POLL, ANNAS)
    person = ats.candidate(POLL, application.person_id)
    assert ats.link_to(application) == ats.link_to(person)
    assert ats.link_to(ats.requisition(POLL, SMALL)).endswith(f"/linkTo/jobs/{SMALL}")


# --- Writes ----------------------------------------------------------------------------------


def test_fields_text_and_tags_arrive_together(bench: Bench) -> None:
    bench.somebody_sets(ANNAS, private_note="Called twice.", tags=("Needs_Review",))
    write = approved_write(ANNAS, *ALL_FIELDS)
    receipt = bench.ats.apply(CLICK, write)
    fields = bench.ats.application(CLICK, ANNAS).fields
    assert (receipt.status // 100, receipt.found) == (2, False)
    assert fields["ai_match_score"].value == 87
    assert fields["tags"].value == ("Needs_Review", "High_Match")
    note = "Called twice.\n\nScreened: two open questions."
    assert fields["private_note"].value == f"{note} [{write.marker}]"
    assert bench.times_applied() == 1


def test_a_removed_tag_goes_and_others_stay(bench: Bench) -> None:
    bench.somebody_sets(ANNAS, tags=("High_Match", "Needs_Review"))
    change = AddTags("tags", ("High_Match", "Needs_Review"), (), remove=("Needs_Review",))
    bench.ats.apply(CLICK, approved_write(ANNAS, change))
    assert bench.ats.application(CLICK, ANNAS).fields["tags"].value == ("High_Match",)


def test_none_clears_a_field(bench: Bench) -> None:
    bench.somebody_sets(ANNAS, ai_match_score=12)
    bench.ats.apply(CLICK, approved_write(ANNAS, SetField("ai_match_score", 12, None)))
    assert bench.ats.application(CLICK, ANNAS).fields["ai_match_score"].value is None


def test_an_assessment_result_becomes_an_entry_with_a_location(bench: Bench) -> None:
    write = approved_write(ANNAS, AI_SCORE)
    receipt = bench.ats.apply(CLICK, write)
    (entry,) = bench.ats.application(CLICK, ANNAS, live=True).assessment_results
    assert (entry.name, entry.on, entry.score) == (AI_SCORE.name, AI_SCORE.on, 87.5)
    assert len(entry.notes) <= 192
    assert entry.notes.endswith(f"[{write.marker}]")
    assert receipt.location == entry.path


def test_a_stage_change_moves_the_application(bench: Bench) -> None:
    bench.ats.apply(CLICK, approved_write(ANNAS, SetStage(NEW, REVIEWED)))
    assert bench.ats.application(CLICK, ANNAS).stage == REVIEWED


def test_a_write_to_a_missing_application_is_refused(bench: Bench) -> None:
    with pytest.raises(AtsRejected):
        bench.ats.apply(CLICK, approved_write("999999", *ALL_FIELDS))


# --- Writes in doubt -------------------------------------------------------------------------

EVERY_KIND = pytest.mark.parametrize(
    "changes",
    [ALL_FIELDS, (AI_SCORE,), (SetStage(NEW, REVIEWED),)],
    ids=["fields", "entry", "stage"],
)


@EVERY_KIND
def test_a_write_that_was_never_sent_is_not_found(bench: Bench, changes: Any) -> None:
    assert bench.ats.find(CLICK, approved_write(ANNAS, *changes)) is None


@EVERY_KIND
def test_a_write_that_was_applied_unanswered_is_found(bench: Bench, changes: Any) -> None:
    write = approved_write(ANNAS, *changes)
    bench.break_next_write(applied=True)
    with pytest.raises(WriteInDoubt):
        bench.ats.apply(CLICK, write)
    receipt = bench.ats.find(CLICK, write)
    assert receipt is not None
    assert receipt.found
    assert bench.times_applied() == 1


@EVERY_KIND
def test_a_write_that_was_lost_is_not_found_and_can_be_sent_again(
    bench: Bench, changes: Any
) -> None:
    write = approved_write(ANNAS, *changes)
    bench.break_next_write(applied=False)
    with pytest.raises(WriteInDoubt):
        bench.ats.apply(CLICK, write)
    assert bench.ats.find(CLICK, write) is None
    bench.ats.apply(CLICK, write)
    assert bench.ats.find(CLICK, write) is not None
    assert bench.times_applied() == 1


@EVERY_KIND
def test_the_same_change_approved_by_another_is_another_write(bench: Bench, changes: Any) -> None:
    ours, theirs = approved_write(ANNAS, *changes), approved_write(ANNAS, *changes)
    bench.ats.apply(CLICK, theirs)
    states_only = isinstance(changes[0], SetStage)
    assert (bench.ats.find(CLICK, ours) is not None) == states_only


def test_a_half_present_write_is_not_found(bench: Bench) -> None:
    bench.somebody_sets(ANNAS, ai_match_score=87, tags=("High_Match",))
    assert bench.ats.find(CLICK, approved_write(ANNAS, *ALL_FIELDS)) is None


def test_a_note_is_still_found_after_somebody_wrote_on(bench: Bench) -> None:
    write = approved_write(ANNAS, ALL_FIELDS[1])
    bench.ats.apply(CLICK, write)
    ours = bench.ats.application(CLICK, ANNAS).fields["private_note"].value
    bench.somebody_sets(ANNAS, private_note=f"{ours}\nAgreed. R.")
    assert bench.ats.find(CLICK, write) is not None


def test_a_stage_that_a_person_has_moved_on_from_counts_as_written(bench: Bench) -> None:
    write = approved_write(ANNAS, SetStage(NEW, REVIEWED))
    bench.ats.apply(CLICK, write)
    bench.somebody_sets(ANNAS, stage=INTERVIEW)
    assert bench.ats.find(CLICK, write) is not None


def test_a_stage_that_somebody_else_set_to_something_different_is_not_ours(bench: Bench) -> None:
    write = approved_write(ANNAS, SetStage(NEW, REVIEWED))
    bench.somebody_sets(ANNAS, stage=INTERVIEW)
    assert bench.ats.find(CLICK, write) is None
