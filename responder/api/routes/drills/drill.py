"""Drills: plan them, change the plan, call them off."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Moment, OptionalIdempotencyKey, Word
from responder.api.json_body import StrictRoute
from responder.api.routes.drills.plan_body import DrillPlaceBody, Partners, PlanBody
from responder.domain.drills.plan import DrillCard, DrillMode, DrillPlan, DrillState
from responder.domain.drills.template import TemplateLanguage
from responder.domain.errors import InvalidValueError
from responder.domain.ids import DrillId
from responder.services.drills import drills
from responder.services.drills.from_template import TemplateChoice, plan_from_template
from responder.services.drills.planned_reach import PlannedReach, show_planned_reach
from responder.services.drills.problems import PlanProblem

router = APIRouter(prefix="/circles/{circle_id}/drills", tags=["drills"], route_class=StrictRoute)

LONGEST_PAGE: Final = 100


class DrillPage(BaseModel):
    """What everyone may know of drills, the last created first."""

    drills: tuple[DrillCard, ...]
    next: DrillId | None
    """Ask again with `before` this for the older ones; null when there are none."""


class DrillAnswer(BaseModel):
    """A drill with its whole plan."""

    id: DrillId
    state: DrillState
    plan: DrillPlan
    revision: int
    version: str
    created_at: datetime
    created_by_name: str
    changed_at: datetime
    changed_by_name: str
    problems: tuple[PlanProblem, ...]
    """What keeps it from being ready; empty when it can start."""

    @classmethod
    def of(cls, shown: drills.ShownDrill) -> "DrillAnswer":
        same = {name: getattr(shown.drill, name) for name in cls.model_fields if name != "problems"}
        return cls(**same, problems=shown.problems)


class TemplateBody(Body):
    """A template, and what it leaves open."""

    key: Word
    language: TemplateLanguage
    place: DrillPlaceBody
    mode: DrillMode = DrillMode.FIELD
    starts_at: Moment | None = None
    partner_ids: Partners = ()
    """Who takes part; without any, the circle's partners of the template's kinds."""


class NewDrill(Body):
    """Either the whole plan of a new drill, or a template to make it from."""

    plan: PlanBody | None = None
    template: TemplateBody | None = None


class ChangedDrill(Body):
    """The plan that takes the place of the one before."""

    plan: PlanBody
    expected_version: Annotated[
        Word | None,
        Field(description="The version that was seen; when another holds by now nothing is changed"),
    ] = None


@router.get("", responses=answers(401, 403, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    *,
    before: DrillId | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = LONGEST_PAGE,
) -> DrillPage:
    """List the circle's drills, the last created first, without what would give them away."""
    found, following = await drills.list_drills(context.database, viewer=viewer, before=before, limit=limit)
    return DrillPage(drills=found, next=following)


@router.post("", status_code=201, responses=answers(401, 403, 404, 413))
async def planned(
    viewer: InCircle,
    context: ContextDep,
    body: NewDrill,
    idempotency_key: OptionalIdempotencyKey = None,
) -> DrillAnswer:
    """Plan a drill. A plan that lacks something is saved with its `problems`."""
    if body.template is not None and body.plan is None:
        chosen = dict(body.template)
        plan = await plan_from_template(
            context.database,
            viewer=viewer,
            choice=TemplateChoice(**{**chosen, "place": body.template.place.value()}),
        )
    elif body.plan is not None and body.template is None:
        plan = body.plan.value()
    else:
        message = "a drill is made from a plan or from a template"
        raise InvalidValueError(message, field="plan")
    shown = await drills.plan_drill(
        context.database,
        context.roads,
        viewer=viewer,
        plan=plan,
        idempotency_key=idempotency_key,
        clock=context.clock,
    )
    return DrillAnswer.of(shown)


@router.get("/{drill_id}", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> DrillAnswer:
    """Show a drill with its whole plan."""
    return DrillAnswer.of(await drills.show_drill(context.database, viewer=viewer, drill_id=drill_id))


@router.put("/{drill_id}", responses=answers(401, 403, 404, 409, 413))
async def changed(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, body: ChangedDrill
) -> DrillAnswer:
    """Change the plan of a drill that has not started."""
    found = await drills.change_drill(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        plan=body.plan.value(),
        expected_version=body.expected_version,
        clock=context.clock,
    )
    return DrillAnswer.of(found)


@router.post("/{drill_id}/call-off", responses=answers(401, 403, 404, 409))
async def called_off(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> DrillAnswer:
    """Call a drill off that has not started; participants' calendars drop it."""
    found = await drills.call_off_drill(
        context.database, viewer=viewer, drill_id=drill_id, clock=context.clock
    )
    return DrillAnswer.of(found)


@router.get("/{drill_id}/planned-reach", responses=answers(401, 403, 404, 409))
async def expected(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> PlannedReach:
    """Tell who should arrive when, at the start and after each inject that changes the way there."""
    return await show_planned_reach(
        context.database, context.roads, viewer=viewer, drill_id=drill_id, clock=context.clock
    )
