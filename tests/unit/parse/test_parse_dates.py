"""Dates in the ways resumes write them."""

import pytest

from core.domain.document import Month
from core.flow.parse.dates import find_dates


def month(text: str) -> Month | None:
    if not text:
        return None
    year, _, number = text.partition("-")
    return Month(int(year), int(number or 1), approximate=not number)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("03/2015 - 04/2020", "2015-3", "2020-4"),
        ("03/2015–04/2020", "2015-3", "2020-4"),
        ("03.2015 bis 04.2020", "2015-3", "2020-4"),
        ("2015-03 to 2020-04", "2015-3", "2020-4"),
        ("Mar 2015 – Apr 2020", "2015-3", "2020-4"),
        ("March 2015 until April 2020", "2015-3", "2020-4"),
        ("Sept. 2015 through Oct. 2020", "2015-9", "2020-10"),
        ("Mar '15 - Apr '20", "2015-3", "2020-4"),
        ("03/15 - 04/20", "2015-3", "2020-4"),
        ("März 2015 - Dez. 2020", "2015-3", "2020-12"),
        ("01.03.2015 - 30.04.2020", "2015-3", "2020-4"),
        ("3/14/2015 - 4/30/2020", "2015-3", "2020-4"),
        ("2015 - 2020", "2015", "2020"),
        ("2015-20", "2015", "2020"),
        ("1998/99 - 2003", "1998", ""),
        ("mars 2015 à avril 2020", "2015-3", "2020-4"),
        ("03/2015\n－\n04/2020", "2015-3", "2020-4"),
        ("Summer 2015 - Fall 2016", "2015-6", "2016-9"),
    ],
)
def test_ranges_are_read(written: str, start: str, end: str) -> None:
    first = find_dates(f"Nurse {written} Ward")[0]
    assert first.start is not None
    expected = month(start)
    assert expected is not None
    assert (first.start.year, first.start.month) == (expected.year, expected.month)
    if end:
        assert first.end is not None
        assert (first.end.year, first.end.month) == tuple(map(int, (end + "-1").split("-")[:2]))


@pytest.mark.parametrize(
    "written",
    [
        "03/2019 – heute",
        "03/2019 to present",
        "March 2019 - Current",
        "seit 03/2019",
        "since March 2019",
        "Mar. 2019 to date",
        "03.2019 - laufend",
        "03/2019 － Current",
    ],
)
def test_open_ranges_are_current(written: str) -> None:
    (found,) = find_dates(written)
    assert (found.start, found.end, found.current) == (Month(2019, 3), None, True)


def test_bare_years_are_approximate() -> None:
    (found,) = find_dates("2015 - 2020")
    assert found.start == Month(2015, 1, approximate=True)
    assert found.end == Month(2020, 1, approximate=True)


@pytest.mark.parametrize(
    "written",
    [
        "4/5 patients",
        "ISO 9001",
        "call 555 2019 99",
        "GPA 3.7/4.0",
        "version 12.5.1",
        "100-200 beds",
    ],
)
def test_other_numbers_are_no_ranges(written: str) -> None:
    assert not [d for d in find_dates(written) if d.end or d.current]


def test_a_range_that_runs_backwards_is_not_one() -> None:
    assert not [d for d in find_dates("2020 - 2015") if d.end]
