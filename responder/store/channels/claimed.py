"""Messages that are sent now, with what their words are made of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.ids import CircleId
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports.messages import ClaimedMessage
from responder.store.bodies import load_response_circle
from responder.store.channels.queue_statements import CLAIMED
from responder.store.incidents.alert import ALERT, to_alert
from responder.store.incidents.delivery import DELIVERY, to_delivery
from responder.store.incidents.incident_table import INCIDENT, to_incident
from responder.store.metadata import AnyRow
from responder.store.people.responder_table import RESPONDER

# Built once: what SQLAlchemy derives from a statement costs more than to run it.
_ALERTS = (
    select(ALERT)
    .where(ALERT.c.incident_id == func.any(bindparam("incident_ids", type_=ARRAY(Uuid))))
    .order_by(ALERT.c.number)
)
_INCIDENTS = select(INCIDENT).where(INCIDENT.c.id == func.any(bindparam("incident_ids", type_=ARRAY(Uuid))))
_CALLS = (
    select(DELIVERY, RESPONDER.c.account_id)
    .join(
        RESPONDER,
        (RESPONDER.c.circle_id == DELIVERY.c.circle_id) & (RESPONDER.c.id == DELIVERY.c.recipient_id),
    )
    .where(
        DELIVERY.c.alert_id == func.any(bindparam("alert_ids", type_=ARRAY(Uuid))),
        RESPONDER.c.account_id == func.any(bindparam("account_ids", type_=ARRAY(Uuid))),
    )
)


async def load_claimed(
    connection: AsyncConnection, message_ids: Collection[UUID]
) -> tuple[ClaimedMessage, ...]:
    """Return the messages in the order in which they are to go; each incident is read once."""
    if not message_ids:
        return ()
    rows = (await connection.execute(CLAIMED, {"ids": list(message_ids)})).all()
    incident_ids = {row.incident_id for row in rows if row.incident_id is not None}
    details = await _details(connection, incident_ids)
    calls = await _calls(connection, details, {row.account_id for row in rows})
    return tuple(_to_claimed(row, details, calls) for row in rows)


async def _details(connection: AsyncConnection, incident_ids: Collection[UUID]) -> dict[UUID, IncidentDetail]:
    """Return incidents without their deliveries, which may be a thousand."""
    if not incident_ids:
        return {}
    alerts: dict[UUID, list[Alert]] = defaultdict(list)
    values = {"incident_ids": list(incident_ids)}
    for row in await connection.execute(_ALERTS, values):
        alerts[row.incident_id].append(to_alert(row))
    found = await connection.execute(_INCIDENTS, values)
    return {
        row.id: IncidentDetail(
            incident=to_incident(row),
            alerts=tuple(alerts[row.id]),
            response_circle=load_response_circle(row.response_circle),
            deliveries=(),
        )
        for row in found
    }


async def _calls(
    connection: AsyncConnection, details: Mapping[UUID, IncidentDetail], account_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], Delivery]:
    """Return by incident and account the delivery of the first alert."""
    first = {detail.alerts[0].id: incident_id for incident_id, detail in details.items()}
    if not first:
        return {}
    values = {"alert_ids": list(first), "account_ids": list(account_ids)}
    found = await connection.execute(_CALLS, values)
    return {(first[row.alert_id], row.account_id): to_delivery(row) for row in found}


def _to_claimed(
    row: AnyRow,
    details: Mapping[UUID, IncidentDetail],
    calls: Mapping[tuple[UUID, UUID], Delivery],
) -> ClaimedMessage:
    detail = details.get(row.incident_id)
    alerts = () if detail is None else detail.alerts
    verifies = row.purpose == MessagePurpose.VERIFICATION.value
    counts = row.enabled and row.removed_at is None and (row.verified_at is not None or verifies)
    return ClaimedMessage(
        id=row.id,
        circle_id=CircleId(row.circle_id),
        circle_name=row.circle_name,
        circle_name_en=row.circle_name_en,
        service_id=row.service_id,
        attempt=row.attempts,
        unknown_outcomes=row.unknown_outcomes,
        purpose=MessagePurpose(row.purpose),
        exercise=row.exercise,
        severity=Severity(row.severity),
        expires_at=row.expires_at,
        channel=ContactChannel(row.channel),
        language=Language(row.language or DEFAULT_LANGUAGE),
        contact_id=row.contact_id,
        address=row.address if counts else None,
        outside_public=row.outside_public,
        settings=row.settings,
        detail=detail,
        link_key=row.link_key,
        alert=next((alert for alert in alerts if alert.id == row.alert_id), None),
        call=calls.get((row.incident_id, row.account_id)),
    )
