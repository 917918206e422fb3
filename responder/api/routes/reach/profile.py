"""How people and vehicles move in a circle: figures with their sources, which its staff may change."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Word
from responder.api.json_body import StrictRoute
from responder.services.reach import profiles as service
from responder.services.reach.profiles import ShownProfiles

router = APIRouter(prefix="/circles/{circle_id}/profiles", tags=["reach"], route_class=StrictRoute)

Table = Annotated[
    dict[str, Any],
    Field(description="Of the form of geo/network/profiles.yaml; parts left out are those that are shipped"),
]


class NewProfiles(Body):
    """The figures that the circle shall go by; null for those that are shipped."""

    table: Table | None
    expected_version: Annotated[
        Word | None,
        Field(description="The version that was seen; when another holds by now nothing is changed"),
    ] = None


@router.get("", responses=answers(401, 404))
async def shown(viewer: InCircle, context: ContextDep) -> ShownProfiles:
    """Tell the figures that the circle goes by, each with its source."""
    return await service.show_profiles(context.database, viewer=viewer)


@router.put("", responses=answers(401, 403, 404, 409))
async def changed(viewer: InCircle, context: ContextDep, body: NewProfiles) -> ShownProfiles:
    """Change the circle's profiles; reach of every open incident is recomputed."""
    return await service.set_profiles(
        context.database,
        context.roads,
        viewer=viewer,
        table=body.table,
        expected_version=body.expected_version,
        clock=context.clock,
    )
