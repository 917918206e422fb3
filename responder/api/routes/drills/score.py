"""How a drill came out: its score, and the report on it."""

from fastapi import APIRouter

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.domain.ids import DrillId
from responder.services.drills.score.score_drill import DrillScore, score_drill

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"])


@router.get("/score", responses=answers(401, 403, 404, 409))
async def scored(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> DrillScore:
    """Score the drill: objectives, times, injects and attendance, with the events that prove them."""
    return await score_drill(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)
