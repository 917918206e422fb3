"""Set and lift closures; every open incident is recomputed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from geo.network.profiles import DEFAULT_PROFILES
from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import AlreadyLiftedError, InvalidValueError
from responder.domain.ids import CircleId, ClosureId, HazardId
from responder.domain.incidents.event import ClosureCreated, ClosureLifted
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment, to_milliseconds
from responder.services.incidents.recompute import model_if_any, recompute_open_incidents
from responder.services.incidents.response_circle import road_closures
from responder.services.validation.geometry import checked_geometry
from responder.services.validation.text import checked_text

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

NAME_LENGTH = 200
GEOMETRIES = frozenset({"LineString", "MultiLineString", "Polygon", "MultiPolygon", "Point", "MultiPoint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClosure:
    """Input of a closure. Without any bound the lane is closed to all."""

    name: str
    geometry: dict[str, Any]
    wider_than_m: float | None = None
    higher_than_m: float | None = None
    heavier_than_t: float | None = None
    profiles: tuple[str, ...] | None = None
    hazard_id: HazardId | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


async def set_closure(
    database: Database, roads: Roads, *, viewer: Viewer, new: NewClosure, clock: Clock
) -> Closure:
    """
    Set a closure and recompute every open incident.

    Raises
    ------
    InvalidGeometryError, GeometryTooLargeError
        The geometry is refused.
    OutsideNetworkError
        Nothing of it lies where the circle's roads are.
    InvalidValueError
        It has no name, a bound is not above zero, a profile is unknown, or its end is past or not after its
        beginning.
    NotFoundError
        The circle has no such hazard.
    """
    viewer.must(Action.SET_CLOSURE)
    now = moment(clock)
    closure = checked_closure(new, circle_id=viewer.circle_id, now=now)
    model = await model_if_any(roads, viewer.circle_id)
    if model is not None:
        must_close_something(closure, model)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        if closure.hazard_id is not None:
            await transaction.layer(Hazard).get(viewer.circle_id, closure.hazard_id)
        await put_closure(transaction, roads, closure, viewer=viewer, model=model, now=now)
    return closure


async def put_closure(
    transaction: Transaction,
    roads: Roads,
    closure: Closure,
    *,
    viewer: Viewer,
    model: "ReachModel | None",
    now: datetime,
) -> None:
    """
    Put a closure that was checked on the map, or in the place of the one with its id.

    Within a transaction that has the circle's lock; every open incident is recomputed.

    Raises
    ------
    NotAllowedError
        The role may not set closures.
    """
    viewer.must(Action.SET_CLOSURE)
    await transaction.layer(Closure).add(viewer.circle_id, [closure])
    await transaction.record(viewer.circle_id, ClosureCreated(closure=closure), at=now)
    await recompute_open_incidents(transaction, roads, model, circle_id=viewer.circle_id, now=now)
    act = audit_entry(viewer, AuditAction.CLOSURE_CREATED, subject=Subject(kind="closure", id=closure.id))
    await transaction.audit.append(viewer.circle_id, act, at=now)


async def lift_closure(
    database: Database, roads: Roads, *, viewer: Viewer, closure_id: ClosureId, clock: Clock
) -> Closure:
    """
    Lift a closure and recompute every open incident.

    Raises
    ------
    NotFoundError
        The circle has no such closure.
    AlreadyLiftedError
        The closure is lifted already.
    """
    viewer.must(Action.SET_CLOSURE)
    now = moment(clock)
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        closure = await transaction.layer(Closure).get(viewer.circle_id, closure_id)
        return await lift(transaction, roads, closure, viewer=viewer, model=model, now=now)


async def lift(
    transaction: Transaction,
    roads: Roads,
    closure: Closure,
    *,
    viewer: Viewer,
    model: "ReachModel | None",
    now: datetime,
) -> Closure:
    """
    Lift a closure within a transaction that has the circle's lock, and recompute every open incident.

    Raises
    ------
    NotAllowedError
        The role may not set closures.
    AlreadyLiftedError
        The closure is lifted already.
    """
    viewer.must(Action.SET_CLOSURE)
    if closure.lifted_at is not None:
        raise AlreadyLiftedError
    lifted = replace(closure, lifted_at=now)
    await transaction.layer(Closure).add(viewer.circle_id, [lifted])
    await transaction.record(viewer.circle_id, ClosureLifted(closure_id=closure.id), at=now)
    await recompute_open_incidents(transaction, roads, model, circle_id=viewer.circle_id, now=now)
    act = audit_entry(viewer, AuditAction.CLOSURE_LIFTED, subject=Subject(kind="closure", id=closure.id))
    await transaction.audit.append(viewer.circle_id, act, at=now)
    return lifted


def must_close_something(closure: Closure, model: "ReachModel") -> None:
    """
    Refuse a closure that is nowhere near the roads: its author would believe a lane closed.

    Raises
    ------
    OutsideNetworkError
        Nothing of it lies where the circle's roads are.
    """
    [shut] = road_closures([closure])
    model.ground.index.must_meet(shut.geometry)


def checked_closure(new: NewClosure, *, circle_id: CircleId, now: datetime) -> Closure:
    """Return the closure, or raise what is wrong with it."""
    unknown = sorted(set(new.profiles or ()) - set(DEFAULT_PROFILES))
    if unknown:
        message = f"there is no mobility profile {unknown[0]}"
        raise InvalidValueError(message, field="profiles")
    for field in ("wider_than_m", "higher_than_m", "heavier_than_t"):
        bound = getattr(new, field)
        if bound is not None and not 0 < bound < float("inf"):
            message = f"{field} is not above zero"
            raise InvalidValueError(message, field=field)
    if new.starts_at is not None and new.ends_at is not None and new.ends_at <= new.starts_at:
        message = "the closure ends before it begins"
        raise InvalidValueError(message, field="ends_at")
    if new.ends_at is not None and new.ends_at <= now:
        message = "the closure ends in the past"
        raise InvalidValueError(message, field="ends_at")
    closure = Closure(
        id=ClosureId(uuid4()),
        circle_id=circle_id,
        name=checked_text(new.name, field="name", longest=NAME_LENGTH, may_be_empty=False),
        geometry=checked_geometry(new.geometry, types=GEOMETRIES),
        wider_than_m=new.wider_than_m,
        higher_than_m=new.higher_than_m,
        heavier_than_t=new.heavier_than_t,
        profiles=None if new.profiles is None else tuple(sorted(set(new.profiles))),
        hazard_id=new.hazard_id,
        starts_at=None if new.starts_at is None else to_milliseconds(new.starts_at),
        ends_at=None if new.ends_at is None else to_milliseconds(new.ends_at),
    )
    road_closures([closure])  # `geo` has the last word on what can bind a road
    return closure
