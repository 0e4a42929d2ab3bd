"""Wire JSON to domain records."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import ApplicationId, PersonId, RequisitionId, TenantId
from core.domain.records import Location, PersonLink, Presence
from core.errors import NotFound
from core.icims import FieldMap, parse_field_map, shapes
from core.icims.html_text import plain_text

TENANT = TenantId("4711")
PROFILES = {
    "baseprofile": {"profile": "https://api.icims.com/customers/4711/jobs/7", "value": "Job"},
    "associatedprofile": {"id": 9, "value": "A Person"},
}
SENSITIVE = (
    *("gender", "eeogender", "race", "eeorace", "ethnicity", "birthdate", "dateofbirth"),
    *("disability", "veteran", "nationality", "maritalstatus", "religion", "photo", "ssn"),
)


def a_map(**fields: dict[str, Any]) -> FieldMap:
    entries = {
        name: {"record": "applicantworkflows", "json_id": name, **entry}
        for name, entry in fields.items()
    }
    names = {"Recruiter copilot": "C500"}
    return parse_field_map({"customer_id": "1", "fields": entries, "assessment_names": names})


SCORE = a_map(field1={"kind": "number"})


def application(body: dict[str, Any], field_map: FieldMap = SCORE, *hidden: str) -> Any:
    return shapes.application(TENANT, ApplicationId("5"), PROFILES | body, field_map, hidden)


# --- Protected data ------------------------------------------------------------------------------


def test_no_protected_field_is_ever_requested() -> None:
    asked = {*shapes.JOB_FIELDS, *shapes.PERSON_FIELDS, *shapes.APPLICATION_FIELDS}
    assert not [name for name in asked for word in SENSITIVE if word in name]


def test_protected_data_is_dropped_when_it_comes() -> None:
    secret = "SECRET-TRAIT"
    body = {"firstname": "Anna", "eeo": {"value": secret}, **dict.fromkeys(SENSITIVE, secret)}
    person = shapes.candidate(TENANT, PersonId("9"), body)
    assert secret not in repr(person)
    assert secret not in repr(application(dict.fromkeys(SENSITIVE, secret)))


# --- Presence ------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [None, ""])
def test_a_field_answered_with_nothing_is_empty(empty: object) -> None:
    assert application({"field1": empty}).fields["field1"].presence is Presence.EMPTY


def test_a_field_that_was_not_answered_is_absent() -> None:
    assert application({}).fields["field1"].presence is Presence.ABSENT


def test_a_field_outside_the_schema_is_denied() -> None:
    assert application({}, SCORE, "field1").fields["field1"].presence is Presence.DENIED


def test_a_score_of_zero_is_present() -> None:
    value = application({"field1": 0}).fields["field1"]
    assert (value.presence, value.value) == (Presence.PRESENT, 0)


# --- Kinds ---------------------------------------------------------------------------------------


def test_multi_selects_become_labels_of_ours_where_mapped() -> None:
    tags = a_map(field1={"kind": "multilist", "nodes": {"High_Match": "C1"}})
    sent = [{"id": "C1", "value": "High match (AI)"}, {"id": "C9", "value": "Referred"}]
    assert application({"field1": sent}, tags).fields["field1"].value == ("High_Match", "Referred")


def test_a_single_choice_becomes_its_label() -> None:
    shift = a_map(field1={"kind": "list", "nodes": {"Night": "C1"}})
    assert (
        application({"field1": {"id": "C1", "value": "N"}}, shift).fields["field1"].value == "Night"
    )


def test_numbers_sent_as_text_are_numbers() -> None:
    assert application({"field1": "87.5"}).fields["field1"].value == 87.5


def test_dates_with_and_without_time_are_read_as_utc() -> None:
    assert application({"updateddate": "2026-03-02 12:30 AM"}).updated_at == datetime(
        2026, 3, 2, 0, 30, tzinfo=UTC
    )
    person = shapes.candidate(TENANT, PersonId("9"), {"updateddate": "2026-03-02"})
    assert person.updated_at == datetime(2026, 3, 2, tzinfo=UTC)


def test_unknown_keys_are_ignored() -> None:
    assert application({"brandnew": {"deep": [1]}}) == application({})


def test_links_are_read_from_id_or_address() -> None:
    found = application({})
    assert (found.requisition_id, found.person_id) == ("7", "9")


@pytest.mark.parametrize("hidden", ["baseprofile", "associatedprofile"])
def test_an_application_without_job_or_person_is_not_found(hidden: str) -> None:
    body = {name: value for name, value in PROFILES.items() if name != hidden}
    with pytest.raises(NotFound):
        shapes.application(TENANT, ApplicationId("5"), body, SCORE, ())


def test_assessment_results_keep_their_place() -> None:
    entry = {
        "entry": 3,
        "assessmentname": {"id": "C500", "value": "AI (tenant's word)"},
        "assessmentdate": "2026-03-02",
        "assessmentscore": 87.5,
        "assessmentresult": "Good",
    }
    (found,) = application({"assessmentresults": [entry, {"entry": 4}]}).assessment_results
    assert (found.name, found.on, found.score) == ("Recruiter copilot", date(2026, 3, 2), 87.5)
    assert found.path == "applicantworkflows/5/fields/assessmentresults/3"


# --- People and jobs -----------------------------------------------------------------------------


def test_a_full_person_is_read() -> None:
    body = {
        "firstname": "Anna",
        "lastname": "Berg",
        "phones": [{"entry": 1, "phonenumber": "+46 8 1"}, {"entry": 2}],
        "addresses": [
            {
                "addressstreet1": "1 Main St",
                "addresscity": "Austin",
                "addressstate": {"id": "D1", "value": "Texas", "abbrev": "TX"},
                "addresszip": "78701",
                "addresscountry": {"id": "D2", "value": "United States", "abbrev": "US"},
            }
        ],
        "workexperience": [
            {
                "workemployer": "Nordlager",
                "workstartdate": "2019-01-01",
                "workdescription": "<p>A</p>",
            }
        ],
        "education": [{"degree": {"id": "D500", "value": "BSc"}, "graduationdate": "2015-06-01"}],
        "skillset": [{"skill": {"id": "D1", "value": "Forklift"}}],
        "licensecertification": [{"licensetype": "RN", "licensenumber": "123"}],
        "resume": {
            "filename": "a.pdf",
            "file": "https://api.icims.com/customers/4711/people/9/fields/resume/binary",
        },
    }
    person = shapes.candidate(TENANT, PersonId("9"), body)
    assert person.phones == ("+46 8 1",)
    assert person.addresses == ("1 Main St, Austin, TX 78701, US",)
    assert person.location == Location("Austin", "TX", "US")
    assert (person.work[0].employer, person.work[0].description) == ("Nordlager", "A")
    assert (person.education[0].degree, person.skills, person.licences) == (
        "BSc",
        ("Forklift",),
        ("RN",),
    )
    assert person.resume is not None
    assert person.resume.path == "people/9/fields/resume/binary"


def test_a_file_address_on_another_host_cannot_leave_ours() -> None:
    sent = {
        "filename": "a",
        "file": "https://evil.example/customers/1/people/9/fields/resume/binary",
    }
    person = shapes.candidate(TENANT, PersonId("9"), {"resume": sent})
    assert person.resume is not None
    assert person.resume.path == "people/9/fields/resume/binary"


@pytest.mark.parametrize("first", ["Merged with 12345", "merged with 12345 "])
def test_a_merged_person_names_who_was_kept(first: str) -> None:
    assert shapes.candidate(TENANT, PersonId("9"), {"firstname": first}).merged_into == "12345"


def test_a_person_called_merged_is_a_person() -> None:
    person = shapes.candidate(TENANT, PersonId("9"), {"firstname": "Merged with love"})
    assert person.merged_into is None


def test_a_job_is_read() -> None:
    body = {
        "jobtitle": "Nurse",
        "joblocation": {"id": 4, "value": "US-CA-San Jose"},
        "numberofpositions": "3",
        "recruiter": {"profile": "https://x/customers/1/people/901", "id": 901, "value": "Rosa"},
        "department": {"id": "C1", "value": "Ward 3"},
        "qualifications": "<ul><li>RN licence</li><li>2&nbsp;years</li></ul>",
    }
    job = shapes.requisition(TENANT, RequisitionId("7"), body)
    assert (job.location, job.openings) == (Location("San Jose", "CA", "US"), 3)
    assert (job.recruiter, job.department) == (PersonLink(PersonId("901"), "Rosa"), "Ward 3")
    assert job.qualifications == "- RN licence\n- 2 years"


@given(
    st.dictionaries(
        st.sampled_from((*shapes.JOB_FIELDS, *shapes.PERSON_FIELDS, "assessmentresults", "field1")),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(("id", "value", "entry", "file", "assessmentdate")),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=6,
        ),
    )
)
def test_no_shape_of_a_value_breaks_the_reading(body: dict[str, Any]) -> None:
    shapes.requisition(TENANT, RequisitionId("7"), body)
    shapes.candidate(TENANT, PersonId("9"), body)
    application(body)


# --- HTML ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        (
            "Duties:<ul>\n <li>Lift</li>\n <li>Pack <b>boxes</b></li>\n</ul>End",
            "Duties:\n- Lift\n- Pack boxes\n\nEnd",
        ),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("plain\nlines\r\nstay", "plain\nlines\nstay"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<style>p{}</style><script>x()</script>Seen", "Seen"),
        (
            "<table><tr><td>Pay</td><td>$20</td></tr><tr><td>Shift</td></tr></table>",
            "Pay $20\nShift",
        ),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(max_size=200))
def test_any_text_survives_the_html_reader(text: str) -> None:
    assert "\n\n\n" not in plain_text(text)
