"""Closures: stretches of road that (some) traffic cannot pass."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Line, Metres, Moment, Tonnes, Word
from responder.api.json_body import StrictRoute
from responder.domain.ids import ClosureId, HazardId
from responder.domain.map.closure import Closure
from responder.domain.reach.criticality import ClosureCost
from responder.services.map import closures
from responder.services.map.queries import list_layer
from responder.services.reach import closure_cost

router = APIRouter(prefix="/circles/{circle_id}/closures", tags=["closures"], route_class=StrictRoute)


class ClosureBody(Body):
    """Where, for whom and how long. Without any bound the lane is closed to all."""

    name: Line
    geometry: Annotated[dict[str, Any], Field(description="GeoJSON geometry, WGS 84")]
    wider_than_m: Metres | None = None
    higher_than_m: Metres | None = None
    heavier_than_t: Tonnes | None = None
    profiles: Annotated[tuple[Word, ...], Field(max_length=20)] | None = None
    hazard_id: HazardId | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None


@router.get("", responses=answers(401, 404))
async def listed(viewer: InCircle, context: ContextDep) -> tuple[Closure, ...]:
    """List the closures that are not lifted."""
    return await list_layer(context.database, viewer=viewer, kind=Closure)


@router.post("", status_code=201, responses=answers(401, 403, 404, 413))
async def closed(viewer: InCircle, context: ContextDep, body: ClosureBody) -> Closure:
    """Close a lane; reach of every open incident is recomputed."""
    new = closures.NewClosure(**dict(body))
    return await closures.set_closure(
        context.database, context.roads, viewer=viewer, new=new, clock=context.clock
    )


@router.post("/preview", responses=answers(401, 403, 404, 409, 413))
async def previewed(viewer: InCircle, context: ContextDep, body: ClosureBody) -> ClosureCost:
    """Preview what a closure would cost; nothing is set and no one is called."""
    new = closures.NewClosure(**dict(body))
    return await closure_cost.preview_closure(
        context.database, context.roads, context.jobs, viewer=viewer, new=new, clock=context.clock
    )


@router.delete("/{closure_id}", responses=answers(401, 403, 404, 409))
async def lifted(viewer: InCircle, context: ContextDep, closure_id: ClosureId) -> Closure:
    """Lift a closure; reach of every open incident is recomputed."""
    return await closures.lift_closure(
        context.database, context.roads, viewer=viewer, closure_id=closure_id, clock=context.clock
    )
