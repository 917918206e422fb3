"""Incidents: raise an alert, look, end."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle, SignedIn
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import (
    Body,
    Flag,
    IdempotencyKey,
    Latitude,
    Line,
    Longitude,
    Note,
    ShortNote,
    Word,
)
from responder.api.json_body import StrictRoute
from responder.domain.ids import BuildingId, IncidentId
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports.incidents import IncidentQuery
from responder.services.directing.end_incident import end_incident
from responder.services.incidents import queries as showing
from responder.services.incidents import raise_alert as raising

router = APIRouter(prefix="/circles/{circle_id}/incidents", tags=["incidents"], route_class=StrictRoute)

LONGEST_PAGE = 100
"""Incidents per page: each is complete, with all deliveries."""


class IncidentBody(Body):
    """What happens, and where: a building and perhaps one of its entrances, or a point."""

    kind: Word
    """Code of a kind that the circle's catalogue offers."""
    severity: Severity | None = None
    """By default that of the kind."""
    exercise: Flag
    note: Note = ""
    building_id: BuildingId | None = None
    entrance: Word | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    label: Line = ""
    not_same_as: Annotated[tuple[IncidentId, ...], Field(max_length=20)] = ()
    """Of the candidates of a `similar_incident`: those that this is not."""


class End(Body):
    """Why it is over."""

    reason: EndReason
    """`resolved` or `false_alarm`."""
    note: ShortNote = ""
    """What there is to say of it; all recipients are told."""


async def _goes_first(_: SignedIn, context: ContextDep) -> AsyncIterator[None]:
    """Have what can wait stand back from when it is known that a member asks until the answer is sent."""
    with context.priority.alert():
        yield


class IncidentPage(BaseModel):
    """Incidents, the last raised first."""

    incidents: tuple[IncidentDetail, ...]
    next: IncidentId | None
    """Ask again with `before` this for the older ones; null when there are none."""


@router.get("", responses=answers(401, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    *,
    exercise: bool | None = None,
    open: bool | None = None,  # noqa: A002 - the name of the query parameter
    before: IncidentId | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> IncidentPage:
    """List the incidents that concern the viewer, the last raised first."""
    query = IncidentQuery(exercise=exercise, open=open, before=before, limit=limit)
    incidents, following = await showing.list_incidents(context.database, viewer=viewer, query=query)
    return IncidentPage(incidents=incidents, next=following)


@router.post(
    "",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 429),
    dependencies=[Depends(_goes_first)],
)
async def raised(
    viewer: InCircle, context: ContextDep, body: IncidentBody, idempotency_key: IdempotencyKey
) -> IncidentDetail:
    """Raise an alert: decide who can be there in time, and call exactly those."""
    context.alerts.begin(viewer.account_id, viewer.origin.address, key=idempotency_key)
    return await raising.raise_alert(
        context.database,
        context.roads,
        viewer=viewer,
        new=raising.NewIncident(**dict(body)),
        idempotency_key=idempotency_key,
        clock=context.clock,
    )


@router.get("/{incident_id}", responses=answers(401, 404))
async def shown(viewer: InCircle, context: ContextDep, incident_id: IncidentId) -> IncidentDetail:
    """Show one incident whole."""
    return await showing.show_incident(context.database, viewer=viewer, incident_id=incident_id)


@router.post("/{incident_id}/end", responses=answers(401, 403, 404, 409, 413))
async def ended(viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: End) -> IncidentDetail:
    """End an incident; all recipients of the alert are told."""
    return await end_incident(
        context.database,
        viewer=viewer,
        incident_id=incident_id,
        reason=body.reason,
        note=body.note,
        clock=context.clock,
    )
