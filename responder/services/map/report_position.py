"""Report where a unit is. Only the latest counts, and only while it is new."""

import math
from datetime import datetime, timedelta

from geo.lonlat import LonLat
from responder.domain.errors import InvalidValueError, NotFoundError, OffDutyError
from responder.domain.ids import UnitId
from responder.domain.map.unit import Position
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment, to_milliseconds

AHEAD = timedelta(seconds=30)
"""How far a device's clock may be ahead of ours."""
TOO_OLD = timedelta(minutes=5)
WORST_ACCURACY_M = 100_000.0


async def report_position(
    database: Database,
    *,
    viewer: Viewer,
    unit_id: UnitId,
    lon: float,
    lat: float,
    accuracy_m: float,
    at: datetime,
    clock: Clock,
) -> Position:
    """
    Keep where one of the viewer's own units is and return its latest position.

    Raises
    ------
    NotFoundError
        The unit is not one that the viewer belongs to.
    InvalidCoordinatesError
        The point is not on Earth.
    InvalidValueError
        The time lies ahead or is older than five minutes, or the accuracy cannot be.
    OffDutyError
        The unit is neither on duty nor on an alert: the positions of its people are private then.
    """
    viewer.must(Action.REPORT_POSITION)
    if unit_id not in viewer.unit_ids:
        raise NotFoundError
    place = LonLat(lon, lat)
    if not math.isfinite(accuracy_m) or not 0 <= accuracy_m <= WORST_ACCURACY_M:
        message = f"an accuracy lies between 0 and {WORST_ACCURACY_M:.0f} m"
        raise InvalidValueError(message, field="accuracy_m")
    now = moment(clock)
    at = to_milliseconds(at)
    if not now - TOO_OLD <= at <= now + AHEAD:
        message = "the time is more than 30 s ahead or more than 5 minutes ago"
        raise InvalidValueError(message, field="at")
    position = Position(unit_id=unit_id, lon=place.lon, lat=place.lat, accuracy_m=float(accuracy_m), at=at)
    async with database.begin() as transaction:
        if not await transaction.personal_data.may_be_followed(viewer.circle_id, unit_id):
            raise OffDutyError
        await transaction.positions.put(viewer.circle_id, position, stored_at=now)
    return position
