"""The criteria table gives back what it was given."""

from datetime import UTC, date, datetime

import pytest

from core.assist.screening import draft, requisition_from_text
from core.domain.ids import RequisitionId, TenantId, UserId
from core.icims.html_text import plain_text
from core.sandbox.icims.world import DemoWorld
from core.ui.components.criteria.criteria_editor import read, table

POSTINGS = [
    "\n".join([job.body["jobtitle"], "Requirements:", plain_text(job.body["qualifications"])])
    for job in DemoWorld(7, 100, date(2026, 11, 23)).records("4711")
    if job.record_type == "jobs" and job.id > 90_000
]


@pytest.mark.parametrize("posting", POSTINGS)
def test_untouched_criteria_count_as_unchanged(posting: str) -> None:
    job = requisition_from_text(posting, id=RequisitionId("1"), tenant=TenantId("1"))
    drafted = draft(job, now=datetime(2026, 3, 1, tzinfo=UTC), author=UserId("rosa")).criteria
    assert drafted
    assert read(table(drafted).to_dict("records")) == drafted


def test_new_row_without_words_is_looked_for_by_its_name() -> None:
    row = {"Criterion": "Forklift", "Needed": "Required", "Checked as": "Skill", "Weight": 2.0}
    (made,) = read([row])
    assert made.terms == ("forklift",)
