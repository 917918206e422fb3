"""The life of hazards: steps, pictures, what is overdue, and the circle's rules for it."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Metres, ShortNote
from responder.api.json_body import StrictRoute
from responder.api.picture import PICTURE_ANSWER, PICTURE_BODY, picture, sent_photo
from responder.domain.ids import HazardId, HazardStepId, PartnerId, PhotoId
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.registers.hazard_life import HazardSource, HazardStep, HazardStepKind
from responder.domain.registers.hazard_rules import (
    DUE,
    GRADES,
    KINDS,
    SHIPPED,
    Citation,
    HazardKind,
    HazardRules,
)
from responder.exchange.pictures import redrawn, shrunk
from responder.services.registers.hazards import photos, queries, rules, steps

router = APIRouter(prefix="/circles/{circle_id}", tags=["registers"], route_class=StrictRoute)


def _day(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if value is not None and (not isinstance(value, str) or len(value) != len("2025-01-31")):
        message = "a day is written as text, such as 2025-01-31"
        raise ValueError(message)
    return value


Days = Annotated[int, Field(ge=0, le=365, strict=True)]


class StepAnswer(BaseModel):
    """One thing that was done about a hazard."""

    number: int
    kind: HazardStepKind
    state: HazardState
    at: datetime
    by_name: str
    note: str
    owner_id: PartnerId | None
    due_on: date | None
    photo_id: PhotoId | None
    source: HazardSource

    @classmethod
    def of(cls, step: HazardStep) -> "StepAnswer":
        return cls(**{name: getattr(step, name) for name in cls.model_fields})


class LifeAnswer(BaseModel):
    """What was done about a hazard, and what the caller may do next."""

    hazard: Hazard
    steps: tuple[StepAnswer, ...]
    possible: tuple[HazardStepKind, ...]
    closed_before: int
    """Hazards of its kind that were closed at the same place."""
    usual_due_on: date
    """The last day, were it assigned today."""


class RulesAnswer(BaseModel):
    """What a circle goes by, and what that rests on."""

    general_days: int
    major_days: int
    same_place_m: float
    is_custom: bool
    kinds: tuple[HazardKind, ...]
    grades: Citation
    due: Citation

    @classmethod
    def of(cls, its: HazardRules) -> "RulesAnswer":
        return cls(
            general_days=its.due_days[HazardGrade.GENERAL],
            major_days=its.due_days[HazardGrade.MAJOR],
            same_place_m=its.same_place_m,
            is_custom=its != SHIPPED,
            kinds=KINDS,
            grades=GRADES,
            due=DUE,
        )


class FollowUpAnswer(BaseModel):
    """What is to be done about the hazards of a circle."""

    today: date
    overdue: tuple[HazardId, ...]
    """Those not mended whose last day has passed, the longest first."""
    closed_before: dict[HazardId, int]
    """How many of their kind were closed at the same place before."""
    rules: RulesAnswer


class HazardStepBody(Body):
    """What a person does about a hazard."""

    kind: HazardStepKind
    note: ShortNote = ""
    owner_id: PartnerId | None = None
    due_on: Annotated[date | None, BeforeValidator(_day)] = None
    photo_id: PhotoId | None = None


class LaneBody(Body):
    """What of the lane stays free: 0 blocks it, null opens it."""

    clear_width_m: Metres | None


class RulesBody(Body):
    """Days until a hazard is to be mended, by grade, and what counts as the same place."""

    general_days: Days
    major_days: Days
    same_place_m: Metres = SHIPPED.same_place_m


@router.get("/hazard-follow-up", responses=answers(401, 404))
async def followed_up(viewer: InCircle, context: ContextDep) -> FollowUpAnswer:
    """Say which hazards are overdue, which came back at a place, and by which rules."""
    found = await queries.show_follow_up(context.database, viewer=viewer, clock=context.clock)
    return FollowUpAnswer(
        today=found.today,
        overdue=found.overdue,
        closed_before=dict(found.closed_before),
        rules=RulesAnswer.of(found.rules),
    )


@router.put("/hazard-rules", responses=answers(401, 403, 404, 413))
async def ruled(viewer: InCircle, context: ContextDep, body: RulesBody) -> RulesAnswer:
    """Set the days for mending; hazards that have a last day keep it."""
    its = HazardRules(
        due_days={HazardGrade.GENERAL: body.general_days, HazardGrade.MAJOR: body.major_days},
        same_place_m=body.same_place_m,
    )
    return RulesAnswer.of(
        await rules.set_hazard_rules(context.database, viewer=viewer, rules=its, clock=context.clock)
    )


@router.get("/hazards/{hazard_id}/life", responses=answers(401, 404))
async def lived(viewer: InCircle, context: ContextDep, hazard_id: HazardId) -> LifeAnswer:
    """Tell what was done about a hazard, and what the caller may do next."""
    return await _life(viewer, context, hazard_id)


@router.put("/hazards/{hazard_id}/steps/{step_id}", responses=answers(401, 403, 404, 409, 413))
async def stepped(
    viewer: InCircle, context: ContextDep, hazard_id: HazardId, step_id: HazardStepId, body: HazardStepBody
) -> LifeAnswer:
    """Take a step, under an id that the device made; closing lifts closures, reopening sets them again."""
    await steps.take_step(
        context.database,
        context.roads,
        viewer=viewer,
        hazard_id=hazard_id,
        new=steps.NewStep(id=step_id, **dict(body)),
        clock=context.clock,
    )
    return await _life(viewer, context, hazard_id)


@router.put("/hazards/{hazard_id}/lane", status_code=204, responses=answers(401, 403, 404, 413))
async def narrowed(viewer: InCircle, context: ContextDep, hazard_id: HazardId, body: LaneBody) -> None:
    """Say what of the lane a hazard leaves free; reach of every open incident is recomputed."""
    await steps.narrow_lane(
        context.database,
        context.roads,
        viewer=viewer,
        hazard_id=hazard_id,
        clear_width_m=body.clear_width_m,
        clock=context.clock,
    )


@router.put(
    "/hazards/{hazard_id}/photos/{photo_id}",
    status_code=204,
    responses=answers(401, 403, 404, 413),
    openapi_extra=PICTURE_BODY,
)
async def added(
    viewer: InCircle, context: ContextDep, request: Request, hazard_id: HazardId, photo_id: PhotoId
) -> None:
    """Keep a picture for a step, under an id that the device made; it is drawn again without what it says."""
    await photos.add_hazard_photo(
        context.database,
        viewer=viewer,
        hazard_id=hazard_id,
        photo_id=photo_id,
        photo=await sent_photo(request),
        redraw=redrawn,
        shrink=shrunk,
        clock=context.clock,
    )


@router.get("/hazards/{hazard_id}/photos/{photo_id}", response_class=Response, responses=PICTURE_ANSWER)
async def shown(
    viewer: InCircle, context: ContextDep, hazard_id: HazardId, photo_id: PhotoId, *, small: bool = False
) -> Response:
    """Show a picture of a hazard, with `small` as it is in lists."""
    found = await photos.show_hazard_photo(
        context.database, viewer=viewer, hazard_id=hazard_id, photo_id=photo_id, small=small
    )
    return picture(found)


async def _life(viewer: InCircle, context: ContextDep, hazard_id: HazardId) -> LifeAnswer:
    shown = await queries.show_life(context.database, viewer=viewer, hazard_id=hazard_id, clock=context.clock)
    return LifeAnswer(
        hazard=shown.hazard,
        steps=tuple(map(StepAnswer.of, shown.steps)),
        possible=shown.possible,
        closed_before=shown.closed_before,
        usual_due_on=shown.usual_due_on,
    )
