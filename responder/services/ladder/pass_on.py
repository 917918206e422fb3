"""Pass on what changes of an incident to the people of a neighbouring circle who help with it."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from geo.lonlat import LonLat
from responder.domain.ids import IncidentId
from responder.domain.incidents.alert import AlertCause, MessageType
from responder.domain.incidents.event import AlertExtended, AlertUpdated, IncidentMoved, IncidentStageChanged
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import HelpState
from responder.domain.ladder.neighbour import NeighbourCall
from responder.ports import Transaction
from responder.services.directing.end_incident import end_with
from responder.services.directing.merge_incidents import carry_over
from responder.services.directing.tell_recipients import tell_recipients
from responder.services.ladder.ask_neighbours import agreed_inputs, seen_from_outside, ways

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


async def pass_on(
    transaction: Transaction,
    call: NeighbourCall,
    own: IncidentDetail,
    asked: IncidentDetail,
    model: "ReachModel | None",
    *,
    now: datetime,
) -> NeighbourCall:
    """
    Tell those who help what those of the circle that asked were told since, and what stage it has come to.

    Return the call as it is then.

    With the lock of the circle that helps held; `own` is its incident, which becomes like that of `asked`.
    """
    incident = own.incident.at_stage_of(asked.incident)
    if incident is not own.incident and own.incident.is_open:
        own = replace(own, incident=incident)
        await transaction.incidents.put(incident)
        event = IncidentStageChanged(incident=incident)
        await transaction.record(incident.circle_id, event, at=now, incident_id=incident.id)
    # What a drill tells some of its partners is not for other circles.
    since = [
        each
        for each in asked.alerts[call.passed :]
        if each.message_type is MessageType.UPDATE and not each.partner_ids
    ]
    if since and own.incident.is_open:
        own = await _become_like(transaction, call, own, asked, model, now=now)
        for alert in since:
            own = await _told(transaction, own, alert.cause, text=alert.text, now=now)
        if any(alert.cause is AlertCause.MOVED for alert in since):
            await _record_moved(transaction, own, now=now)
    return replace(call, passed=len(asked.alerts))


async def incident_that_goes_on(transaction: Transaction, asked: IncidentDetail) -> IncidentDetail | None:
    """Return the incident itself while it is open, or the one that it was merged into; None at its end."""
    while asked.incident.merged_into is not None:
        asked = await transaction.incidents.detail(asked.incident.circle_id, asked.incident.merged_into)
    return asked if asked.incident.is_open else None


async def follow_merge(
    transaction: Transaction,
    call: NeighbourCall,
    goes_on: IncidentDetail,
    model: "ReachModel | None",
    *,
    now: datetime,
) -> NeighbourCall:
    """
    Let the help go to the incident that goes on, and return the call as it is then.

    If that one has help of the circle of its own, the two incidents there are merged as well.
    """
    into = replace(call, from_incident_id=goes_on.incident.id, passed=len(goes_on.alerts))
    other = await transaction.neighbours.find(into)
    if other is None or other.state in {HelpState.EXPIRED, HelpState.ENDED}:
        await transaction.neighbours.move_call(call, to=goes_on.incident.id)
        if call.incident_id is not None:
            own = await transaction.incidents.detail(call.circle_id, call.incident_id)
            if own.incident.is_open:
                own = await _become_like(transaction, into, own, goes_on, model, now=now)
                own = await _told(transaction, own, AlertCause.MERGED, now=now)
                await _record_moved(transaction, own, now=now)
        return into
    if other.incident_id is None:
        # Its people are called within a second, and then the two are one.
        return call
    if call.incident_id is not None:
        await _merge(transaction, call, call.incident_id, into=other.incident_id, now=now)
    return replace(call, state=HelpState.ENDED)


async def _merge(
    transaction: Transaction,
    call: NeighbourCall,
    incident_id: IncidentId,
    *,
    into: IncidentId,
    now: datetime,
) -> None:
    circle_id = call.circle_id
    own = await transaction.incidents.detail(circle_id, incident_id)
    target = await transaction.incidents.detail(circle_id, into)
    if not own.incident.is_open or not target.incident.is_open:
        return
    await carry_over(transaction, own, target)
    whole = await transaction.incidents.detail(circle_id, into)
    if whole != target:
        await transaction.record(circle_id, AlertExtended(detail=whole), at=now, incident_id=into)
    asking = await transaction.circles.get(call.from_circle_id)
    await end_with(transaction, own, reason=EndReason.MERGED, by_name=asking.name, into=into, now=now)


async def _become_like(
    transaction: Transaction,
    call: NeighbourCall,
    own: IncidentDetail,
    asked: IncidentDetail,
    model: "ReachModel | None",
    *,
    now: datetime,
) -> IncidentDetail:
    """Keep kind, severity and place of the incident that is helped as those of the circle's own."""
    theirs = asked.incident
    place = seen_from_outside(theirs.place)
    incident = replace(own.incident, kind=theirs.kind, severity=theirs.severity, place=place)
    await transaction.incidents.put(incident)
    found = own.response_circle
    if place != own.incident.place:
        inputs = await agreed_inputs(transaction, call)
        at = LonLat(place.lon, place.lat)
        found = await asyncio.to_thread(ways, model, at, inputs=inputs, now=now)
        await transaction.incidents.put_response_circle(
            incident.circle_id, incident.id, found, reach_version=inputs.reach_version
        )
    return replace(own, incident=incident, response_circle=found)


async def _told(
    transaction: Transaction, own: IncidentDetail, cause: AlertCause, *, text: str = "", now: datetime
) -> IncidentDetail:
    incident = own.incident
    alert, deliveries = await tell_recipients(transaction, own, incident, cause=cause, text=text, now=now)
    if cause not in {AlertCause.MOVED, AlertCause.MERGED}:
        event = AlertUpdated(incident=incident, alert=alert, deliveries=deliveries)
        await transaction.record(incident.circle_id, event, at=now, incident_id=incident.id)
    return replace(own, alerts=(*own.alerts, alert), deliveries=(*own.deliveries, *deliveries))


async def _record_moved(transaction: Transaction, own: IncidentDetail, *, now: datetime) -> None:
    circle_id, incident_id = own.incident.circle_id, own.incident.id
    whole = await transaction.incidents.detail(circle_id, incident_id)
    await transaction.record(circle_id, IncidentMoved(detail=whole), at=now, incident_id=incident_id)
