"""Buildings as GeoJSON, with how many households live in each: every look is recorded."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.api.routes.feature import (
    Attribution,
    BboxText,
    FeatureCollection,
    GeoJsonResponse,
    bbox_of,
    collection,
)
from responder.services.map.view_households import export_households, view_households

router = APIRouter(prefix="/circles/{circle_id}/buildings", tags=["map"], route_class=StrictRoute)


@router.get("", response_class=GeoJsonResponse, responses=answers(401, 403, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    response: Response,
    attribution: Attribution,
    *,
    bbox: BboxText | None = None,
    export: Annotated[bool, Query(description="A file to take away; needs the right `export`")] = False,
) -> FeatureCollection:
    """List the buildings of the circle; with `bbox` those that touch it. Every look is recorded."""
    area = bbox_of(bbox) if bbox is not None else None
    look = export_households if export else view_households
    found = await look(context.database, viewer=viewer, clock=context.clock, bbox=area)
    if export:
        response.headers["Content-Disposition"] = 'attachment; filename="buildings.geojson"'
    return collection(found, attribution)
