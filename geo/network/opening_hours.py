"""Opening hours in the grammar of OpenStreetMap, with the working days of China."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Final, Literal

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # the stubs lack the error

from geo.network.working_days import ANNOUNCED

Opening = Literal["open", "closed", "unknown"]

LONGEST: Final = 255
"""Letters, as of any value in OpenStreetMap."""
MOST_CHANGES: Final = 14
_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_DAY_NAME: Final = "|".join(_DAYS)
_ITEM: Final = rf"(?:(?:{_DAY_NAME})(?:-(?:{_DAY_NAME}))?(?:\[[^\]]*\])?|PH|SH)"
_LIST: Final = re.compile(rf"(?<![A-Za-z]){_ITEM}(?:,{_ITEM})*(?![A-Za-z])")
_QUOTED: Final = re.compile(r'("[^"]*")')
_FROM_TO: Final = re.compile(rf"({_DAY_NAME})(?:-({_DAY_NAME}))?")
_OTHER_YEARS: Final = OpeningHours("PH", country="CN", auto_timezone=False)
"""Knows the days of the great holidays by calendar rules alone: for years that are not announced."""


def is_opening_hours(text: str) -> bool:
    """
    Tell whether a text follows the grammar.

    Examples
    --------
    >>> [is_opening_hours(text) for text in ("24/7", "Mo-Fr 08:00-18:00; PH off", "8 to 6")]
    [True, True, False]
    """
    return _canonical(text) is not None


def opening(text: str, at: datetime) -> Opening:
    """
    Tell whether a place is open.

    A weekend day with work is open when the place would be open at that time on each day from Monday to
    Friday; `PH` is every day of an announced holiday, its weekend included. In a year that is not announced
    each day is what the week says, and `PH` are the holidays that a calendar rule gives.

    Parameters
    ----------
    text
        In the grammar of `opening_hours`; empty is always open.
    at
        By the clock of the place, without a time zone.

    Returns
    -------
    opening
        `unknown` where the text does not follow the grammar, or says that it is not certain.

    Examples
    --------
    >>> hours = "Mo-Fr 08:00-18:00; PH off"
    >>> [opening(hours, datetime(2026, 10, day, 10)) for day in (1, 8, 10, 11)]
    ['closed', 'open', 'open', 'closed']
    """
    if not text.strip():
        return "open"
    return next(state for begins, state in reversed(_states_of(text, at.date())) if begins <= at)


def changes(text: str, at: datetime, *, days: int = 8) -> list[tuple[datetime, Opening]]:
    """
    List when a place opens or closes next, at most 14 times; none where that is not known.

    Parameters
    ----------
    text, at
        As for `opening`.
    days
        How far to look ahead.
    """
    if not text.strip() or _canonical(text) is None:
        return []
    found: list[tuple[datetime, Opening]] = []
    now = opening(text, at)
    for begins, state in _following(text, at.date(), days):
        if begins > at and state != now and len(found) < MOST_CHANGES:
            found.append((begins, state))
            now = state
    return found


def _following(text: str, day: date, days: int) -> Iterator[tuple[datetime, Opening]]:
    for ahead in range(days):
        yield from _states_of(text, day + ahead * _DAY)


@lru_cache(maxsize=4096)
def _states_of(text: str, day: date) -> tuple[tuple[datetime, Opening], ...]:
    """List from when in a day which state holds; the first from midnight on."""
    midnight = datetime.combine(day, time())
    variants = _variants(text, day)
    if not variants:
        return ((midnight, "unknown"),)
    turns = {midnight}
    for variant in variants:
        turn = variant.next_change(midnight)
        while turn is not None and turn < midnight + _DAY:
            turns.add(turn)
            turn = variant.next_change(turn)
    return tuple((turn, _all_of(variants, turn)) for turn in sorted(turns))


def _all_of(variants: tuple[OpeningHours, ...], at: datetime) -> Opening:
    states = {variant.state(at)[0] for variant in variants}
    if states == {State.OPEN}:
        return "open"
    return "closed" if State.CLOSED in states else "unknown"


@lru_cache(maxsize=4096)
def _variants(text: str, day: date) -> tuple[OpeningHours, ...]:
    """
    Return what the text comes to on one day: each of them holds, none where it cannot be told.

    The library knows no working weekends and few holidays of China. So lists of days of the week are
    written for this day and the one before it, whose hours may reach past midnight.
    """
    canonical = _canonical(text)
    if canonical is None:
        return ()
    yesterday = day - _DAY
    works = _is_working_weekend(day) or _is_working_weekend(yesterday)
    written = {
        _rewritten(canonical, partial(_on, days=(yesterday, day), as_day=as_day))
        for as_day in (range(_SATURDAY) if works else (0,))
    }
    read = tuple(_read(each) for each in sorted(written))
    return tuple(each for each in read if each is not None) if None not in read else ()


def _on(names: str, *, days: tuple[date, date], as_day: int) -> str:
    """Return those of two days on which a list of days of the week holds; a working weekend is `as_day`."""
    listed: set[int] = set()
    kept = [name for name in names.split(",") if "[" in name]
    for name in names.split(","):
        found = _FROM_TO.fullmatch(name)
        if found:
            first, last = _DAYS.index(found[1]), _DAYS.index(found[2] or found[1])
            listed |= {number % 7 for number in range(first, last + 1 + (7 if last < first else 0))}
    for day in days:
        week_day = as_day if _is_working_weekend(day) else day.weekday()
        if week_day in listed or ("PH" in names.split(",") and _is_holiday(day)):
            kept.append(_DAYS[day.weekday()])
    # A day that is not asked about stands for none.
    return ",".join(kept) or _DAYS[(days[1].weekday() + 3) % 7]


def _rewritten(text: str, write: Callable[[str], str]) -> str:
    """Write each list of days of the week, but nothing in quotation marks, in another way."""
    parts = _QUOTED.split(text)
    return "".join(
        part if part.startswith('"') else _LIST.sub(lambda found: write(found[0]), part) for part in parts
    )


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str | None:
    read = _read(text.strip())
    return None if read is None else str(read)


def _read(text: str) -> OpeningHours | None:
    if len(text) > LONGEST:
        return None
    try:
        return OpeningHours(text, auto_country=False, auto_timezone=False, max_interval_days=366)
    except (ParserError, UnicodeEncodeError):
        return None


def _is_working_weekend(day: date) -> bool:
    year = ANNOUNCED.get(day.year)
    return year is not None and day in year.working_weekends


def _is_holiday(day: date) -> bool:
    year = ANNOUNCED.get(day.year)
    if year is None:
        return _OTHER_YEARS.is_open(datetime.combine(day, time(12)))
    if day in year.days_off:
        return True
    if day.weekday() < _SATURDAY or day in year.working_weekends:
        return False
    # A weekend beside a day off is part of the holiday.
    first = day - (day.weekday() - _SATURDAY) * _DAY
    return first - _DAY in year.days_off or first + 2 * _DAY in year.days_off
