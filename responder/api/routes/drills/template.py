"""Templates of drills."""

from fastapi import APIRouter
from pydantic import BaseModel

from responder.api.deps.auth import InCircle
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.drills.template import DrillTemplate
from responder.services.drills.from_template import list_templates

router = APIRouter(prefix="/circles/{circle_id}/drill-templates", tags=["drills"], route_class=StrictRoute)


class TemplateList(BaseModel):
    """Drills to begin with, in both languages."""

    templates: tuple[DrillTemplate, ...]


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: InCircle) -> TemplateList:
    """List the templates that a drill can be made from."""
    return TemplateList(templates=list_templates(viewer=viewer))
