"""Peak hours by the working days of China."""

from datetime import date, datetime, timedelta, timezone

import pytest

from geo.lonlat import LonLat
from geo.network.profiles import DEFAULT_PROFILES
from geo.network.working_days import ANNOUNCED, announced_from, falls_on
from geo.reach.model import Origin, ReachModel
from geo.testing import at, straight_street

CHINA = timezone(timedelta(hours=8))
CAR = DEFAULT_PROFILES["car"]
PEAK, CALM = 1.4, 1.0


def half_past_eight(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:30").replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "factor"),
    [
        ("2026-03-02", PEAK),  # an ordinary Monday
        ("2026-03-01", CALM),  # an ordinary Sunday
        ("2026-10-01", CALM),  # National Day, a Thursday
        ("2026-10-10", PEAK),  # a Saturday with work in its place
        ("2026-02-23", CALM),  # the last Monday of the Spring Festival
        ("2026-02-28", PEAK),
        ("2025-01-26", PEAK),  # a Sunday with work
        ("2025-02-04", CALM),
        ("2024-02-04", PEAK),
        ("2024-02-16", CALM),
        # Not announced: a Friday and a Sunday, by the week alone.
        ("2027-10-01", PEAK),
        ("2027-10-10", CALM),
    ],
)
def test_peaks_hold_on_working_days(day: str, factor: float) -> None:
    assert CAR.peak_factor(half_past_eight(day)) == factor


def test_the_day_is_that_of_the_clock_of_the_place() -> None:
    # Half past eight in the morning of New Year's Day is half past midnight in London.
    assert CAR.peak_factor(datetime.fromisoformat("2026-01-05T00:30+00:00")) == PEAK
    assert CAR.peak_factor(datetime.fromisoformat("2026-01-01T00:30+00:00")) == CALM
    assert CAR.unannounced_year(datetime.fromisoformat("2026-12-31T20:00+00:00")) == 2027
    assert CAR.unannounced_year(datetime.fromisoformat("2026-12-31T15:00+00:00")) is None


def test_each_announced_year_has_its_source_and_as_many_days_as_were_announced() -> None:
    counted = {y: (len(a.days_off), len(a.working_weekends)) for y, a in ANNOUNCED.items()}
    assert counted == {2024: (19, 8), 2025: (18, 5), 2026: (19, 6)}
    for year, announced in ANNOUNCED.items():
        assert f"国务院办公厅关于{year}年部分节假日安排的通知" in announced.source


@pytest.mark.parametrize(
    ("days", "on_a_day_off", "on_a_working_saturday"),
    [
        (range(5), False, True),
        (range(7), True, True),
        ([5, 6], True, False),
        ([6], True, False),
        ([5], False, False),
        ([4], False, False),
    ],
)
def test_a_day_off_is_a_sunday_and_a_working_weekend_is_any_working_day(
    days: list[int], *, on_a_day_off: bool, on_a_working_saturday: bool
) -> None:
    assert falls_on(date(2026, 10, 1), days) == on_a_day_off
    assert falls_on(date(2026, 10, 10), days) == on_a_working_saturday


@pytest.mark.parametrize(
    "wrong", ["[2026-10-03], working_weekends: []", "[], working_weekends: [2026-10-01]"]
)
def test_a_table_with_a_day_in_the_wrong_list_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        announced_from(f"2026: {{source: x, days_off: {wrong}}}")


@pytest.mark.parametrize(
    ("year", "profile", "said"), [(2026, "car", None), (2027, "car", 2027), (2027, "foot", None)]
)
def test_an_answer_says_that_a_year_is_not_announced(year: int, profile: str, said: int | None) -> None:
    model = ReachModel(straight_street(length_m=600))
    unit = Origin(id="unit", place=at(500, 0), profile=profile, turnout_s=0)
    moment = datetime(year, 3, 1, 12, tzinfo=CHINA)
    assert model.reach([LonLat(113.0, 28.0)], [unit], limit_s=900, at=moment).unannounced_year == said
    assert model.reach([LonLat(113.0, 28.0)], [unit], limit_s=900).unannounced_year is None
