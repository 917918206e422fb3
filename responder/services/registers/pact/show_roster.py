"""Show who is on call."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from responder.domain.ids import PartnerId, ResponderId, UnitId
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.access import Action, Role, Viewer
from responder.domain.registers.pact.roster import RosterPattern, Shift, on_call, tonight
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of

LONGEST_DAYS: Final = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPerson:
    """A person who is on call or may be asked to be."""

    id: ResponderId
    unit_id: UnitId
    partner_id: PartnerId
    name: str
    is_self: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRoster:
    """Who is on call in some days."""

    first: date
    days: int
    today: date
    """In the circle's time zone."""
    time_zone: str
    shifts: tuple[Shift, ...]
    tonight_at: datetime
    tonight: tuple[Shift, ...]
    """Who is on call at that moment."""
    asked: tuple[Shift, ...]
    """Shifts that the viewer is asked to take over."""
    patterns: tuple[RosterPattern, ...]
    people: tuple[RosterPerson, ...]
    may_edit: bool


def may_edit(viewer: Viewer, partner_id: PartnerId) -> bool:
    """Tell whether the viewer sets who of a partner is on call."""
    if not viewer.may(Action.EDIT_ROSTER):
        return False
    return viewer.role is Role.COORDINATOR or viewer.partner_id == partner_id


async def show_roster(
    database: Database, *, viewer: Viewer, first: date | None, days: int, clock: Clock
) -> ShownRoster:
    """Return who is on call in some days, from today on if no first is given."""
    viewer.must(Action.VIEW)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.snapshot() as transaction:
        time_zone = (await catalogue_of(transaction, circle_id)).time_zone
        zone = ZoneInfo(time_zone)
        today = now.astimezone(zone).date()
        begins = today if first is None else first
        shifts = await transaction.rosters.shifts(
            circle_id,
            since=datetime.combine(begins, time.min, zone),
            before=datetime.combine(begins + timedelta(days=days), time.min, zone),
        )
        evening = tonight(now, zone)
        then = await transaction.rosters.shifts(
            circle_id, since=evening, before=evening + timedelta(minutes=1)
        )
        asked = await transaction.rosters.asked(circle_id, after=now)
        people = await people_of_roster(transaction, viewer)
        patterns = await transaction.rosters.patterns(circle_id)
    return ShownRoster(
        first=begins,
        days=days,
        today=today,
        time_zone=time_zone,
        shifts=shifts,
        tonight_at=evening,
        tonight=on_call(then, evening),
        asked=tuple(each for each in asked if each.asked_id in viewer.responder_ids),
        patterns=patterns,
        people=tuple(
            RosterPerson(
                id=each.id,
                unit_id=each.unit_id,
                partner_id=each.partner_id,
                name=each.name,
                is_self=each.id in viewer.responder_ids,
            )
            for each in people
        ),
        may_edit=viewer.may(Action.EDIT_ROSTER),
    )


async def people_of_roster(transaction: Transaction, viewer: Viewer) -> tuple[Responder, ...]:
    """Return those whom alerts call, in all units of the circle."""
    units = await transaction.layer(Unit).of_circle(viewer.circle_id)
    return await transaction.responders.of_units(viewer.circle_id, [each.id for each in units])
