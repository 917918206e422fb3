"""Rehearsals of drills; no one is called."""

from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body
from responder.api.json_body import StrictRoute
from responder.domain.drills.rehearsal.rehearsal import Rehearsal
from responder.domain.ids import DrillId
from responder.ports.clock import moment

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"], route_class=StrictRoute)

MOST_RUNS: Final = 200
LARGEST_SEED: Final = 2**53 - 1 - MOST_RUNS
"""Seeds of all runs are whole numbers in JavaScript, too."""
LATEST_S: Final = 30 * 86_400


class RehearsalBody(Body):
    """Which rehearsal, and how many more."""

    seed: Annotated[
        int,
        Field(ge=0, le=LARGEST_SEED, strict=True, description="The same seed gives the same rehearsal"),
    ] = 1
    runs: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_RUNS,
            strict=True,
            description="Of more than one, each objective's chance is told; "
            "fewer are made where they would take more than a minute",
        ),
    ] = 1
    from_s: Annotated[
        int | None,
        Field(
            ge=0,
            le=LATEST_S,
            strict=True,
            description="Go on from the drill's run as it stood so many seconds after its start, pauses "
            "included; without it the rehearsal begins with the call",
        ),
    ] = None


@router.post("/rehearsal", response_model=Rehearsal, responses=answers(401, 403, 404, 409, 503))
async def rehearsed(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, body: RehearsalBody
) -> Response:
    """
    Rehearse the plan of a drill without people: what happens by a seed, and where the plan breaks.

    With `from_s` it goes on from the run of the drill as it stood at that second.
    """
    # The bytes are those of the digest; written by the thread that rehearsed.
    content = await context.rehearsals.rehearse(
        context.database,
        context.roads,
        context.priority,
        viewer=viewer,
        drill_id=drill_id,
        seed=body.seed,
        runs=body.runs,
        from_s=body.from_s,
        now=moment(context.clock),
    )
    return Response(content=content, media_type="application/json")
