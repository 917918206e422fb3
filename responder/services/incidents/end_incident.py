"""End an incident: only a person does, and exactly those who had the alert hear of it."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.ids import AlertId, IncidentId
from responder.domain.incidents.alert import Alert, MessageType, headline
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import IncidentEnded
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.queries import visible_incident
from responder.services.incidents.waves import stop_ladder


async def end_incident(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, reason: EndReason, clock: Clock
) -> IncidentDetail:
    """
    End the incident and send the cancellation to all who had the alert.

    Raises
    ------
    NotFoundError
        There is no such incident, or the viewer may not see it.
    NotAllowedError
        The role may not end it.
    IncidentEndedError
        The incident is ended already.
    """
    now = moment(clock)
    circle_id = viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        before = await visible_incident(transaction, viewer, incident_id)
        viewer.must(Action.END_EXERCISE if before.incident.exercise else Action.END_INCIDENT)
        await end_with(transaction, before, reason=reason, by_name=viewer.name, now=now)
        act = audit_entry(
            viewer,
            AuditAction.INCIDENT_ENDED,
            subject=Subject(kind="incident", id=incident_id),
            detail={"reason": reason.value, "exercise": before.incident.exercise},
        )
        await transaction.audit.append(circle_id, act, at=now)
        return await transaction.incidents.detail(circle_id, incident_id)


async def end_with(
    transaction: Transaction, before: IncidentDetail, *, reason: EndReason, by_name: str, now: datetime
) -> None:
    """
    End the incident, stop its ladder, and record the cancellation to all who had the alert.

    Raises
    ------
    IncidentEndedError
        The incident is ended already.
    """
    circle_id = before.incident.circle_id
    kind = (await catalogue_of(transaction, circle_id)).kind(before.incident.kind)
    incident = before.incident.end(reason, at=now, by_name=by_name)
    alert = Alert(
        id=AlertId(uuid4()),
        incident_id=incident.id,
        message_type=MessageType.CANCEL,
        exercise=incident.exercise,
        headline=headline(
            kind.name_zh,
            incident.place.label,
            exercise=incident.exercise,
            message_type=MessageType.CANCEL,
        ),
        sent_at=now,
        references=tuple(earlier.id for earlier in before.alerts),
    )
    deliveries = _to_the_same_people(before.deliveries, alert.id, now=now)
    await transaction.incidents.put_end(incident)
    await transaction.alerts.add(circle_id, alert)
    await transaction.deliveries.add(circle_id, incident.id, deliveries)
    event = IncidentEnded(incident=incident, alert=alert, deliveries=deliveries)
    await transaction.record(circle_id, event, at=now, incident_id=incident.id)
    await stop_ladder(transaction, before, now=now)


def _to_the_same_people(
    earlier: tuple[Delivery, ...], alert_id: AlertId, *, now: datetime
) -> tuple[Delivery, ...]:
    recipients = {delivery.recipient_id: delivery for delivery in earlier}
    return tuple(
        replace(
            recipients[recipient_id],
            alert_id=alert_id,
            state=DeliveryState.QUEUED,
            times={DeliveryState.QUEUED.value: now},
        )
        for recipient_id in sorted(recipients)
    )
