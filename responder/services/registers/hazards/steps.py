"""Take the next step in the life of a hazard; its lane is opened and closed with it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from responder.domain.audit import AuditAction
from responder.domain.errors import IdempotencyConflictError, InvalidValueError, NotAllowedError
from responder.domain.ids import ClosureId, HazardId, HazardStepId, PartnerId, PhotoId
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.hazard_life import HazardStep, HazardStepKind, after_step, may_take
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import local_date
from responder.services.incidents.recompute import model_if_any
from responder.services.map.closures import put_closure
from responder.services.map.hazards import (
    checked_lane,
    lift_lanes,
    rules_of,
    step_of,
    tell_hazard,
)
from responder.services.validation.text import checked_text

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

NOTE_LENGTH: Final = 500
MOST_STEPS: Final = 500
"""Of one hazard: what is reopened that often is several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """What a person does about a hazard."""

    id: HazardStepId
    """Made by the device: sent again, the step is taken once."""
    kind: HazardStepKind
    note: str = ""
    owner_id: PartnerId | None = None
    """The partner that is to mend it; of `ASSIGN`."""
    due_on: date | None = None
    """The last day for that; of `ASSIGN`, None for the usual one."""
    photo_id: PhotoId | None = None


async def take_step(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    hazard_id: HazardId,
    new: NewStep,
    clock: Clock,
) -> Hazard:
    """
    Take a step. Closing a hazard lifts its closures, reopening it sets those again.

    Raises
    ------
    NotAllowedError
        Neither the role nor the partner may take it.
    NotFoundError
        The circle has no such hazard.
    HazardStepRefusedError
        It is not possible from the state of the hazard. Nothing is changed then.
    InvalidValueError
        A field cannot be; `field` names it. What is mended needs a photo, what is reopened a reason.
    IdempotencyConflictError
        The id was used before for another step.
    """
    _must(viewer, viewer.may(Action.MANAGE_HAZARDS) or viewer.may(Action.MEND_HAZARD), new.kind)
    now = moment(clock)
    note = checked_text(
        new.note.strip(),
        field="note",
        longest=NOTE_LENGTH,
        may_be_empty=new.kind is not HazardStepKind.REOPEN,
    )
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await transaction.layer(Hazard).get(viewer.circle_id, hazard_id)
        _must(viewer, may_take(viewer, before, new.kind), new.kind)
        steps = await transaction.hazard_steps.of_hazard(viewer.circle_id, hazard_id)
        for known in (each for each in steps if each.id == new.id):
            if (known.kind, known.note, known.by) != (new.kind, note, viewer.account_id):
                raise IdempotencyConflictError
            return before
        if len(steps) >= MOST_STEPS:
            message = f"a hazard has at most {MOST_STEPS} steps"
            raise InvalidValueError(message, field="kind")
        after = await _after(transaction, before, new, at=now)
        await _require_photo(transaction, before, new)
        closure_ids = await _open_or_close(
            transaction, roads, before, new.kind, steps, viewer=viewer, model=model, at=now
        )
        step = replace(
            step_of(after, new.kind, viewer=viewer, at=now, note=note),
            id=new.id,
            photo_id=new.photo_id,
            closure_ids=closure_ids,
        )
        await tell_hazard(transaction, after, viewer=viewer, action=AuditAction.HAZARD_STEP_TAKEN, at=now)
        await transaction.hazard_steps.add([step])
    return after


