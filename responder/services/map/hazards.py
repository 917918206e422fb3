"""Put hazards on the map, with the lane that they narrow or block, and keep what becomes of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError
from responder.domain.ids import CircleId, HazardId, HazardStepId
from responder.domain.incidents.event import HazardChanged
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.hazard_life import (
    HazardSource,
    HazardStep,
    HazardStepKind,
    closed_by_finding,
)
from responder.domain.registers.hazard_rules import SHIPPED, HazardRules
from responder.ports import Roads, Transaction
from responder.services.incidents.catalogue import local_date
from responder.services.map.closures import (
    GEOMETRIES,
    NAME_LENGTH,
    NewClosure,
    checked_closure,
    lift,
    must_close_something,
    put_closure,
)
from responder.services.validation.geometry import checked_geometry
from responder.services.validation.text import checked_text

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

NOTE_LENGTH: Final = 2000
WIDEST_M: Final = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHazard:
    """What is known of a hazard when it is put on the map."""

    kind: str
    name: str
    geometry: dict[str, Any]
    """GeoJSON, WGS 84."""
    grade: HazardGrade = HazardGrade.GENERAL
    name_en: str = ""
    note: str = ""
    clear_width_m: float | None = None
    """What of the lane stays free: 0 blocks it for all, None leaves the lane as it is."""
    source: HazardSource = HazardSource.STAFF


async def record_hazard(
    transaction: Transaction,
    roads: Roads,
    *,
    viewer: Viewer,
    model: "ReachModel | None",
    new: NewHazard,
    at: datetime,
) -> Hazard:
    """
    Put a hazard on the map, and close the lane that it narrows or blocks.

    Within a transaction that has the circle's lock. `model` comes from `model_if_any(roads, circle_id)`,
    asked before the transaction begins.

    Raises
    ------
    NotAllowedError
        The role may not edit the map, or not set the closure.
    InvalidValueError
        A field cannot be; `field` names it.
    InvalidGeometryError, GeometryTooLargeError
        The geometry is refused.
    OutsideNetworkError
        It is to narrow a lane and lies nowhere near the roads.
    """
    viewer.must(Action.EDIT_MAP)
    hazard = Hazard(
        id=HazardId(uuid4()),
        circle_id=viewer.circle_id,
        kind=checked_text(new.kind.strip(), field="kind", longest=NAME_LENGTH, may_be_empty=False),
        grade=new.grade,
        state=HazardState.SEEN,
        name=checked_text(new.name.strip(), field="name", longest=NAME_LENGTH, may_be_empty=False),
        name_en=checked_text(new.name_en.strip(), field="name_en", longest=NAME_LENGTH),
        geometry=checked_geometry(new.geometry, types=GEOMETRIES),
        note=checked_text(new.note.strip(), field="note", longest=NOTE_LENGTH),
    )
    closure = None
    if new.clear_width_m is not None:
        closure = checked_lane(hazard, new.clear_width_m, viewer=viewer, model=model, now=at)
    [hazard] = await with_due_days(transaction, viewer.circle_id, [hazard], at=at)
    await keep_hazard(transaction, hazard, viewer=viewer, is_new=True, at=at)
    first = step_of(hazard, HazardStepKind.RECORD, viewer=viewer, source=new.source, at=at)
    await transaction.hazard_steps.add([first])
    if closure is not None:
        await put_closure(transaction, roads, closure, viewer=viewer, model=model, now=at)
    return hazard


def checked_lane(
    hazard: Hazard, clear_width_m: float, *, viewer: Viewer, model: "ReachModel | None", now: datetime
) -> Closure:
    """
    Return the closure of the lane where a hazard leaves `clear_width_m` free, 0 for nothing at all.

    Raises
    ------
    NotAllowedError
        The role may not set closures.
    InvalidValueError
        The width cannot be.
    OutsideNetworkError
        The hazard lies nowhere near the roads.
    """
    viewer.must(Action.SET_CLOSURE)
    if not 0 <= clear_width_m <= WIDEST_M:
        message = f"a clear width is from 0 to {WIDEST_M:.0f} m"
        raise InvalidValueError(message, field="clear_width_m")
    lane = NewClosure(
        name=hazard.name,
        geometry=hazard.geometry,
        wider_than_m=clear_width_m or None,
        hazard_id=hazard.id,
    )
    closure = checked_closure(lane, circle_id=viewer.circle_id, now=now)
    if model is not None:
        must_close_something(closure, model)
    return closure


async def with_due_days(
    transaction: Transaction, circle_id: CircleId, hazards: Iterable[Hazard], *, at: datetime
) -> list[Hazard]:
    """Return new hazards with their first step counted and, where they are not closed, their last day."""
    rules = await rules_of(transaction, circle_id)
    today = await local_date(transaction, circle_id, at)
    return [
        replace(
            each,
            due_on=None if each.is_closed else rules.due_on(each.grade, today=today),
            step_count=1,
        )
        for each in hazards
    ]


async def rules_of(transaction: Transaction, circle_id: CircleId) -> HazardRules:
    """Return the days and distances that a circle goes by."""
    return await transaction.hazard_steps.rules(circle_id) or SHIPPED


def step_of(
    hazard: Hazard,
    kind: HazardStepKind,
    *,
    viewer: Viewer,
    at: datetime,
    note: str = "",
    source: HazardSource = HazardSource.STAFF,
) -> HazardStep:
    """Return the last step of a hazard, as it is kept."""
    return HazardStep(
        id=HazardStepId(uuid4()),
        circle_id=hazard.circle_id,
        hazard_id=hazard.id,
        number=hazard.step_count,
        kind=kind,
        state=hazard.state,
        at=at,
        by=viewer.account_id,
        by_name=viewer.name,
        note=note,
        owner_id=hazard.owner_id,
        due_on=hazard.due_on,
        source=source,
    )


async def keep_hazard(
    transaction: Transaction, hazard: Hazard, *, viewer: Viewer, is_new: bool, at: datetime
) -> None:
    """
    Add a hazard, or put it in the place of the one with its id, and tell the circle.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    """
    viewer.must(Action.EDIT_MAP)
    action = AuditAction.FEATURE_CREATED if is_new else AuditAction.FEATURE_CHANGED
    await tell_hazard(transaction, hazard, viewer=viewer, action=action, at=at)


async def tell_hazard(
    transaction: Transaction, hazard: Hazard, *, viewer: Viewer, action: AuditAction, at: datetime
) -> None:
    """Put a hazard in the place of the one with its id, tell the circle, and write into the audit log."""
    await transaction.layer(Hazard).add(viewer.circle_id, [hazard])
    await transaction.record(viewer.circle_id, HazardChanged(hazard=hazard), at=at)
    act = audit_entry(viewer, action, subject=Subject(kind="hazard", id=hazard.id))
    await transaction.audit.append(viewer.circle_id, act, at=at)


async def lift_lanes(
    transaction: Transaction,
    roads: Roads,
    hazard: Hazard,
    *,
    viewer: Viewer,
    model: "ReachModel | None",
    at: datetime,
) -> tuple[Closure, ...]:
    """
    Lift every closure of a hazard; return those that were in the way until now.

    Raises
    ------
    NotAllowedError
        There are some, and the role may not lift closures.
    """
    closures = await transaction.layer(Closure).of_circle(viewer.circle_id)
    shut = tuple(each for each in closures if each.hazard_id == hazard.id)
    for each in shut:
        await lift(transaction, roads, each, viewer=viewer, model=model, now=at)
    return shut


async def settle_hazard(
    transaction: Transaction,
    roads: Roads,
    hazard: Hazard,
    *,
    viewer: Viewer,
    model: "ReachModel | None",
    note: str,
    at: datetime,
) -> Hazard:
    """
    Close a hazard because the finding of a drill was closed, which says in `note` what was done.

    Raises
    ------
    NotAllowedError
        The role may not edit the map, or not lift the closure of the hazard.
    """
    closed = closed_by_finding(hazard)
    shut = await lift_lanes(transaction, roads, hazard, viewer=viewer, model=model, at=at)
    step = step_of(closed, HazardStepKind.CLOSE, viewer=viewer, at=at, note=note, source=HazardSource.DRILL)
    await transaction.hazard_steps.add([replace(step, closure_ids=tuple(each.id for each in shut))])
    await keep_hazard(transaction, closed, viewer=viewer, is_new=False, at=at)
    return closed
