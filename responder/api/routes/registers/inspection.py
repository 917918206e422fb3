"""Inspections of shared facilities."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, ShortNote
from responder.api.json_body import StrictRoute
from responder.api.picture import PICTURE_ANSWER, PICTURE_BODY, picture, sent_photo
from responder.domain.ids import FacilityId, InspectionId
from responder.domain.registers.inspection import Inspection, InspectionResult
from responder.exchange.pictures import redrawn
from responder.services.registers.facilities import inspect

router = APIRouter(prefix="/circles/{circle_id}", tags=["registers"], route_class=StrictRoute)


class InspectionBody(Body):
    """What was found; what is faulty needs a note."""

    round_id: UUID
    result: InspectionResult
    note: ShortNote = ""


class InspectionList(BaseModel):
    """What was found, the last first."""

    inspections: list[Inspection]


@router.put("/facilities/{facility_id}/inspections/{inspection_id}", responses=answers(401, 403, 404, 409))
async def inspected(
    viewer: InCircle,
    context: ContextDep,
    facility_id: FacilityId,
    inspection_id: InspectionId,
    body: InspectionBody,
) -> Inspection:
    """
    Say what was found, under an id that the device made; sent again it is kept once.

    A faulty facility is not offered as the nearest from then on, until an inspection finds that it works.
    """
    return await inspect.inspect_facility(
        context.database,
        viewer=viewer,
        facility_id=facility_id,
        inspection_id=inspection_id,
        round_id=body.round_id,
        result=body.result,
        note=body.note,
        clock=context.clock,
    )


@router.get("/inspections", responses=answers(401, 403, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    *,
    facility_id: FacilityId | None = None,
    before: InspectionId | None = None,
    limit: Annotated[int, Query(ge=1, le=inspect.MOST_LISTED)] = 50,
) -> InspectionList:
    """List what was found, the last first; of one facility or of all."""
    found = await inspect.list_inspections(
        context.database, viewer=viewer, facility_id=facility_id, before=before, limit=limit
    )
    return InspectionList(inspections=list(found))


@router.put(
    "/inspections/{inspection_id}/photo",
    status_code=204,
    responses=answers(401, 403, 404, 413),
    openapi_extra=PICTURE_BODY,
)
async def photographed(
    viewer: InCircle, context: ContextDep, request: Request, inspection_id: InspectionId
) -> None:
    """Keep a picture of what was found, in the place of one before."""
    await inspect.add_inspection_photo(
        context.database,
        viewer=viewer,
        inspection_id=inspection_id,
        photo=await sent_photo(request),
        redraw=redrawn,
    )


@router.get("/inspections/{inspection_id}/photo", response_class=Response, responses=PICTURE_ANSWER)
async def pictured(viewer: InCircle, context: ContextDep, inspection_id: InspectionId) -> Response:
    """Show the picture of what was found."""
    return picture(
        await inspect.show_inspection_photo(context.database, viewer=viewer, inspection_id=inspection_id)
    )
