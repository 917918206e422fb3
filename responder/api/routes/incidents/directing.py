"""Open incidents as staff direct them: stage, colour, place, updates, merging, and taking an alert back."""

from typing import Any, Final

from fastapi import APIRouter, Depends

from geo.lonlat import LonLat
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import (
    Body,
    Latitude,
    Line,
    Longitude,
    OptionalIdempotencyKey,
    ShortNote,
    Word,
)
from responder.api.json_body import StrictRoute
from responder.domain.errors import InvalidValueError
from responder.domain.ids import BuildingId, IncidentId
from responder.domain.incidents.incident import IncidentStage, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.services.directing.direct_incident import send_update, set_severity, set_stage
from responder.services.directing.end_incident import undo_alert
from responder.services.directing.merge_incidents import merge_incidents
from responder.services.directing.move_pin import NewPlace, move_pin

router = APIRouter(
    prefix="/circles/{circle_id}/incidents/{incident_id}", tags=["incidents"], route_class=StrictRoute
)
_ANSWERS = answers(401, 403, 404, 409, 413)


async def _paced(viewer: InCircle, context: ContextDep) -> None:
    """Let a script that runs wild tell people something no faster than it could raise alerts."""
    context.updates.begin(viewer.account_id, viewer.origin.address)


_TELLS_ALL: Final[dict[str, Any]] = {
    "responses": answers(401, 403, 404, 409, 413, 429),
    "dependencies": [Depends(_paced)],
}


class Stage(Body):
    """How far it has come."""

    stage: IncidentStage


class Colour(Body):
    """How bad it is."""

    severity: Severity


class PlaceBody(Body):
    """Where it is instead: a building and perhaps one of its entrances, or a point."""

    building_id: BuildingId | None = None
    entrance: Word | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    label: Line = ""

    def place(self) -> NewPlace:
        """Return the place; a longitude and a latitude belong together."""
        if (self.lon is None) is not (self.lat is None):
            message = "longitude and latitude belong together"
            raise InvalidValueError(message, field="lat" if self.lat is None else "lon")
        lonlat = None if self.lon is None or self.lat is None else LonLat(self.lon, self.lat)
        return NewPlace(building_id=self.building_id, entrance=self.entrance, lonlat=lonlat, label=self.label)


class Update(Body):
    """What all recipients of the alert are told."""

    text: ShortNote


class Merge(Body):
    """Which incident goes on."""

    into: IncidentId


@router.put("/stage", responses=_ANSWERS)
async def stage_set(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: Stage
) -> IncidentDetail:
    """Say that it is confirmed or under control, or take that back."""
    return await set_stage(
        context.database, viewer=viewer, incident_id=incident_id, stage=body.stage, clock=context.clock
    )


@router.put("/severity", **_TELLS_ALL)
async def severity_set(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: Colour
) -> IncidentDetail:
    """Raise or lower the warning colour; all recipients of the alert are told."""
    return await set_severity(
        context.database, viewer=viewer, incident_id=incident_id, severity=body.severity, clock=context.clock
    )


@router.put("/place", **_TELLS_ALL)
async def moved(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: PlaceBody
) -> IncidentDetail:
    """Move the pin: those in time now are called, the others released, and all are told."""
    return await move_pin(
        context.database,
        context.roads,
        viewer=viewer,
        incident_id=incident_id,
        to=body.place(),
        clock=context.clock,
    )


@router.post("/updates", **_TELLS_ALL)
async def updated(
    viewer: InCircle,
    context: ContextDep,
    incident_id: IncidentId,
    body: Update,
    idempotency_key: OptionalIdempotencyKey = None,
) -> IncidentDetail:
    """Tell all recipients of the alert something, once for each key."""
    return await send_update(
        context.database,
        viewer=viewer,
        incident_id=incident_id,
        text=body.text,
        idempotency_key=idempotency_key,
        clock=context.clock,
    )


@router.post("/merge", **_TELLS_ALL)
async def merged(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: Merge
) -> IncidentDetail:
    """End it as the same as another, which goes on with its people."""
    return await merge_incidents(
        context.database, viewer=viewer, incident_id=incident_id, into=body.into, clock=context.clock
    )


@router.post("/undo", responses=answers(401, 403, 404, 409))
async def undone(viewer: InCircle, context: ContextDep, incident_id: IncidentId) -> IncidentDetail:
    """Take back an alert that the caller raised by mistake a moment ago; its recipients are told."""
    return await undo_alert(context.database, viewer=viewer, incident_id=incident_id, clock=context.clock)
