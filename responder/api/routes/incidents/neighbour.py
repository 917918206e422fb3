"""Neighbouring circles: which of the own units they may call, and whom this circle may ask for help."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body
from responder.api.json_body import StrictRoute
from responder.domain.ids import CircleId, UnitId
from responder.services.ladder import neighbours as service
from responder.services.ladder.neighbours import ShownNeighbour

router = APIRouter(prefix="/circles/{circle_id}/neighbours", tags=["ladder"], route_class=StrictRoute)


class NeighbourBody(Body):
    """What the other circle may do."""

    unit_ids: Annotated[tuple[UnitId, ...], Field(max_length=200)]
    """Own units that it may call; none to ask for help without giving any."""


class Agreements(BaseModel):
    """The circle's agreements."""

    neighbours: tuple[ShownNeighbour, ...]


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep) -> Agreements:
    """List the circle's agreements; the other's name is shown once it has agreed, too."""
    return Agreements(neighbours=await service.list_neighbours(context.database, viewer=viewer))


@router.put("/{neighbour_id}", responses=answers(401, 403, 404, 413))
async def agreed(
    viewer: InCircle, context: ContextDep, neighbour_id: CircleId, body: NeighbourBody
) -> Agreements:
    """Agree that another circle may call some units; it holds when the other has named this one."""
    found = await service.set_neighbour(
        context.database,
        viewer=viewer,
        neighbour_id=neighbour_id,
        unit_ids=body.unit_ids,
        clock=context.clock,
    )
    return Agreements(neighbours=found)


@router.delete("/{neighbour_id}", responses=answers(401, 403, 404))
async def ended(viewer: InCircle, context: ContextDep, neighbour_id: CircleId) -> Agreements:
    """End an agreement; those who are called already stay called."""
    found = await service.remove_neighbour(
        context.database, viewer=viewer, neighbour_id=neighbour_id, clock=context.clock
    )
    return Agreements(neighbours=found)
