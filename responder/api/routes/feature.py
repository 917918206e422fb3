"""Things on the map as RFC 7946 has them."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel
from starlette.responses import JSONResponse

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.domain.map.attribution import OPENSTREETMAP, OPENSTREETMAP_LICENCE
from responder.domain.map.feature_import import property_names
from responder.domain.map.unit import Unit
from responder.services.map.queries import show_attribution


class GeoJsonResponse(JSONResponse):
    """An answer in GeoJSON."""

    media_type = "application/geo+json"


class Feature(BaseModel):
    """A thing with a place."""

    type: Literal["Feature"] = "Feature"
    id: str | None = None
    geometry: dict[str, Any]
    properties: dict[str, Any]


class Credited(BaseModel):
    """An answer that says whose data it rests on."""

    attribution: str | None
    """To be shown wherever the data is; null where the circle holds no data of others."""
    license: str | None
    """Address of the terms under which that data may be used."""


class FeatureCollection(Credited):
    """Things with places, longitude first, WGS 84."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]


async def _attribution(viewer: InCircle, context: ContextDep) -> str | None:
    return await show_attribution(context.database, viewer=viewer)


Attribution = Annotated[str | None, Depends(_attribution)]
"""The credit that the circle's map must carry."""


def credits_of(attribution: str | None) -> dict[str, str | None]:
    """Return the fields of `Credited`."""
    licence = OPENSTREETMAP_LICENCE if attribution == OPENSTREETMAP else None
    return {"attribution": attribution, "license": licence}


def _as_bbox(text: str) -> str:
    bbox_of(text)
    return text


BboxText = Annotated[
    str, Query(max_length=100, examples=["112.98,28.15,112.99,28.16"]), AfterValidator(_as_bbox)
]
"""West, south, east, north in degrees, WGS 84, separated by commas."""


def bbox_of(text: str) -> tuple[float, float, float, float]:
    """Read a bounding box, or raise ValueError."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        message = "a bbox is west,south,east,north"
        raise ValueError(message) from None
    # Comparisons with NaN are false, so that a box of such is none.
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - the bounds of the earth
        message = "a bbox is west,south,east,north in degrees, west before east and south before north"
        raise ValueError(message)
    return west, south, east, north


def collection(things: Iterable[Any], attribution: str | None) -> FeatureCollection:
    """Put things into a collection; properties are the fields of the thing."""
    return FeatureCollection(features=[feature_of(thing) for thing in things], **credits_of(attribution))


def feature_of(thing: Any) -> Feature:  # noqa: ANN401 - any layer's
    properties = {name: getattr(thing, name) for name in property_names(type(thing))}
    return Feature(id=str(thing.id), geometry=_geometry(thing), properties=properties)


def _geometry(thing: Any) -> Any:  # noqa: ANN401 - any layer's
    if isinstance(thing, Unit):
        return {"type": "Point", "coordinates": list(thing.post)}
    if hasattr(thing, "lon"):
        return {"type": "Point", "coordinates": [thing.lon, thing.lat]}
    return thing.geometry
