"""Dates and numbers follow the reader's country; the words around them stay English."""

from datetime import UTC, datetime

import pytest

from core.ui import format as f

AT = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("tongue", "zone", "said"),
    [
        ("en-GB", "Europe/Berlin", "23 Nov 2026, 16:05 CET"),
        ("en-US", "America/New_York", "Nov 23, 2026, 10:05 AM EST"),
        ("de-DE", "Europe/Berlin", "23.11.2026, 16:05 MEZ"),
        ("fr-FR", "Asia/Tehran", "23 nov. 2026, 18:35 UTC+0330"),
    ],
)
def test_a_time_is_written_as_in_the_readers_country_with_its_zone(
    tongue: str, zone: str, said: str
) -> None:
    assert spaced(f.when(AT, zone, tongue)) == said


@pytest.mark.parametrize("tongue", ["", "xx-YY", "*", "en_US.UTF-8", "a" * 300])
def test_an_unknown_language_reads_as_british_english(tongue: str) -> None:
    assert spaced(f.when(AT, "UTC", tongue)) == "23 Nov 2026, 15:05 UTC"


def test_an_unknown_zone_reads_as_utc() -> None:
    assert f.when(AT, "Nowhere/Land", "en-GB").endswith("15:05 UTC")


def test_a_date_never_starts_a_markdown_list() -> None:
    assert not f.day(AT, "cs-CZ").startswith("23. ")


@pytest.mark.parametrize(
    ("tongue", "count", "share"), [("en-US", "12,345", "64%"), ("de-DE", "12.345", "64 %")]
)
def test_numbers_are_grouped_as_in_the_readers_country(tongue: str, count: str, share: str) -> None:
    assert f.number(12345, tongue) == count
    assert spaced(f.percent(0.64, tongue)) == share


@pytest.mark.parametrize("missing", [f.when(None), f.day(None), f.percent(None), f.score(None)])
def test_what_is_missing_is_a_dash(missing: str) -> None:
    assert missing == "–"
