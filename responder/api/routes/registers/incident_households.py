"""The households of the building of an open incident, for those who come. Each look is recorded."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.api.routes.registers.household_fields import NOT_KEPT, HouseholdToHelp
from responder.domain.ids import BuildingId, IncidentId
from responder.services.registers.households.on_incident import households_at_incident

router = APIRouter(
    prefix="/circles/{circle_id}/incidents/{incident_id}/households",
    tags=["registers"],
    route_class=StrictRoute,
)


class IncidentHouseholdsAnswer(BaseModel):
    """What there is to know of the households at an incident."""

    building_id: BuildingId | None
    """Null where the incident is at no building."""
    exercise: bool
    doors: int
    people: int
    need_help: int
    """Households in which a person needs help."""
    households: tuple[HouseholdToHelp, ...] | None
    """Those that need help first, then by floor from above. Null in an exercise, which shows numbers only."""


@router.get("", responses=answers(401, 403, 404, 409))
async def viewed(
    viewer: InCircle, context: ContextDep, response: Response, incident_id: IncidentId
) -> IncidentHouseholdsAnswer:
    """
    Give the households of the building that an open, real incident is at. The look is recorded.

    For coordinators, and for those who accepted, are on their way or on scene, until it ends.
    """
    response.headers.update(NOT_KEPT)
    found = await households_at_incident(
        context.database, viewer=viewer, incident_id=incident_id, clock=context.clock
    )
    return IncidentHouseholdsAnswer(
        building_id=found.building_id,
        exercise=found.exercise,
        doors=found.households,
        people=found.people,
        need_help=found.need_help,
        households=None if found.listed is None else tuple(HouseholdToHelp.of(each) for each in found.listed),
    )
