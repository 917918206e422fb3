"""Working days of China by the State Council's announcements, for peak hours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from types import MappingProxyType

import yaml

_WEEKEND = (5, 6)
_WORKING_WEEK = frozenset(range(5))
_SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedYear:
    """What was announced for one year."""

    source: str
    days_off: frozenset[date]
    """Weekdays without work."""
    working_weekends: frozenset[date]
    """Saturdays and Sundays with work."""


def announced_from(text: str) -> Mapping[int, AnnouncedYear]:
    """
    Read announcements from YAML of the form of `working_days.yaml`.

    Raises
    ------
    ValueError
        A day lies in another year, or is no weekday or no weekend as its list says.
    """
    found: dict[int, AnnouncedYear] = {}
    for year, row in yaml.safe_load(text).items():
        made = AnnouncedYear(
            source=row["source"],
            days_off=frozenset(row["days_off"]),
            working_weekends=frozenset(row["working_weekends"]),
        )
        for days, weekend in ((made.days_off, False), (made.working_weekends, True)):
            wrong = [day for day in days if day.year != year or (day.weekday() in _WEEKEND) != weekend]
            if wrong:
                message = (
                    f"{min(wrong)} cannot be {'a working weekend' if weekend else 'a day off'} of {year}"
                )
                raise ValueError(message)
        found[year] = made
    return MappingProxyType(found)


_TABLE = resources.files("geo.network").joinpath("working_days.yaml").read_text(encoding="utf-8")
ANNOUNCED: Mapping[int, AnnouncedYear] = announced_from(_TABLE)


def falls_on(day: date, days: Collection[int], announced: Mapping[int, AnnouncedYear] = ANNOUNCED) -> bool:
    """
    Tell whether what holds on some days of the week holds on a date.

    A day off counts as a Sunday. A weekend day with work counts as a working day: what holds from Monday
    to Friday holds on it. In a year that is not announced each day is what the week says.

    Parameters
    ----------
    day
        By the clock of the place.
    days
        Days of the week, Monday = 0.
    announced
        By year.

    Examples
    --------
    >>> falls_on(date(2026, 10, 1), {0, 1, 2, 3, 4}), falls_on(date(2026, 10, 10), {0, 1, 2, 3, 4})
    (False, True)
    """
    year = announced.get(day.year)
    if year is not None and day in year.days_off:
        return _SUNDAY in days
    if year is not None and day in year.working_weekends:
        return _WORKING_WEEK.issubset(days)
    return day.weekday() in days
