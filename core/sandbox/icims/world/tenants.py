"""The two demo customers: their numbers, their staff and their peculiarities."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.sandbox.icims.seed import CustomField, Json, TenantSpec
from core.sandbox.icims.world.library import demo_json

FEEDBACK_FORM = "Interview Feedback"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works for the customer; also a person record in iCIMS."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]

    @property
    def link(self) -> Json:
        """The person as other records link to it."""
        return {"profile": f"/people/{self.id}", "id": self.id, "value": self.name}


@dataclass(frozen=True, slots=True)
class Tenant:
    """One customer: its spec, its staff and the first ids of its records."""

    spec: TenantSpec
    staff: tuple[StaffMember, ...]
    first_person: int
    first_application: int
    field_ids: Mapping[str, str]

    def with_role(self, role: str) -> tuple[StaffMember, ...]:
        """List the staff of a role, in file order."""
        return tuple(member for member in self.staff if role in member.roles)

    def status(self, label: str) -> Json:
        """Give a hiring status as a list node."""
        return node(self.spec.statuses[label], label)


def node(id: str, label: str) -> Json:
    """Write a list node as iCIMS does."""
    return {"id": id, "value": label, "formattedvalue": label}


@cache
def tenants() -> Mapping[str, Tenant]:
    """Give the demo customers by id, from their field maps and the staff list."""
    return {
        "4711": _tenant(
            "4711",
            "Calder & Wren Group",
            first_person=20_001,
            first_application=400_000,
            numbers=(19_040, 19_055, 19_061, 20_001),
            search=330,
            hidden=("eeo_gender",),
        ),
        "8820": _tenant(
            "8820",
            "Northmere Health Services",
            first_person=50_001,
            first_application=7_100_000,
            numbers=(44_260, 44_301, 44_318, 44_002),
            search=60,
            hidden=(),
        ),
    }


def _tenant(
    customer: str,
    name: str,
    *,
    first_person: int,
    first_application: int,
    numbers: tuple[int, int, int, int],
    search: int,
    hidden: tuple[str, ...],
) -> Tenant:
    mapped = demo_json(f"field_map_{customer}.json")
    own = _own_fields(numbers, search)
    ids = {field.logical: field.json_id for field in own}
    spec = TenantSpec(
        customer_id=customer,
        name=name,
        client_id=f"demo-client-{customer}",
        client_secret=f"demo-only-secret-{customer}",
        basic_user=f"demo-api-{customer}",
        basic_password=f"demo-only-password-{customer}",
        hmac_user=f"demo-hmac-{customer}",
        hmac_key=f"demo-only-hmac-key-{customer}",
        custom_fields=_mapped_fields(mapped["fields"]) + own,
        statuses=mapped["statuses"],
        hidden_fields={"people": frozenset(ids[logical] for logical in hidden)},
        # Two people this login group may not see: a senior hire and a member of staff's relative.
        hidden_records=frozenset({("people", first_person + 11), ("people", first_person + 42)}),
        assessment_names=mapped["assessment_names"],
        open_folders=frozenset(mapped["open_folders"]),
        forms={
            FEEDBACK_FORM: {
                **dict.fromkeys(("interviewer", "competencies", "comments", "summary"), "text"),
                **dict.fromkeys(("recommendation", "interviewstage"), "text"),
                "rating": "number",
                "interviewdate": "date",
            }
        },
    )
    return Tenant(spec, _staff(customer), first_person, first_application, ids)


def _mapped_fields(fields: Mapping[str, Any]) -> tuple[CustomField, ...]:
    return tuple(
        CustomField(
            logical=logical,
            record_type=row["record"],
            json_id=row["json_id"],
            search_number=row["search_number"],
            kind=row["kind"],
            nodes=row.get("nodes", {}),
        )
        for logical, row in fields.items()
    )


def _own_fields(numbers: tuple[int, int, int, int], search: int) -> tuple[CustomField, ...]:
    notice, interview, report, gender = (f"field{number}" for number in numbers)
    rows: tuple[tuple[str, str, str, str, bool], ...] = (
        ("privacy_notice", "applicantworkflows", notice, "text", True),
        ("interview_date", "applicantworkflows", interview, "date", False),
        ("background_report", "applicantworkflows", report, "file", False),
        ("eeo_gender", "people", gender, "list", False),
    )
    nodes = {"Female": "C8101", "Male": "C8102", "Prefer not to say": "C8103"}
    return tuple(
        CustomField(
            logical=logical,
            record_type=record_type,
            json_id=json_id,
            search_number=search + place,
            kind=kind,
            nodes=nodes if kind == "list" else {},
            required=required,
        )
        for place, (logical, record_type, json_id, kind, required) in enumerate(rows)
    )


def _staff(customer: str) -> tuple[StaffMember, ...]:
    return tuple(
        StaffMember(
            int(row["icims_person_id"]), row["display_name"], row["email"], tuple(row["roles"])
        )
        for row in demo_json("staff.json")
        if row["customer_id"] == customer
    )
