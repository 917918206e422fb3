"""Pictures that injects of drills carry."""

from fastapi import APIRouter, Request, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.api.picture import PICTURE_ANSWER, PICTURE_BODY, picture, sent_photo
from responder.domain.ids import AlertId, DrillId, PhotoId
from responder.exchange.pictures import redrawn
from responder.services.drills import photos

router = APIRouter(prefix="/circles/{circle_id}", tags=["drills"], route_class=StrictRoute)


@router.put(
    "/drills/{drill_id}/photos/{photo_id}",
    status_code=204,
    responses=answers(401, 403, 404, 409, 413),
    openapi_extra=PICTURE_BODY,
)
async def added(
    viewer: InCircle, context: ContextDep, request: Request, drill_id: DrillId, photo_id: PhotoId
) -> None:
    """Keep a picture for an inject, under an id that the device made; sent again it is kept once."""
    await photos.add_inject_photo(
        context.database,
        viewer=viewer,
        drill_id=drill_id,
        photo_id=photo_id,
        photo=await sent_photo(request),
        redraw=redrawn,
        clock=context.clock,
    )


@router.get("/drills/{drill_id}/photos/{photo_id}", response_class=Response, responses=PICTURE_ANSWER)
async def planned(viewer: InCircle, context: ContextDep, drill_id: DrillId, photo_id: PhotoId) -> Response:
    """Show a picture of the plan, whether or not its inject was given."""
    found = await photos.show_inject_photo(
        context.database, viewer=viewer, drill_id=drill_id, photo_id=photo_id
    )
    return picture(found)


@router.get("/alerts/{alert_id}/photo", response_class=Response, responses=PICTURE_ANSWER)
async def told(viewer: InCircle, context: ContextDep, alert_id: AlertId) -> Response:
    """Show the picture that goes with the text of an update, to those who read that."""
    found = await photos.show_alert_photo(context.database, viewer=viewer, alert_id=alert_id)
    return picture(found)
