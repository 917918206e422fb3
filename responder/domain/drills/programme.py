"""The yearly programme: which drills there were and will be, who took part, and when the next is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from responder.domain.drills.plan import DrillMode, DrillState
from responder.domain.ids import DrillId, PartnerId

HALF_YEARLY_DAYS: Final = 182
"""
Key units drill at least half-yearly, others yearly (order 61 of the Ministry of Public Security, article 40),
and high-rise buildings yearly (order 5 of the Ministry of Emergency Management).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRecord:
    """A drill as the programme counts it."""

    id: DrillId
    name: str
    mode: DrillMode
    state: DrillState
    on: date | None
    """When it was started, else when it is planned, in the circle's time zone; None without a date."""
    took_part: tuple[PartnerId, ...] = ()
    """Partners of whom a person was on scene, in order of their ids."""
    is_announced: bool = False
    """Whether residents were told beforehand."""
    observations: int = 0
    findings: int = 0
    open_findings: int = 0

    @property
    def counts(self) -> bool:
        """Tell whether it meets the duty to drill: it was held, and not only talked through."""
        return self.state is DrillState.ENDED and self.mode is DrillMode.FIELD and self.on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillDuty:
    """When the next drill is due, of the circle or of one partner."""

    partner_id: PartnerId | None
    """None: of the circle."""
    drills: int
    """How many counted in the year."""
    last_on: date | None
    """None: there was none ever."""
    due_on: date | None
    """The last day for the next one; None: it has been due all along."""
    is_overdue: bool
    planned_on: date | None
    """The next one that is planned with a date and in which it takes part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillProgramme:
    """A year of drills."""

    year: int
    every_days: int
    """A drill is due so many days after the last."""
    today: date
    drills: tuple[DrillRecord, ...]
    """By date; those without one last, in the year that is now."""
    circle: DrillDuty
    partners: tuple[DrillDuty, ...]
    """In the order in which the partners were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFor:
    """A drill with the partners that its plan names."""

    record: DrillRecord
    partner_ids: tuple[PartnerId, ...] = ()
    """Empty is every partner."""


def programme_of(
    drills: Iterable[PlannedFor],
    partner_ids: Iterable[PartnerId],
    *,
    year: int,
    today: date,
    every_days: int = HALF_YEARLY_DAYS,
) -> DrillProgramme:
    """
    Return the programme of a year; what is due is as of `today`, whatever the year.

    A tabletop is listed and does not count: nobody was on scene.
    """
    known = list(drills)
    records = [each.record for each in known]
    of_year = [
        each
        for each in records
        if (each.on.year == year if each.on else _is_undated(each) and today.year == year)
    ]
    return DrillProgramme(
        year=year,
        every_days=every_days,
        today=today,
        drills=tuple(sorted(of_year, key=lambda each: (each.on or date.max, each.id))),
        circle=_duty(None, known, year=year, today=today, every_days=every_days),
        partners=tuple(
            _duty(each, known, year=year, today=today, every_days=every_days) for each in partner_ids
        ),
    )


def _is_undated(record: DrillRecord) -> bool:
    return record.on is None and record.state is DrillState.PLANNED


def _duty(
    partner_id: PartnerId | None, drills: list[PlannedFor], *, year: int, today: date, every_days: int
) -> DrillDuty:
    held = [
        each.record.on
        for each in drills
        if each.record.counts
        and each.record.on is not None
        and (partner_id is None or partner_id in each.record.took_part)
    ]
    planned = [
        each.record.on
        for each in drills
        if each.record.state is DrillState.PLANNED
        and each.record.mode is DrillMode.FIELD
        and each.record.on is not None
        and each.record.on >= today
        and (partner_id is None or not each.partner_ids or partner_id in each.partner_ids)
    ]
    last = max(held, default=None)
    due = None if last is None else last + timedelta(days=every_days)
    return DrillDuty(
        partner_id=partner_id,
        drills=sum(on.year == year for on in held),
        last_on=last,
        due_on=due,
        is_overdue=due is None or due < today,
        planned_on=min(planned, default=None),
    )
