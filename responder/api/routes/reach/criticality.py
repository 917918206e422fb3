"""Which roads matter most: what shutting each of them would cost the households behind it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.ids import BuildingId, ClosureId, HazardId
from responder.domain.reach.criticality import ClosureCost, CriticalityStatus, JobState
from responder.services.reach import closure_cost
from responder.services.reach import criticality as service

router = APIRouter(prefix="/circles/{circle_id}", tags=["reach"], route_class=StrictRoute)

PedestriansPass = Annotated[
    bool, Query(description="People on foot get past what is shut, as they do past a parked lorry")
]


@router.get("/criticality", responses=answers(401, 404))
async def shown(
    viewer: InCircle,
    context: ContextDep,
    *,
    building_id: BuildingId | None = None,
    pedestrians_pass: PedestriansPass = True,
) -> CriticalityStatus:
    """Return the computation's progress and its last result; without a building, for the circle."""
    return await service.show_criticality(
        context.database,
        viewer=viewer,
        building_id=building_id,
        pedestrians_pass=pedestrians_pass,
        clock=context.clock,
    )


@router.post(
    "/criticality",
    status_code=202,
    responses={
        **answers(401, 404, 409),
        200: {"model": CriticalityStatus, "description": "What is known is fresh"},
    },
)
async def started(
    viewer: InCircle,
    context: ContextDep,
    response: Response,
    *,
    building_id: BuildingId | None = None,
    pedestrians_pass: PedestriansPass = True,
) -> CriticalityStatus:
    """
    Begin the computation: 202 while it runs, 200 when what is known is fresh.

    It takes from a moment to a minute, in one process at a time; ask by GET how far it is.
    """
    status = await service.start_criticality(
        context.database,
        context.roads,
        context.jobs,
        viewer=viewer,
        building_id=building_id,
        pedestrians_pass=pedestrians_pass,
        clock=context.clock,
    )
    if status.state is not JobState.RUNNING:
        response.status_code = 200
    return status


@router.get("/closures/{closure_id}/cost", responses=answers(401, 404, 409))
async def closure_costs(viewer: InCircle, context: ContextDep, closure_id: ClosureId) -> ClosureCost:
    """Tell what a closure costs, against the same roads without it."""
    return await closure_cost.cost_of_closure(
        context.database,
        context.roads,
        context.jobs,
        viewer=viewer,
        closure_id=closure_id,
        clock=context.clock,
    )


@router.get("/hazards/{hazard_id}/cost", responses=answers(401, 404, 409))
async def hazard_costs(viewer: InCircle, context: ContextDep, hazard_id: HazardId) -> ClosureCost:
    """Tell what it would cost if a hazard shut the road where it is to whatever drives or rides."""
    return await closure_cost.cost_of_hazard(
        context.database, context.roads, context.jobs, viewer=viewer, hazard_id=hazard_id, clock=context.clock
    )
