"""What lies on the map, as GeoJSON: one path for each layer that is listed in full."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

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
from responder.domain.map.feature_import import FEATURE_TYPES, Noun
from responder.services.map.facility_hours import show_hours
from responder.services.map.queries import list_layer

LISTED: Final = {noun: kind for noun, kind in FEATURE_TYPES.items() if noun is not Noun.BUILDINGS}
"""Buildings have a path of their own, where every look is recorded."""

router = APIRouter(prefix="/circles/{circle_id}", tags=["map"], route_class=StrictRoute)


def _lister(kind: type) -> Callable[..., Awaitable[FeatureCollection]]:
    async def found(
        viewer: InCircle, context: ContextDep, attribution: Attribution, bbox: BboxText | None = None
    ) -> FeatureCollection:
        area = bbox_of(bbox) if bbox is not None else None
        things: tuple[Any, ...] = await list_layer(context.database, viewer=viewer, kind=kind, bbox=area)
        listed = collection(things, attribution)
        hours = await show_hours(context.database, viewer=viewer, things=things, clock=context.clock)
        for each in listed.features:
            if each.id in hours:
                each.properties["hours"] = hours[each.id]
        return listed

    return found


for _name, _kind in LISTED.items():
    router.add_api_route(
        f"/{_name}",
        _lister(_kind),
        description=f"List the {_name} of the circle; with `bbox` those that touch it.",
        response_class=GeoJsonResponse,
        responses=answers(401, 404),
    )
