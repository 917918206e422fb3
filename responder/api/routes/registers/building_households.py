"""The households of one building, for coordinators. Each look is recorded."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import OptionalIdempotencyKey
from responder.api.json_body import StrictRoute
from responder.api.routes.registers.household_fields import NOT_KEPT, HouseholdAnswer, HouseholdBody
from responder.api.routes.registers.household_register import just_confirmed
from responder.domain.ids import BuildingId
from responder.services.registers.households.edit import create_household
from responder.services.registers.households.view import view_building

router = APIRouter(
    prefix="/circles/{circle_id}/buildings/{building_id}/households",
    tags=["registers"],
    route_class=StrictRoute,
)


class BuildingHouseholdsAnswer(BaseModel):
    """The households of one building."""

    building_id: BuildingId
    name: str
    name_en: str
    households: tuple[HouseholdAnswer, ...]
    """By floor and door."""


@router.get("", responses=answers(401, 403, 404))
async def viewed(
    viewer: InCircle, context: ContextDep, response: Response, building_id: BuildingId
) -> BuildingHouseholdsAnswer:
    """Give the households of a building. The look is recorded."""
    response.headers.update(NOT_KEPT)
    found = await view_building(context.database, viewer=viewer, building_id=building_id, clock=context.clock)
    return BuildingHouseholdsAnswer(
        building_id=building_id,
        name=found.building.name,
        name_en=found.building.name_en,
        households=tuple(
            HouseholdAnswer.of_register(each, due_since=found.due_since) for each in found.households
        ),
    )


@router.post("", status_code=201, responses=answers(401, 403, 404, 409))
async def created(
    viewer: InCircle,
    context: ContextDep,
    response: Response,
    building_id: BuildingId,
    body: HouseholdBody,
    *,
    idempotency_key: OptionalIdempotencyKey = None,
) -> HouseholdAnswer:
    """Write a household down. With an Idempotency-Key it is not added again."""
    response.headers.update(NOT_KEPT)
    household = await create_household(
        context.database,
        viewer=viewer,
        building_id=building_id,
        data=body.data(),
        idempotency_key=idempotency_key,
        clock=context.clock,
    )
    return just_confirmed(household)
