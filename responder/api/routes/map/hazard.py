"""Fire hazards as GeoJSON."""

from fastapi import APIRouter

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
from responder.services.map.queries import list_hazards

router = APIRouter(prefix="/circles/{circle_id}/hazards", tags=["map"], route_class=StrictRoute)


@router.get("", response_class=GeoJsonResponse, responses=answers(401, 404))
async def listed(
    viewer: InCircle, parts: ContextDep, attribution: Attribution, bbox: BboxText | None = None
) -> FeatureCollection:
    """List the hazards of the circle; with `bbox` those that touch it."""
    area = bbox_of(bbox) if bbox is not None else None
    return collection(await list_hazards(parts.database, viewer=viewer, bbox=area), attribution)