async def narrow_lane(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    hazard_id: HazardId,
    clear_width_m: float | None,
    clock: Clock,
) -> None:
    """
    Say what of the lane a hazard leaves free: 0 blocks it, None opens it, whatever closed it before.

    Raises
    ------
    NotAllowedError
        The role may not set closures.
    NotFoundError
        The circle has no such hazard.
    InvalidValueError
        The width cannot be, or the hazard is closed.
    OutsideNetworkError
        The hazard lies nowhere near the roads.
    """
    viewer.must(Action.SET_CLOSURE)
    now = moment(clock)
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        hazard = await transaction.layer(Hazard).get(viewer.circle_id, hazard_id)
        if hazard.is_closed and clear_width_m is not None:
            message = "a hazard that is closed narrows no lane; reopen it"
            raise InvalidValueError(message, field="clear_width_m")
        shut = await lanes_of(transaction, hazard)
        if clear_width_m is None:
            await lift_lanes(transaction, roads, hazard, viewer=viewer, model=model, at=now)
            return
        fresh = checked_lane(hazard, clear_width_m, viewer=viewer, model=model, now=now)
        for each in shut or (fresh,):
            # What was drawn by hand keeps its lines and its end.
            changed = replace(each, wider_than_m=fresh.wider_than_m)
            if changed not in shut:
                await put_closure(transaction, roads, changed, viewer=viewer, model=model, now=now)


async def lanes_of(transaction: Transaction, hazard: Hazard) -> tuple[Closure, ...]:
    """Return the closures of a hazard that are not lifted."""
    every = await transaction.layer(Closure).of_circle(hazard.circle_id)
    return tuple(each for each in every if each.hazard_id == hazard.id)


def _must(viewer: Viewer, is_allowed: bool, kind: HazardStepKind) -> None:  # noqa: FBT001 - what it says
    if not is_allowed:
        raise NotAllowedError(action=f"{viewer.role.value}: {kind.value}")


async def _after(transaction: Transaction, before: Hazard, new: NewStep, *, at: datetime) -> Hazard:
    """Return the hazard after the step, with the usual last day where none is named."""
    today = await local_date(transaction, before.circle_id, at)
    usual = (await rules_of(transaction, before.circle_id)).due_on(before.grade, today=today)
    if new.kind is HazardStepKind.ASSIGN:
        partners = await transaction.partners.of_circle(before.circle_id)
        if all(each.id != new.owner_id for each in partners):
            message = "the circle has no such partner"
            raise InvalidValueError(message, field="owner_id")
        if new.due_on is not None and new.due_on < today:
            message = "the last day is in the past"
            raise InvalidValueError(message, field="due_on")
        return after_step(before, new.kind, owner_id=new.owner_id, due_on=new.due_on or usual)
    if new.owner_id is not None or new.due_on is not None:
        message = "only what is assigned has an owner and a last day"
        raise InvalidValueError(message, field="owner_id" if new.owner_id is not None else "due_on")
    return after_step(before, new.kind, due_on=usual)


async def _require_photo(transaction: Transaction, hazard: Hazard, new: NewStep) -> None:
    if new.photo_id is None:
        if new.kind is HazardStepKind.MEND:
            message = "what is mended is shown by a photo"
            raise InvalidValueError(message, field="photo_id")
        return
    if new.photo_id not in await transaction.hazard_photos.of_hazard(hazard.circle_id, hazard.id):
        message = "the hazard has no such photo"
        raise InvalidValueError(message, field="photo_id")


async def _open_or_close(
    transaction: Transaction,
    roads: Roads,
    hazard: Hazard,
    kind: HazardStepKind,
    steps: tuple[HazardStep, ...],
    *,
    viewer: Viewer,
    model: "ReachModel | None",
    at: datetime,
) -> tuple[ClosureId, ...]:
    """Lift the closures of what is closed, or set those again that closing lifted; return which."""
    if kind is HazardStepKind.CLOSE:
        shut = await lift_lanes(transaction, roads, hazard, viewer=viewer, model=model, at=at)
        return tuple(each.id for each in shut)
    if kind is not HazardStepKind.REOPEN or not hazard.is_closed:
        return ()
    lifted = next((each.closure_ids for each in reversed(steps) if each.kind is HazardStepKind.CLOSE), ())
    again = []
    for closure in await transaction.layer(Closure).among(hazard.circle_id, lifted):
        # Another closure, so that what was closed when can still be told.
        ends_at = None if closure.ends_at is None or closure.ends_at <= at else closure.ends_at
        fresh = replace(closure, id=ClosureId(uuid4()), lifted_at=None, starts_at=None, ends_at=ends_at)
        await put_closure(transaction, roads, fresh, viewer=viewer, model=model, now=at)
        again.append(fresh.id)
    return tuple(again)
