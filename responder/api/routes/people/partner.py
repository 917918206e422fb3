"""The organisations that signed."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from responder.api.deps.auth import Overseer
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.people.partner import PartnerKind
from responder.services.people.list_people import list_partners

router = APIRouter(prefix="/circles/{circle_id}/partners", tags=["people"], route_class=StrictRoute)


class PartnerAnswer(BaseModel):
    """An organisation that signed."""

    id: UUID
    kind: PartnerKind
    name: str
    name_en: str


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: Overseer, context: ContextDep) -> list[PartnerAnswer]:
    """List the partners of the circle."""
    found = await list_partners(context.database, viewer=viewer)
    return [
        PartnerAnswer(id=partner.id, kind=partner.kind, name=partner.name, name_en=partner.name_en)
        for partner in found
    ]
