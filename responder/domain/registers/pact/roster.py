"""Who is on call when, and which units are on duty by that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import uuid5
from zoneinfo import ZoneInfo

from responder.domain.ids import CircleId, PartnerId, ResponderId, RosterPatternId, ShiftId, UnitId

PLANNED_AHEAD: Final = timedelta(days=35)
"""So far ahead shifts are made from weekly patterns."""
LONGEST_SHIFT: Final = timedelta(hours=36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A time for which a person is on call."""

    id: ShiftId
    circle_id: CircleId
    unit_id: UnitId
    responder_id: ResponderId
    partner_id: PartnerId
    starts_at: datetime
    ends_at: datetime
    pattern_id: RosterPatternId | None = None
    """The weekly pattern that it was made from."""
    asked_id: ResponderId | None = None
    """Who was asked to take it over and has not answered."""
    has_begun: bool = False
    """Whether the unit was put on duty for it: what is set by hand after that stays until it ends."""
    has_ended: bool = False

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPattern:
    """A person on call every week at the same times."""

    id: RosterPatternId
    circle_id: CircleId
    unit_id: UnitId
    responder_id: ResponderId
    partner_id: PartnerId
    weekdays: tuple[int, ...]
    """0 is Monday."""
    starts: time
    """In the circle's time zone."""
    ends: time
    """On the next day if it is not after `starts`."""
    since: date
    until: date | None
    """The last day on which a shift begins."""
    made_until: date
    """Shifts were made up to this day, this one left out; one that was taken off is not made again."""


def shifts_of(pattern: RosterPattern, *, before: date, zone: ZoneInfo) -> tuple[Shift, ...]:
    """
    Return the shifts of a pattern that were not made yet and begin before a day.

    Hours that a change to summer time leaves out or doubles are read as Python does: the first of two.
    """
    last = before if pattern.until is None else min(before, pattern.until + timedelta(days=1))
    first = max(pattern.made_until, pattern.since)
    days = (first + timedelta(days=number) for number in range(max(0, (last - first).days)))
    return tuple(_shift(pattern, day, zone) for day in days if day.weekday() in pattern.weekdays)


def _shift(pattern: RosterPattern, day: date, zone: ZoneInfo) -> Shift:
    next_day = day + timedelta(days=1) if pattern.ends <= pattern.starts else day
    return Shift(
        id=ShiftId(uuid5(pattern.id, day.isoformat())),
        circle_id=pattern.circle_id,
        unit_id=pattern.unit_id,
        responder_id=pattern.responder_id,
        partner_id=pattern.partner_id,
        starts_at=datetime.combine(day, pattern.starts, zone),
        ends_at=datetime.combine(next_day, pattern.ends, zone),
        pattern_id=pattern.id,
    )


def is_edge_due(shift: Shift, now: datetime) -> bool:
    """Tell whether a shift began or ended and its unit has not been told."""
    begins = not shift.has_begun and shift.starts_at <= now
    return begins or (not shift.has_ended and shift.ends_at <= now)


def on_call(shifts: Iterable[Shift], at: datetime) -> tuple[Shift, ...]:
    """Return those that cover a moment."""
    return tuple(each for each in shifts if each.covers(at))


def tonight(now: datetime, zone: ZoneInfo) -> datetime:
    """
    Return the moment that "tonight" is about: 21:00 of the day, or now from then to six in the morning.

    >>> tonight(datetime(2025, 11, 3, 14, 0, tzinfo=ZoneInfo("UTC")), ZoneInfo("UTC")).isoformat()
    '2025-11-03T21:00:00+00:00'
    """
    local = now.astimezone(zone)
    evening = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return local if local >= evening or local.hour < MORNING else evening


EVENING: Final = 21
MORNING: Final = 6
