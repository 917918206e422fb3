"""Tell exactly those who had the alert what has changed: an update, or the end of it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from responder.domain.ids import AlertId, PartnerId, PhotoId, ResponderId
from responder.domain.incidents.alert import Alert, AlertCause, MessageType, headline
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports import Transaction
from responder.services.incidents.catalogue import catalogue_of


async def tell_recipients(
    transaction: Transaction,
    before: IncidentDetail,
    incident: Incident,
    *,
    cause: AlertCause,
    text: str = "",
    now: datetime,
    but: Collection[ResponderId] = (),
    partner_ids: tuple[PartnerId, ...] = (),
    photo_id: PhotoId | None = None,
) -> tuple[Alert, tuple[Delivery, ...]]:
    """
    Send an alert to all recipients of the incident's alerts before, and return it with its deliveries.

    It cancels those alerts when the incident has ended, and updates them otherwise. `but` are recipients who
    are not told, `partner_ids` whose people alone read the text and see the picture; without any, all do.
    """
    kind = (await catalogue_of(transaction, incident.circle_id)).kind(incident.kind)
    alert = Alert(
        id=AlertId(uuid4()),
        incident_id=incident.id,
        message_type=MessageType.UPDATE if incident.is_open else MessageType.CANCEL,
        exercise=incident.exercise,
        headline=headline(kind.name_zh, incident.place.label, exercise=incident.exercise, cause=cause),
        sent_at=now,
        references=tuple(earlier.id for earlier in before.alerts),
        cause=cause,
        text=text,
        partner_ids=partner_ids,
        photo_id=photo_id,
    )
    deliveries = _to_the_same_people(before.deliveries, alert.id, now=now, but=but)
    await transaction.alerts.add(incident.circle_id, alert)
    await transaction.deliveries.add(incident.circle_id, incident.id, deliveries)
    return alert, deliveries


def _to_the_same_people(
    earlier: Iterable[Delivery], alert_id: AlertId, *, now: datetime, but: Collection[ResponderId]
) -> tuple[Delivery, ...]:
    recipients = {delivery.recipient_id: delivery for delivery in earlier if delivery.recipient_id not in but}
    return tuple(
        replace(
            recipients[recipient_id],
            alert_id=alert_id,
            state=DeliveryState.QUEUED,
            times={DeliveryState.QUEUED.value: now},
        )
        for recipient_id in sorted(recipients)
    )
