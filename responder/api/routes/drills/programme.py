"""The yearly programme of drills."""

from typing import Annotated

from fastapi import APIRouter, Query

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.domain.drills.programme import HALF_YEARLY_DAYS, DrillProgramme
from responder.services.drills.follow_up.programme import show_programme

router = APIRouter(prefix="/circles/{circle_id}", tags=["drills"])


@router.get("/drill-programme", responses=answers(401, 403, 404))
async def shown(
    viewer: InCircle,
    context: ContextDep,
    *,
    year: Annotated[int | None, Query(ge=2000, le=9998)] = None,
    every_days: Annotated[int, Query(ge=1, le=3660)] = HALF_YEARLY_DAYS,
) -> DrillProgramme:
    """Show the drills of a year, who took part, and for whom the next is due when."""
    return await show_programme(
        context.database, viewer=viewer, year=year, every_days=every_days, clock=context.clock
    )
