"""A drill as an entry of participants' calendars."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import DrillId
from responder.services.drills.exchange import drill_for_calendar

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"])

CALENDAR_MEDIA_TYPE = "text/calendar"


@router.get(
    "/calendar.ics",
    response_class=Response,
    responses={
        200: {"content": {CALENDAR_MEDIA_TYPE: {}}, "description": "iCalendar"},
        **answers(401, 404, 409),
    },
)
async def calendar(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    *,
    language: Annotated[Language, Query()] = DEFAULT_LANGUAGE,
) -> Response:
    """
    Give the drill as a calendar file: the notice, when and where, and nothing that would give it away.

    The entry keeps its UID: a later file moves it, and one of a drill that was called off takes it away.
    """
    found = await drill_for_calendar(context.database, viewer=viewer, drill_id=drill_id)
    # icalendar takes a while to load, and few ask for it.
    from responder.exchange.drill_calendar import write_calendar  # noqa: PLC0415

    body = write_calendar(found.drill, found.circle, time_zone=found.time_zone, language=language)
    return Response(
        body,
        media_type=f"{CALENDAR_MEDIA_TYPE}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="exercise-{drill_id}.ics"',
            "Cache-Control": "no-store",
        },
    )
