"""Close a lane, or open it again; who can be there in time is found anew for every open incident."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.profiles import DEFAULT_PROFILES
from responder.domain.access import Action, Viewer
from responder.domain.closure import Closure
from responder.domain.errors import AlreadyLiftedError, InvalidValueError, NoRoadNetworkError
from responder.domain.event import AlertRaised, CircleRecomputed, ClosureLifted, ClosureSet
from responder.domain.ids import CircleId, ClosureId, HazardId
from responder.domain.picture import IncidentPicture
from responder.services.geometry import checked_geometry
from responder.services.ports import Clock, Database, Roads, Transaction
from responder.services.ports.clock import moment, to_milliseconds
from responder.services.raise_alert import call
from responder.services.response_circle import ReachInputs, compute, nobody, read_inputs, road_closures
from responder.services.scene import scene_of
from responder.services.text import checked_text

if TYPE_CHECKING:
    from geo.reach import ReachModel

NAME_LENGTH = 200
GEOMETRIES = frozenset({"LineString", "MultiLineString", "Polygon", "MultiPolygon", "Point", "MultiPoint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClosure:
    """What somebody says when closing a lane. With no bound given it is closed to everybody."""

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
    Set a closure and find anew who can be there in time for every open incident.

    Raises
    ------
    InvalidGeometryError, GeometryTooLargeError
        The geometry is refused.
    InvalidValueError
        A bound is not above zero, a profile is unknown, or it ends before it begins.
    NotFoundError
        The circle has no such hazard.
    """
    viewer.must(Action.SET_CLOSURE)
    now = moment(clock)
    closure = checked_closure(new, circle_id=viewer.circle_id)
    model = await _model(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        if closure.hazard_id is not None:
            await transaction.hazards.get(viewer.circle_id, closure.hazard_id)
        await transaction.closures.add(closure)
        await transaction.record(viewer.circle_id, ClosureSet(closure=closure), at=now)
        await recompute_open_incidents(transaction, model, circle_id=viewer.circle_id, now=now)
    return closure


async def lift_closure(
    database: Database, roads: Roads, *, viewer: Viewer, closure_id: ClosureId, clock: Clock
) -> Closure:
    """
    Lift a closure and find anew who can be there in time for every open incident.

    Raises
    ------
    NotFoundError
        The circle has no such closure.
    AlreadyLiftedError
        Somebody lifted it before.
    """
    viewer.must(Action.SET_CLOSURE)
    now = moment(clock)
    model = await _model(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        closure = await transaction.closures.get(viewer.circle_id, closure_id)
        if closure.lifted_at is not None:
            raise AlreadyLiftedError
        await transaction.closures.lift(viewer.circle_id, closure_id, lifted_at=now)
        await transaction.record(viewer.circle_id, ClosureLifted(closure_id=closure_id), at=now)
        await recompute_open_incidents(transaction, model, circle_id=viewer.circle_id, now=now)
        return await transaction.closures.get(viewer.circle_id, closure_id)


def checked_closure(new: NewClosure, *, circle_id: CircleId) -> Closure:
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
    closure = Closure(
        id=ClosureId(uuid4()),
        circle_id=circle_id,
        name=checked_text(new.name, field="name", longest=NAME_LENGTH),
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


async def recompute_open_incidents(
    transaction: Transaction, model: "ReachModel | None", *, circle_id: CircleId, now: datetime
) -> None:
    """
    Find anew who can be there in time for every open incident, and call those who newly can.

    Whoever was called stays called: the crew that is on its way decides with the staff, not a computation.
    The circle's lock is held meanwhile, so that no answer rests on what has changed since.
    """
    pictures = await transaction.incidents.open_pictures(circle_id)
    if not pictures or model is None:
        return
    inputs = await read_inputs(transaction, circle_id)
    for picture in pictures:
        await _recompute(transaction, model, picture, inputs=inputs, now=now)


async def _recompute(
    transaction: Transaction,
    model: "ReachModel",
    picture: IncidentPicture,
    *,
    inputs: ReachInputs,
    now: datetime,
) -> None:
    incident = picture.incident
    scene = await scene_of(transaction, incident.circle_id, incident.place)
    try:
        found = await asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now)
    except (NoRoadNearbyError, OutsideNetworkError) as error:
        found = nobody(inputs, reason=error.code, now=now)
    before = picture.response_circle
    if (found.members, found.non_members) == (before.members, before.non_members):
        return
    await transaction.incidents.put_response_circle(incident.circle_id, incident.id, found)
    first = picture.alerts[0]
    called = {delivery.recipient_id for delivery in picture.deliveries}
    units = [member.unit_id for member in found.members]
    people = await transaction.responders.of_units(incident.circle_id, units)
    newcomers = [person for person in people if person.id not in called]
    event: AlertRaised | CircleRecomputed
    if newcomers:
        await transaction.deliveries.add(incident.circle_id, incident.id, call(newcomers, first.id, now=now))
        extended = await transaction.incidents.picture(incident.circle_id, incident.id)
        event = AlertRaised(picture=extended)
    else:
        event = CircleRecomputed(incident_id=incident.id, response_circle=found)
    await transaction.record(incident.circle_id, event, at=now, incident_id=incident.id)


async def _model(roads: Roads, circle_id: CircleId) -> "ReachModel | None":
    try:
        return await roads.model(circle_id)
    except NoRoadNetworkError:
        return None
