"""Reach of a point and isochrones; no one is called."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from geo.lonlat import LonLat
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Word
from responder.api.json_body import StrictRoute
from responder.api.routes.feature import Attribution, Credited, GeoJsonResponse, credits_of
from responder.domain.errors import InvalidValueError
from responder.domain.ids import BuildingId
from responder.domain.incidents.response_circle import ReachPreview
from responder.services.reach import preview as service

router = APIRouter(prefix="/circles/{circle_id}", tags=["reach"], route_class=StrictRoute)

MOST_BANDS = 6
Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Limit = Annotated[float, Query(gt=0, le=7200, allow_inf_nan=False)]


def _as_minutes(text: str) -> str:
    minutes_of(text)
    return text


MinutesText = Annotated[str, Query(max_length=60, examples=["5,10,15"]), AfterValidator(_as_minutes)]


class BandProperties(BaseModel):
    """Which travel time a band stands for."""

    minutes: float
    limit_s: float
    profile: str


class Band(BaseModel):
    """The area from which the point is reached within a time."""

    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any]
    properties: BandProperties


class Bands(Credited):
    """Areas, the largest first, so that drawing them in order leaves each to be seen."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Band] = Field(max_length=MOST_BANDS)


@router.get("/reach", responses=answers(401, 404, 409))
async def reached(
    viewer: InCircle,
    context: ContextDep,
    *,
    building_id: BuildingId | None = None,
    entrance: Word | None = None,
    lon: Lon | None = None,
    lat: Lat | None = None,
    limit_s: Limit | None = None,
) -> ReachPreview:
    """Tell who could be at a building or a point in time, and how many people of each unit can be called."""
    return await service.show_reach(
        context.database,
        context.roads,
        viewer=viewer,
        building_id=building_id,
        entrance=entrance,
        lonlat=point_of(lon, lat),
        limit_s=limit_s,
        clock=context.clock,
    )


@router.get("/isochrones", response_class=GeoJsonResponse, responses=answers(401, 404, 409))
async def drawn(
    viewer: InCircle,
    context: ContextDep,
    attribution: Attribution,
    *,
    lon: Lon,
    lat: Lat,
    profile: Word = "car",
    minutes: MinutesText = "5,10,15",
) -> Bands:
    """Draw from where `profile` gets to the point within each number of minutes."""
    bands = await service.draw_isochrones(
        context.database,
        context.roads,
        viewer=viewer,
        lonlat=LonLat(lon, lat),
        profile=profile,
        limits_s=[60 * number for number in minutes_of(minutes)],
        clock=context.clock,
    )
    features = [_band(limit_s, geometry, profile) for limit_s, geometry in bands]
    return Bands(features=features, **credits_of(attribution))


def minutes_of(text: str) -> list[float]:
    """Read numbers of minutes, or raise ValueError."""
    try:
        found = sorted({float(part) for part in text.split(",")})
    except ValueError:
        found = []
    # Comparisons with NaN are false, so that such a number is none.
    if not found or len(found) > MOST_BANDS or not all(0 < number <= 120 for number in found):  # noqa: PLR2004
        message = f"minutes are up to {MOST_BANDS} numbers above 0 and up to 120, separated by commas"
        raise ValueError(message)
    return found


def _band(limit_s: float, geometry: dict[str, Any], profile: str) -> Band:
    return Band(
        geometry=geometry,
        properties=BandProperties(minutes=limit_s / 60, limit_s=limit_s, profile=profile),
    )


def point_of(lon: float | None, lat: float | None) -> LonLat | None:
    """Return the point of a query, or refuse half of one."""
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        message = "longitude and latitude belong together"
        raise InvalidValueError(message, field="lat" if lat is None else "lon")
    return LonLat(lon, lat)
