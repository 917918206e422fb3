"""Move the pin of an open incident: other people may be in time there, and all have to hear of it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from geo.lonlat import LonLat
from responder.domain.audit import AuditAction
from responder.domain.ids import BuildingId, CircleId, IncidentId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.delivery import NOT_COUNTED_ON, Delivery, DeliveryState
from responder.domain.incidents.event import IncidentMoved
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Responder
from responder.domain.people.access import Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.concurrency import both
from responder.services.directing.direct_incident import must_direct, note
from responder.services.directing.tell_recipients import tell_recipients
from responder.services.incidents.extend_alert import extension_for, keep_extension
from responder.services.incidents.queries import visible_incident
from responder.services.incidents.response_circle import ReachInputs, compute, read_inputs, within_drill
from responder.services.incidents.scene import LABEL_LENGTH, find_scene, named
from responder.services.incidents.waves import people_to_call
from responder.services.validation.text import checked_text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """Where the incident is instead: a building and perhaps one of its entrances, or a point."""

    building_id: BuildingId | None = None
    entrance: str | None = None
    lonlat: LonLat | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    response_circle: ResponseCircle
    reach_version: int


async def move_pin(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    incident_id: IncidentId,
    to: NewPlace,
    clock: Clock,
) -> IncidentDetail:
    """
    Move the incident, and return it.

    Who can be there in time is found again. Those who newly can are called; those who no longer can are
    released, whatever they had answered, and called again if the pin or a road comes back. An update tells
    all who were called before.

    Raises
    ------
    NotFoundError
        There is no such incident, building or entrance, or the viewer may not see the incident.
    NotAllowedError
        The role may not direct it.
    IncidentEndedError
        The incident has ended.
    InvalidValueError
        The place is neither a building nor a point, or its label cannot be stored.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the place can be found. The pin stays where it was then.
    """
    now, circle_id = moment(clock), viewer.circle_id
    label = checked_text(to.label.strip(), field="label", longest=LABEL_LENGTH)
    async with database.snapshot() as transaction:
        must_direct(viewer, (await visible_incident(transaction, viewer, incident_id)).incident)
        scene = await find_scene(
            transaction,
            circle_id,
            building_id=to.building_id,
            entrance=to.entrance,
            lonlat=to.lonlat,
            label=label,
        )
        inputs = await _inputs(transaction, circle_id, incident_id)
    model = await roads.model(circle_id)
    response_circle, place = await both(
        asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now),
        named(database, circle_id, scene, model),
    )
    async with database.begin() as transaction:
        head = await transaction.circles.lock(circle_id)
        before = await visible_incident(transaction, viewer, incident_id)
        must_direct(viewer, before.incident)
        if place == before.incident.place:
            return before
        reach_version = inputs.reach_version
        if head.reach_version != reach_version:
            inputs = await _inputs(transaction, circle_id, incident_id)
            response_circle = await asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now)
            if await roads.is_current(transaction, circle_id, model):
                # Otherwise roads or figures changed, and `recompute_due` finds it again within a second.
                reach_version = inputs.reach_version
        incident = replace(before.incident, place=place)
        found = _Found(response_circle=response_circle, reach_version=reach_version)
        return await _moved(transaction, viewer, before, incident, found, now=now)


async def _inputs(transaction: Transaction, circle_id: CircleId, incident_id: IncidentId) -> ReachInputs:
    inputs = await read_inputs(transaction, circle_id)
    run = (await transaction.drill_runs.of_incidents(circle_id, [incident_id])).get(incident_id)
    return inputs if run is None else within_drill(inputs, run)


async def _moved(
    transaction: Transaction,
    viewer: Viewer,
    before: IncidentDetail,
    incident: Incident,
    found: _Found,
    *,
    now: datetime,
) -> IncidentDetail:
    circle_id, members = incident.circle_id, found.response_circle.members
    await transaction.incidents.put(incident)
    await transaction.incidents.put_response_circle(
        circle_id, incident.id, found.response_circle, reach_version=found.reach_version
    )
    # Whom the waves so far call; the later ones find the others when they are due.
    people = await people_to_call(transaction, before, found.response_circle)
    extension = await extension_for(transaction, before, people, found=found.response_circle, now=now)
    await keep_extension(transaction, before, extension)
    in_time = await transaction.responders.of_units(circle_id, [member.unit_id for member in members])
    released = await _released(transaction, before, (*people, *in_time), now=now)
    await transaction.deliveries.put(circle_id, released)
    called = await transaction.incidents.detail(circle_id, incident.id)
    # Who is called only now is told the new place by the call itself.
    new = {delivery.recipient_id for delivery in (*extension.new, *extension.again.values())}
    await tell_recipients(transaction, called, incident, cause=AlertCause.MOVED, now=now, but=new)
    whole = await transaction.incidents.detail(circle_id, incident.id)
    await transaction.record(circle_id, IncidentMoved(detail=whole), at=now, incident_id=incident.id)
    counts = {"called": extension.calls, "released": len(released)}
    await note(transaction, viewer, AuditAction.INCIDENT_MOVED, incident, counts, at=now)
    return whole


async def _released(
    transaction: Transaction, before: IncidentDetail, people: tuple[Responder, ...], *, now: datetime
) -> list[Delivery]:
    """Return the calls of those who are none of `people`, who are still needed, as released."""
    needed = {place.person for place in people}
    ids = {delivery.recipient_id for delivery in before.deliveries}
    recipients = await transaction.responders.known(before.incident.circle_id, ids)
    return [
        delivery.advance(DeliveryState.RELEASED, at=now)
        for delivery in before.deliveries
        if delivery.alert_id == before.alerts[0].id
        and delivery.state not in NOT_COUNTED_ON
        and recipients[delivery.recipient_id].person not in needed
    ]
