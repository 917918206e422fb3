"""Facilities near a place, by path, that can be used now."""

from fastapi import APIRouter

from geo.lonlat import LonLat
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Word
from responder.api.json_body import StrictRoute
from responder.api.routes.reach.reach import Lat, Lon, point_of
from responder.domain.ids import BuildingId
from responder.domain.map.facility import FacilityKind
from responder.services.registers.facilities.coverage import Coverage, show_coverage
from responder.services.registers.facilities.nearest import NearestFacilities, show_nearest

router = APIRouter(prefix="/circles/{circle_id}", tags=["registers"], route_class=StrictRoute)


@router.get("/nearest", responses=answers(401, 404, 409))
async def nearest(
    viewer: InCircle,
    context: ContextDep,
    *,
    building_id: BuildingId | None = None,
    entrance: Word | None = None,
    lon: Lon | None = None,
    lat: Lat | None = None,
) -> NearestFacilities:
    """
    Find the nearest hydrant, AED and so on that is in service and open now, along the ways there are.

    What is fetched comes with the seconds on foot, one way; a hydrant with the hose that has to be laid.
    """
    lonlat: LonLat | None = point_of(lon, lat)
    return await show_nearest(
        context.database,
        context.roads,
        context.nearest,
        viewer=viewer,
        building_id=building_id,
        entrance=entrance,
        lonlat=lonlat,
        clock=context.clock,
    )


@router.get("/facilities/coverage", responses=answers(401, 404, 409))
async def coverage(viewer: InCircle, context: ContextDep, kind: FacilityKind) -> Coverage:
    """Tell how far each lived-in building is from the nearest facility of a kind, the farthest first."""
    return await show_coverage(context.database, context.roads, viewer=viewer, kind=kind, clock=context.clock)
