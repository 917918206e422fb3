"""What past drills and alerts propose for turnouts and speeds."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Word
from responder.api.json_body import StrictRoute
from responder.domain.ids import UnitId
from responder.services.reach import calibration as service
from responder.services.reach.calibration import ShownCalibration

router = APIRouter(prefix="/circles/{circle_id}/calibration", tags=["reach"], route_class=StrictRoute)


class Accepted(Body):
    """What of that shall be applied."""

    unit_ids: Annotated[tuple[UnitId, ...], Field(max_length=1000)] = ()
    profiles: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    profiles_version: Annotated[
        Word | None, Field(description="The version that was seen; when other speeds hold nothing is applied")
    ] = None


@router.get("", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep) -> ShownCalibration:
    """Propose turnouts and speeds as they were, and say how much better they predict."""
    return await service.show_calibration(context.database, viewer=viewer, clock=context.clock)


@router.post("", responses=answers(401, 403, 404, 409, 413))
async def applied(viewer: InCircle, context: ContextDep, body: Accepted) -> ShownCalibration:
    """Apply what a planner accepts; reach of every open incident is recomputed."""
    return await service.apply_calibration(
        context.database,
        context.roads,
        viewer=viewer,
        unit_ids=body.unit_ids,
        profiles=body.profiles,
        profiles_version=body.profiles_version,
        clock=context.clock,
    )
