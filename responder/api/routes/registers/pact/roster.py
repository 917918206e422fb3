"""The roster: who is on call, weekly or once, and swaps."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from responder.api.day import NearDay
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Moment
from responder.api.json_body import StrictRoute
from responder.domain.ids import PartnerId, ResponderId, RosterPatternId, ShiftId, UnitId
from responder.domain.registers.pact.roster import RosterPattern, Shift
from responder.services.registers.pact import roster
from responder.services.registers.pact.show_roster import LONGEST_DAYS, RosterPerson, show_roster

router = APIRouter(prefix="/circles/{circle_id}/roster", tags=["registers"], route_class=StrictRoute)

TimeOfDay = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Such as 18:00, in the circle's time zone."""
Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]


class ShiftAnswer(BaseModel):
    """A time for which a person is on call."""

    id: ShiftId
    unit_id: UnitId
    responder_id: ResponderId
    partner_id: PartnerId
    starts_at: datetime
    ends_at: datetime
    pattern_id: RosterPatternId | None
    asked_id: ResponderId | None
    """Who was asked to take it over and has not answered."""

    @classmethod
    def of(cls, shift: Shift) -> "ShiftAnswer":
        return cls(**{name: getattr(shift, name) for name in cls.model_fields})


class PatternAnswer(BaseModel):
    """A person on call every week at the same times."""

    id: RosterPatternId
    unit_id: UnitId
    responder_id: ResponderId
    partner_id: PartnerId
    weekdays: tuple[int, ...]
    """0 is Monday."""
    starts: str
    """Such as 18:00, in the circle's time zone."""
    ends: str
    """On the next day if it is not after `starts`."""
    since: date
    until: date | None

    @classmethod
    def of(cls, pattern: RosterPattern) -> "PatternAnswer":
        own = {name: getattr(pattern, name) for name in cls.model_fields}
        return cls(**own | {"starts": f"{pattern.starts:%H:%M}", "ends": f"{pattern.ends:%H:%M}"})


class RosterAnswer(BaseModel):
    """Who is on call in some days."""

    first: date
    days: int
    today: date
    time_zone: str
    shifts: tuple[ShiftAnswer, ...]
    tonight_at: datetime
    """21:00 of today, or now in the night."""
    tonight: tuple[ShiftAnswer, ...]
    """Who is on call at that moment."""
    asked: tuple[ShiftAnswer, ...]
    """Shifts that the viewer is asked to take over."""
    patterns: tuple[PatternAnswer, ...]
    people: tuple[RosterPerson, ...]
    """Those who may be on call."""
    may_edit: bool


class NewShift(Body):
    """A person on call once."""

    responder_id: ResponderId
    starts_at: Moment
    ends_at: Moment


class NewPatternBody(Body):
    """A person on call every week."""

    responder_id: ResponderId
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    starts: TimeOfDay
    ends: TimeOfDay
    since: NearDay | None = None
    until: NearDay | None = None


class Asking(Body):
    """Whom to ask; null: nobody any more."""

    responder_id: ResponderId | None


class Answering(Body):
    """Whether the shift is taken over."""

    accept: Flag


class Assigning(Body):
    """Who takes it over."""

    responder_id: ResponderId


@router.get("", responses=answers(401, 403, 404))
async def shown(
    viewer: InCircle,
    context: ContextDep,
    *,
    first: NearDay | None = None,
    days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)] = 7,
) -> RosterAnswer:
    """Show who is on call in some days, from today on if no first is given."""
    found = await show_roster(context.database, viewer=viewer, first=first, days=days, clock=context.clock)
    return RosterAnswer(
        first=found.first,
        days=found.days,
        today=found.today,
        time_zone=found.time_zone,
        shifts=tuple(map(ShiftAnswer.of, found.shifts)),
        tonight_at=found.tonight_at,
        tonight=tuple(map(ShiftAnswer.of, found.tonight)),
        asked=tuple(map(ShiftAnswer.of, found.asked)),
        patterns=tuple(map(PatternAnswer.of, found.patterns)),
        people=found.people,
        may_edit=found.may_edit,
    )


@router.post("/shifts", status_code=201, responses=answers(401, 403, 404))
async def added(viewer: InCircle, context: ContextDep, body: NewShift) -> ShiftAnswer:
    """Put a person on call once; the same again changes nothing."""
    return ShiftAnswer.of(
        await roster.add_shift(context.database, viewer=viewer, **dict(body), clock=context.clock)
    )


@router.delete("/shifts/{shift_id}", status_code=204, responses=answers(401, 403, 404))
async def removed(viewer: InCircle, context: ContextDep, shift_id: ShiftId) -> None:
    """Take a shift off the roster."""
    await roster.remove_shift(
        context.database, context.roads, viewer=viewer, shift_id=shift_id, clock=context.clock
    )


@router.post("/shifts/{shift_id}/ask", responses=answers(401, 403, 404))
async def asked(viewer: InCircle, context: ContextDep, shift_id: ShiftId, body: Asking) -> ShiftAnswer:
    """Ask another person of the partner to take the shift over."""
    return ShiftAnswer.of(
        await roster.ask_for_swap(
            context.database,
            viewer=viewer,
            shift_id=shift_id,
            responder_id=body.responder_id,
            clock=context.clock,
        )
    )


@router.post("/shifts/{shift_id}/answer", responses=answers(401, 403, 404, 409))
async def answered(viewer: InCircle, context: ContextDep, shift_id: ShiftId, body: Answering) -> ShiftAnswer:
    """Take a shift over that one was asked to, or decline."""
    return ShiftAnswer.of(
        await roster.answer_swap(
            context.database,
            context.roads,
            viewer=viewer,
            shift_id=shift_id,
            accept=body.accept,
            clock=context.clock,
        )
    )


@router.put("/shifts/{shift_id}", responses=answers(401, 403, 404))
async def assigned(viewer: InCircle, context: ContextDep, shift_id: ShiftId, body: Assigning) -> ShiftAnswer:
    """Give the shift to another person of its partner without asking."""
    return ShiftAnswer.of(
        await roster.assign_shift(
            context.database,
            context.roads,
            viewer=viewer,
            shift_id=shift_id,
            responder_id=body.responder_id,
            clock=context.clock,
        )
    )


@router.post("/patterns", status_code=201, responses=answers(401, 403, 404))
async def repeated(viewer: InCircle, context: ContextDep, body: NewPatternBody) -> PatternAnswer:
    """Put a person on call every week."""
    new = roster.NewPattern(
        responder_id=body.responder_id,
        weekdays=body.weekdays,
        starts=time.fromisoformat(body.starts),
        ends=time.fromisoformat(body.ends),
        since=body.since,
        until=body.until,
    )
    return PatternAnswer.of(
        await roster.add_pattern(context.database, viewer=viewer, new=new, clock=context.clock)
    )


@router.delete("/patterns/{pattern_id}", status_code=204, responses=answers(401, 403, 404))
async def ended(viewer: InCircle, context: ContextDep, pattern_id: RosterPatternId) -> None:
    """Take a weekly shift away, with those of its shifts that have not begun."""
    await roster.remove_pattern(context.database, viewer=viewer, pattern_id=pattern_id, clock=context.clock)
