"""Merge two incidents that are the same: one ends, the other goes on with the answers of both."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from responder.domain.errors import InvalidValueError
from responder.domain.ids import AlertId, IncidentId, ResponderId
from responder.domain.incidents.delivery import RANK, Delivery, DeliveryState
from responder.domain.incidents.event import AlertExtended
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Responder
from responder.domain.people.access import Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.directing.direct_incident import must_direct
from responder.services.directing.end_incident import ended
from responder.services.incidents.queries import visible_incident


async def merge_incidents(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, into: IncidentId, clock: Clock
) -> IncidentDetail:
    """
    End an incident as the same as `into`, and return it as ended.

    Its recipients are told. Those who were called to it and not to `into` are called there, and what a person
    answered counts there: who comes to the one comes to the other.

    Raises
    ------
    NotFoundError
        There is no such incident, or the viewer may not see it; that goes for both.
    NotAllowedError
        The role may not direct them.
    IncidentEndedError
        One of the two has ended.
    InvalidValueError
        They are one and the same, or one is an exercise and the other is not.
    """
    if incident_id == into:
        message = "an incident is not merged into itself"
        raise InvalidValueError(message, field="into")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await visible_incident(transaction, viewer, incident_id)
        target = await visible_incident(transaction, viewer, into)
        must_direct(viewer, before.incident)
        must_direct(viewer, target.incident)
        if before.incident.exercise is not target.incident.exercise:
            message = "an exercise is not merged with a real incident"
            raise InvalidValueError(message, field="into")
        await carry_over(transaction, before, target)
        whole = await transaction.incidents.detail(viewer.circle_id, into)
        if whole != target:
            await transaction.record(viewer.circle_id, AlertExtended(detail=whole), at=now, incident_id=into)
        return await ended(transaction, viewer, before, EndReason.MERGED, into=into, now=now)


async def carry_over(transaction: Transaction, merged: IncidentDetail, target: IncidentDetail) -> None:
    """Have the target's call hold everyone who was called to the merged incident, as far as they had come."""
    circle_id, call_id = target.incident.circle_id, target.alerts[0].id
    people = await transaction.responders.known(
        circle_id, {each.recipient_id for each in (*merged.deliveries, *target.deliveries)}
    )
    known = {people[each.recipient_id].person: each for each in target.deliveries if each.alert_id == call_id}
    new: list[Delivery] = []
    changed: list[Delivery] = []
    for theirs in _calls(merged, people):
        before = known.get(people[theirs.recipient_id].person)
        if before is None:
            new.append(_in_place_of(theirs, call_id))
        elif RANK[theirs.state] > max(RANK[before.state], RANK[DeliveryState.SEEN]):
            # The units of both; they go with the one that they said.
            unit_ids = tuple(dict.fromkeys((*before.unit_ids, *theirs.unit_ids)))
            times = {**theirs.times, **before.times}
            changed.append(
                replace(before, state=theirs.state, times=times, unit_id=theirs.unit_id, unit_ids=unit_ids)
            )
    await transaction.deliveries.add(circle_id, target.incident.id, new)
    await transaction.deliveries.put(circle_id, changed)


def _calls(detail: IncidentDetail, people: Mapping[ResponderId, Responder]) -> Iterable[Delivery]:
    return (
        each
        for each in detail.deliveries
        if each.alert_id == detail.alerts[0].id and not people[each.recipient_id].has_left
    )


def _in_place_of(theirs: Delivery, call_id: AlertId) -> Delivery:
    """Return a delivery of the target's call; what was not answered there has to be shown and said here."""
    if RANK[theirs.state] >= RANK[DeliveryState.DECLINED]:
        return replace(theirs, alert_id=call_id)
    queued = theirs.times[DeliveryState.QUEUED.value]
    return replace(
        theirs,
        alert_id=call_id,
        state=DeliveryState.QUEUED,
        times={DeliveryState.QUEUED.value: queued},
    )
