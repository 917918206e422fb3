"""Opening hours on the working days of China, compared with the State Council's announcements."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.network.opening_hours import LONGEST, changes, is_opening_hours, opening
from geo.network.working_days import ANNOUNCED, falls_on

OFFICE = "Mo-Fr 08:00-18:00; PH off"
WORKING_WEEK = frozenset(range(5))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-15 10:00", "open"),  # a Tuesday
        ("2026-09-15 21:00", "closed"),
        ("2026-09-13 10:00", "closed"),  # a Sunday
        ("2026-10-01 10:00", "closed"),  # National Day
        ("2026-10-06 10:00", "closed"),  # a Tuesday off in its week, which calendar rules do not give
        ("2026-09-20 10:00", "open"),  # a Sunday with work instead
        ("2026-09-20 21:00", "closed"),
        ("2026-02-14 10:00", "open"),  # a Saturday with work instead
    ],
)
def test_a_defibrillator_in_an_office_follows_the_announced_days(at: str, expected: str) -> None:
    assert opening(OFFICE, datetime.fromisoformat(at)) == expected


def test_every_day_of_the_announced_years_is_as_announced() -> None:
    for year in ANNOUNCED:
        day = date(year, 1, 1)
        while day.year == year:
            noon = datetime.combine(day, datetime.min.time()).replace(hour=12)
            assert (opening(OFFICE, noon) == "open") is falls_on(day, WORKING_WEEK), day
            day += timedelta(days=1)


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        # What differs within the week is open on a working Sunday only when all five days are.
        ("Mo-Th 08:00-18:00; Fr 08:00-16:00", "2026-09-20 17:00", "closed"),
        ("Mo-Th 08:00-18:00; Fr 08:00-16:00", "2026-09-20 15:00", "open"),
        # A night that begins on a working Sunday ends on Monday.
        ("Mo-Fr 22:00-06:00", "2026-09-21 02:00", "open"),
        ("Mo-Fr 22:00-06:00", "2026-09-14 02:00", "closed"),
        # What is said of the date itself counts.
        ("Mo-Fr 08:00-18:00; 2026 Sep 20 off", "2026-09-20 10:00", "closed"),
        # Without PH a holiday is the day of the week that it is.
        ("Mo-Fr 08:00-18:00", "2026-10-01 10:00", "open"),
        ("Mo-Su,PH 00:00-24:00", "2026-10-01 03:00", "open"),
        ("PH 10:00-12:00", "2026-10-03 11:00", "open"),
        ('08:00-18:00 "PH: ask Mo"', "2026-10-01 10:00", "open"),
        ("", "2026-10-01 03:00", "open"),
        ("every morning", "2026-10-01 10:00", "unknown"),
        ('Mo-Fr 08:00-18:00 unknown "call"', "2026-09-15 10:00", "unknown"),
        ("PH off", "2027-10-01 10:00", "closed"),
        ("24/7; PH off", "2027-10-01 10:00", "closed"),
    ],
)
def test_hours_of_several_kinds(hours: str, at: str, expected: str) -> None:
    assert opening(hours, datetime.fromisoformat(at)) == expected


def test_the_next_changes_skip_the_holiday() -> None:
    evening = datetime.fromisoformat("2026-09-30 17:00")
    found = changes(OFFICE, evening, days=9)

    assert [(each.isoformat(" ", "minutes"), state) for each, state in found] == [
        ("2026-09-30 18:00", "closed"),
        ("2026-10-08 08:00", "open"),
        ("2026-10-08 18:00", "closed"),
    ]
    assert changes("24/7", evening) == []
    assert changes("every morning", evening) == []


def test_what_is_longer_than_any_value_of_openstreetmap_is_not_read() -> None:
    assert not is_opening_hours("Mo 08:00-18:00; " * LONGEST)
    assert not is_opening_hours("\ud800")
    assert not is_opening_hours("")


@given(
    st.text(max_size=60),
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")),
)
def test_no_text_breaks_it(text: str, at: datetime) -> None:
    assert opening(text, at) in {"open", "closed", "unknown"}
    assert len(changes(text, at)) <= 14
