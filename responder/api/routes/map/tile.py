"""Vector tiles of a circle's own map."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.errors import NotFoundError
from responder.services.map.queries import show_tile

router = APIRouter(prefix="/circles/{circle_id}/tiles", tags=["map"], route_class=StrictRoute)

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
CACHE = "private, max-age=60"
"""Short, so that imported roads show soon; and the browser's own, since the map is the circle's."""
DEEPEST = 22
Z = Annotated[int, Path(ge=0, le=DEEPEST)]
Column = Annotated[int, Path(ge=0, lt=2**DEEPEST)]


class TileResponse(Response):
    """A Mapbox Vector Tile."""

    media_type = MEDIA_TYPE


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The tile",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "Nothing is there"},
    304: {"description": "As the client has it"},
}


@router.get("/{z}/{x}/{y}", response_class=TileResponse, responses={**_ANSWERS, **answers(401, 404)})
async def tile(
    viewer: InCircle, context: ContextDep, request: Request, *, z: Z, x: Column, y: Column
) -> Response:
    """Draw the roads, buildings and labels of one tile."""
    if max(x, y) >= 2**z:
        raise NotFoundError(what="tile")
    content = await show_tile(context.database, viewer=viewer, z=z, x=x, y=y)
    if not content:
        return Response(status_code=204, headers={"Cache-Control": CACHE})
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": CACHE}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return TileResponse(content, headers=headers)
