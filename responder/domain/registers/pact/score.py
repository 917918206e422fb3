"""How many of the duties of a pact were kept in a quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from responder.domain.ids import AccountId, CircleId, DutyId, DutyRecordId, PartnerId
from responder.domain.registers.pact.pact import DutyKind, PactContent, PactDuty, Period

QUARTERS: Final = 4
MONTHS: Final = 3
"""Of a quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRecord:
    """An entry of a party: a duty was done."""

    id: DutyRecordId
    circle_id: CircleId
    duty_id: DutyId
    partner_id: PartnerId | None
    """Of the person who wrote it down."""
    done_on: date
    note: str
    created_at: datetime
    created_by: AccountId | None
    created_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDrill:
    """A drill that took place."""

    on: date
    took_part: tuple[PartnerId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int
    """1 to 4."""

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(year=day.year, number=(day.month - 1) // MONTHS + 1)

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def last(self) -> date:
        return self._after - timedelta(days=1)

    @property
    def _after(self) -> date:
        if self.number == QUARTERS:
            return date(self.year + 1, 1, 1)
        return date(self.year, self.number * MONTHS + 1, 1)

    def months(self) -> tuple[tuple[date, date], ...]:
        """Return the first and last day of each month."""
        firsts = [date(self.year, (self.number - 1) * MONTHS + 1 + i, 1) for i in range(MONTHS)]
        ends = [*firsts[1:], self._after]
        return tuple((first, end - timedelta(days=1)) for first, end in zip(firsts, ends, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyScore:
    """How one duty was kept."""

    duty_id: DutyId
    due: int
    """How often it was to be done by the end of the quarter."""
    kept: int
    """How often of these it was."""
    done: int
    """How often it was done, in the quarter or for a yearly one since the year began."""

    @property
    def is_kept(self) -> bool:
        return self.kept >= self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterScore:
    """How a pact was kept in a quarter."""

    quarter: Quarter
    is_over: bool
    """False while there is still time."""
    duties: tuple[DutyScore, ...]
    """Those that are counted, in the order of the pact."""

    @property
    def due(self) -> int:
        return sum(each.due for each in self.duties)

    @property
    def kept(self) -> int:
        return sum(each.kept for each in self.duties)


def score_of(
    content: PactContent,
    quarter: Quarter,
    *,
    today: date,
    drills: Sequence[CountedDrill],
    done: Mapping[DutyId, Sequence[date]],
) -> QuarterScore:
    """
    Return how the duties of a pact were kept in a quarter.

    Drills are counted from `drills` alone: those in which the owner took part, or all where there is none.
    Other duties are counted from `done`. A duty of so many times a month is counted month by month, and doing
    it twice in one does not make up for another. One of so many a year is due in equal parts: half of it by
    the end of the second quarter. What lies before the pact began or after it ended is not demanded.
    """
    counted = [each for each in content.duties if each.times > 0]
    return QuarterScore(
        quarter=quarter,
        is_over=today > quarter.last,
        duties=tuple(
            _score(each, content, quarter, sorted(_days(each, drills=drills, done=done))) for each in counted
        ),
    )


def _days(
    duty: PactDuty, *, drills: Iterable[CountedDrill], done: Mapping[DutyId, Sequence[date]]
) -> list[date]:
    if duty.kind is DutyKind.DRILLS:
        return [each.on for each in drills if duty.owner_id is None or duty.owner_id in each.took_part]
    return list(done.get(duty.id, ()))


def _score(duty: PactDuty, content: PactContent, quarter: Quarter, days: Sequence[date]) -> DutyScore:
    if duty.per is Period.YEAR:
        return _of_year(duty, content, quarter, days)
    windows = quarter.months() if duty.per is Period.MONTH else ((quarter.first, quarter.last),)
    due = kept = 0
    for first, last in windows:
        if _holds(content, first, last):
            due += duty.times
            kept += min(duty.times, _count(days, first, last))
    return DutyScore(duty_id=duty.id, due=due, kept=kept, done=_count(days, quarter.first, quarter.last))


def _of_year(duty: PactDuty, content: PactContent, quarter: Quarter, days: Sequence[date]) -> DutyScore:
    quarters = [Quarter(year=quarter.year, number=number) for number in range(1, quarter.number + 1)]
    held = sum(_holds(content, each.first, each.last) for each in quarters)
    due = duty.times * held // QUARTERS
    done = _count(days, quarters[0].first, quarter.last)
    return DutyScore(duty_id=duty.id, due=due, kept=min(due, done), done=done)


def _holds(content: PactContent, first: date, last: date) -> bool:
    """Tell whether the pact holds for the whole time."""
    return content.valid_from <= first and last <= content.valid_until


def _count(days: Iterable[date], first: date, last: date) -> int:
    return sum(first <= day <= last for day in days)
