"""What the generated records must be for the sandbox to serve them as iCIMS would."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from core.icims.field_map import load_field_map
from core.sandbox.icims.seed import Record
from core.sandbox.icims.world import DemoWorld
from core.sandbox.icims.world.library import DEMO, demo_json

Records = Mapping[str, Mapping[str, list[Record]]]
CUSTOMERS = ("4711", "8820")


def open_jobs(records: Records) -> list[tuple[str, Record]]:
    return [
        (customer, job)
        for customer, by_type in records.items()
        for job in by_type["jobs"]
        if job.body["folder"]["value"] == "Approved"
    ]


def applications_by_job(records: Records) -> Counter[tuple[str, int]]:
    return Counter(
        (customer, application.body["baseprofile"]["id"])
        for customer, by_type in records.items()
        for application in by_type["applicantworkflows"]
    )


def test_eight_or_more_open_requisitions_lie_in_five_jurisdictions(records: Records) -> None:
    places = {job.body["joblocation"]["value"] for _, job in open_jobs(records)}
    wanted = {"US-NY-", "US-CA-", "US-TX-", "UK-ENG-", "DE-BE-"}
    assert len(open_jobs(records)) >= 8
    assert {start for start in wanted if any(p.startswith(start) for p in places)} == wanted
    assert sum(customer == "8820" for customer, _ in open_jobs(records)) >= 3


def test_one_open_requisition_is_very_large_and_the_first_has_about_200(records: Records) -> None:
    counts = applications_by_job(records)
    sizes = [counts[customer, job.id] for customer, job in open_jobs(records)]
    assert max(sizes) >= 1_200
    assert 180 <= counts["4711", open_jobs(records)[0][1].id] <= 240
    assert min(sizes) >= 40


def test_about_three_thousand_people_most_of_them_in_the_first_tenant(records: Records) -> None:
    people = {customer: len(by_type["people"]) for customer, by_type in records.items()}
    assert 2_900 <= sum(people.values()) <= 3_100
    assert people["4711"] > 4 * people["8820"]


def test_eighteen_months_of_filled_requisitions_end_in_hires(records: Records) -> None:
    filled = [j for by in records.values() for j in by["jobs"] if "enddate" in j.body]
    started = sorted(job.body["startdate"] for job in filled)
    assert len(filled) >= 20
    assert started[0] < "2025-06" < "2026-07" < started[-1]
    hired = {
        application.body["baseprofile"]["id"]
        for by_type in records.values()
        for application in by_type["applicantworkflows"]
        if application.body["status"]["value"] == "Hired"
    }
    assert {job.id for job in filled} <= hired


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_ids_ascend_within_each_type(records: Records, customer: str) -> None:
    for of_type in records[customer].values():
        ids = [record.id for record in of_type]
        assert ids == sorted(set(ids))


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_job_links_staff_who_exist(records: Records, customer: str) -> None:
    staff = {int(s["icims_person_id"]): s for s in demo_json("staff.json")}
    people = {person.id for person in records[customer]["people"]}
    roles = {
        "recruiter": "recruiter",
        "secondaryrecruiter": "recruiter",
        "hiringmanager": "hiring_manager",
    }
    for job in records[customer]["jobs"]:
        for link, role in roles.items():
            member = staff[job.body[link]["id"]]
            assert member["icims_person_id"] in {str(p) for p in people}
            assert role in member["roles"]
            assert member["customer_id"] == customer
        assert job.body["recruiter"] != job.body["secondaryrecruiter"]


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_each_tenant_has_the_staff_a_demo_needs(records: Records, customer: str) -> None:
    staff = [s for s in demo_json("staff.json") if s["customer_id"] == customer]
    roles = Counter(role for member in staff for role in member["roles"])
    assert roles["recruiter"] >= 2
    assert roles["hiring_manager"] >= 2
    assert roles["compliance"] >= 1
    assert roles["admin"] >= 1
    managers = {
        job.body["hiringmanager"]["id"] for owner, job in open_jobs(records) if owner == customer
    }
    assert len(managers) >= 2


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_the_client_field_map_names_what_the_tenant_has(world: DemoWorld, customer: str) -> None:
    spec = next(t for t in world.tenants if t.customer_id == customer)
    mapped = load_field_map(DEMO / f"field_map_{customer}.json")
    own = {field.logical: field for field in spec.custom_fields}
    for name, field in mapped.fields.items():
        assert (field.json_id, field.search_number) == (own[name].json_id, own[name].search_number)
        assert dict(field.nodes) == dict(own[name].nodes)
    assert dict(mapped.statuses) == dict(spec.statuses)
    assert set(mapped.open_folders) == set(spec.open_folders)


def test_tenants_share_no_field_or_status_number(world: DemoWorld) -> None:
    first, second = world.tenants
    assert not {f.json_id for f in first.custom_fields} & {f.json_id for f in second.custom_fields}
    assert not set(first.statuses.values()) & set(second.statuses.values())


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_applications_link_to_records_that_exist(records: Records, customer: str) -> None:
    jobs = {job.id for job in records[customer]["jobs"]}
    people = {person.id for person in records[customer]["people"]}
    for application in records[customer]["applicantworkflows"]:
        assert application.body["baseprofile"]["id"] in jobs
        assert application.body["associatedprofile"]["id"] in people


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_status_logs_run_forward_to_the_present_status(
    world: DemoWorld, records: Records, customer: str
) -> None:
    statuses = dict(next(t for t in world.tenants if t.customer_id == customer).statuses)
    for application in records[customer]["applicantworkflows"]:
        moments = [_moment(entry["updatedDate"]) for entry in application.status_log]
        assert moments == sorted(moments)
        assert application.created <= moments[-1] <= application.updated.replace(second=59)
        assert application.status_log[-1]["status"] == application.body["status"]
        status = application.body["status"]
        assert statuses[status["value"]] == status["id"]


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %I:%M %p").replace(tzinfo=UTC)


def test_nothing_happened_after_the_day_of_the_world(world: DemoWorld, records: Records) -> None:
    now = world.population("4711").now
    for by_type in records.values():
        for of_type in by_type.values():
            assert all(record.created <= record.updated <= now for record in of_type)


def test_open_applications_came_in_over_weeks_and_some_changed_later(records: Records) -> None:
    jobs = {(customer, job.id) for customer, job in open_jobs(records)}
    found = [
        application
        for customer, by_type in records.items()
        for application in by_type["applicantworkflows"]
        if (customer, application.body["baseprofile"]["id"]) in jobs
    ]
    assert len({application.created.date() for application in found}) > 30
    assert 0.2 < sum(a.updated > a.created for a in found) / len(found) < 0.9
    assert len({application.body["status"]["value"] for application in found}) >= 7


def test_merged_people_name_a_record_that_was_kept(records: Records) -> None:
    people = {person.id: person.body for person in records["4711"]["people"]}
    merged = [body for body in people.values() if body["firstname"].startswith("Merged with ")]
    assert merged
    for body in merged:
        kept = people[int(body["firstname"].removeprefix("Merged with "))]
        assert not kept["firstname"].startswith("Merged with ")


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_few_applications_lack_a_required_field(
    world: DemoWorld, records: Records, customer: str
) -> None:
    spec = next(t for t in world.tenants if t.customer_id == customer)
    required = [f.json_id for f in spec.custom_fields if f.required]
    applications = records[customer]["applicantworkflows"]
    incomplete = [a for a in applications if not all(a.body.get(name) for name in required)]
    assert 0 < len(incomplete) < 0.05 * len(applications)


def test_hidden_records_and_fields_are_there_to_be_hidden(
    world: DemoWorld, records: Records
) -> None:
    spec = world.tenants[0]
    people = {person.id: person.body for person in records["4711"]["people"]}
    assert {id for _, id in spec.hidden_records} <= people.keys()
    hidden = spec.hidden_fields["people"]
    assert any(hidden & body.keys() for body in people.values())


def test_people_have_the_wire_shape(records: Records) -> None:
    shapes: dict[str, Any] = {
        "phones": {"entry", "phonetype", "phonenumber"},
        "workexperience": {"entry", "workemployer", "worktitle", "workstartdate", "workcity"},
        "education": {"entry", "school", "major", "degree", "graduationdate"},
        "skillset": {"entry", "skill", "skilllevel"},
    }
    for person in records["4711"]["people"]:
        for name, keys in shapes.items():
            entries = person.body.get(name, [])
            assert [entry["entry"] for entry in entries] == list(range(1, len(entries) + 1))
            assert all(keys <= entry.keys() for entry in entries)
        for job in person.body.get("workexperience", []):
            assert re.fullmatch(r"\d{4}-\d{2}-01", job["workstartdate"])
            assert job["workstartdate"] < job.get("workenddate", "9999")


def test_some_profiles_leave_out_what_the_resume_says(records: Records) -> None:
    candidates = [p.body for p in records["4711"]["people"] if "resume" in p.body]
    lacking = [body for body in candidates if "phones" not in body or "skillset" not in body]
    assert 0.02 < len(lacking) / len(candidates) < 0.4


def test_phone_numbers_and_addresses_are_reserved_for_fiction(records: Records) -> None:
    fiction = re.compile(r"555[- ]01\d\d$|7946 0\d{3}$|^07700 900\d{3}$|(231250|39200|040690)\d\d$")
    for by_type in records.values():
        for person in by_type["people"]:
            assert re.search(
                r"@([a-z]+\.)?example(\.(com|net|org))?$", person.body.get("email", "@example")
            )
            for phone in person.body.get("phones", []):
                assert fiction.search(phone["phonenumber"]), phone


def test_postings_are_html_with_required_and_preferred_items(records: Records) -> None:
    for _, job in open_jobs(records):
        assert job.body["overview"].startswith("<p>")
        assert job.body["responsibilities"].count("<li>") >= 4
        assert job.body["qualifications"].count("<h3>") == 2
        assert job.body["qualifications"].count("<li>") >= 6


def test_interviews_left_several_forms_some_split_some_empty_some_copied(records: Records) -> None:
    by_application: dict[int, list[Record]] = {}
    for form in records["4711"]["forms"]:
        by_application.setdefault(form.body["applicantworkflow"]["id"], []).append(form)
    panels = list(by_application.values())
    ratings = [[f.body["rating"] for f in panel if "rating" in f.body] for panel in panels]
    comments = [[f.body.get("comments", "") for f in panel] for panel in panels]
    assert all(2 <= len(panel) <= 4 for panel in panels)
    assert any(max(given) - min(given) >= 2 for given in ratings if given)
    assert any("" in panel for panel in comments)
    assert any(len(set(filter(None, p))) < len(list(filter(None, p))) for p in comments)


def test_every_interviewed_application_has_feedback(records: Records) -> None:
    interviewed = {
        application.id
        for application in records["4711"]["applicantworkflows"]
        if any(entry["status"]["value"] == "Interview" for entry in application.status_log)
    }
    assert interviewed == {f.body["applicantworkflow"]["id"] for f in records["4711"]["forms"]}
