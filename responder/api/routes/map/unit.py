"""Units: whether they are on duty, and where they are."""

from fastapi import APIRouter

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Latitude, Longitude, Metres, Moment
from responder.api.json_body import StrictRoute
from responder.domain.ids import UnitId
from responder.domain.map.unit import Position, Unit
from responder.services.map.report_position import report_position
from responder.services.map.set_duty import set_duty

router = APIRouter(prefix="/circles/{circle_id}/units", tags=["units"], route_class=StrictRoute)


class NewPosition(Body):
    """Where a unit is."""

    lon: Longitude
    lat: Latitude
    accuracy_m: Metres
    at: Moment


class Duty(Body):
    """Whether a unit can be called."""

    on_duty: Flag


@router.patch("/{unit_id}", responses=answers(401, 403, 404, 413))
async def changed(viewer: InCircle, context: ContextDep, unit_id: UnitId, body: Duty) -> Unit:
    """Put a unit on duty or off."""
    return await set_duty(
        context.database,
        context.roads,
        viewer=viewer,
        unit_id=unit_id,
        on_duty=body.on_duty,
        clock=context.clock,
    )


@router.put("/{unit_id}/position", responses=answers(401, 403, 404, 409, 413))
async def positioned(viewer: InCircle, context: ContextDep, unit_id: UnitId, body: NewPosition) -> Position:
    """Report where one of the viewer's own units is; the latest counts."""
    return await report_position(
        context.database,
        viewer=viewer,
        unit_id=unit_id,
        lon=body.lon,
        lat=body.lat,
        accuracy_m=body.accuracy_m,
        at=body.at,
        clock=context.clock,
    )
