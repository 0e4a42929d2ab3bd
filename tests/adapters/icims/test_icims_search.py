"""Search bodies, dates and pages, without sending any."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AtsUnavailable
from core.icims.field_map import RecordType
from core.icims.search import PAGE, Filter, Search, found_ids, moment, updated_since

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds, zone),
    st.integers(10**9, 4 * 10**9),
    ZONES,
)


@given(MOMENTS)
def test_every_date_has_the_form_icims_reads(at: datetime) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d (0[1-9]|1[0-2]):[0-5]\d (AM|PM)", moment(at))


@given(MOMENTS)
def test_a_date_means_the_same_minute_in_utc(at: datetime) -> None:
    read = datetime.strptime(moment(at), "%Y-%m-%d %I:%M %p").replace(tzinfo=UTC)
    assert read == at.astimezone(UTC).replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12:05 AM"), (11, "11:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_midnight_and_noon_are_twelve(hour: int, text: str) -> None:
    assert moment(datetime(2026, 3, 2, hour, 5, tzinfo=UTC)) == f"2026-03-02 {text}"


def test_a_naive_date_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        moment(datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 -- that is the point


def test_a_year_that_icims_would_ignore_is_refused() -> None:
    with pytest.raises(ValueError, match="not an iCIMS date"):
        moment(datetime(26, 3, 2, 9, 0, tzinfo=UTC))


def test_a_search_for_everything_still_has_the_filter_icims_demands() -> None:
    (only,) = Search(RecordType.JOBS, ()).body()["filters"]
    assert only == {"name": "job.id", "value": ["0"], "operator": ">"}


def test_filters_carry_the_singular_type() -> None:
    since = updated_since(RecordType.APPLICATIONS, datetime(2026, 3, 2, 14, 30, tzinfo=UTC))
    assert since == Filter("applicantworkflow.updateddate", ("2026-03-02 02:30 PM",), ">=")


def test_the_next_page_asks_for_ids_above_the_last() -> None:
    first = Search(RecordType.PEOPLE, (Filter("person.folder", ("D10",)),))
    second = first.next(range(1, PAGE + 1))
    assert second is not None
    assert second.body()["filters"][1] == {
        "name": "person.id",
        "value": [str(PAGE)],
        "operator": ">",
    }
    assert len(second.body()["filters"]) == 2


def test_a_page_that_is_not_full_is_the_last() -> None:
    assert Search(RecordType.PEOPLE, ()).next(range(PAGE - 1)) is None


def test_a_repeated_page_does_not_loop_for_ever() -> None:
    ids = range(1, PAGE + 1)
    second = Search(RecordType.PEOPLE, ()).next(ids)
    assert second is not None
    with pytest.raises(AtsUnavailable):
        second.next(ids)


def test_ids_may_be_strings_or_integers() -> None:
    reply = {"searchResults": [{"id": "7", "self": "x"}, {"id": 8, "new": True}]}
    assert found_ids(reply) == [7, 8]
    assert found_ids({}) == []


def test_results_without_ids_are_not_taken_for_no_results() -> None:
    with pytest.raises(AtsUnavailable):
        found_ids({"searchResults": [{"self": "x"}]})
