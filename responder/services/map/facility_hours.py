"""Whether facilities are open now, and when that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from geo.network.opening_hours import Opening, changes, opening
from responder.domain.map.facility import Facility
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursChange:
    """When a facility opens or closes."""

    at: datetime
    to: Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityHours:
    """Whether a facility is open, by its opening hours on the working days of China."""

    now: Opening
    """`unknown` where the opening hours cannot be read, or say that it is not certain."""
    changes: tuple[HoursChange, ...]
    """When it closes or opens next, for about a week."""


async def show_hours(
    database: Database, *, viewer: Viewer, things: Sequence[object], clock: Clock
) -> dict[str, FacilityHours]:
    """Return the hours of those of some things that are facilities with opening hours, by id."""
    viewer.must(Action.VIEW)
    limited = [each for each in things if isinstance(each, Facility) and each.opening_hours.strip()]
    if not limited:
        return {}
    async with database.snapshot() as transaction:
        zone = ZoneInfo((await catalogue_of(transaction, viewer.circle_id)).time_zone)
    local = moment(clock).astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    return {str(each.id): _hours(each.opening_hours, local, zone) for each in limited}


def _hours(text: str, local: datetime, zone: ZoneInfo) -> FacilityHours:
    turns = tuple(HoursChange(at=each.replace(tzinfo=zone), to=to) for each, to in changes(text, local))
    return FacilityHours(now=opening(text, local), changes=turns)
