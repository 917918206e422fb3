"""Mark alerts as sent: handed to an open socket. Only a receipt says that they arrived."""

from collections import defaultdict
from collections.abc import Collection

from responder.domain.ids import AlertId, CircleId, IncidentId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.record_deliveries import put_and_record


async def mark_sent(
    database: Database,
    *,
    circle_id: CircleId,
    pairs: Collection[tuple[AlertId, ResponderId]],
    clock: Clock,
) -> None:
    """Move deliveries that are still queued on to sent, with one event for each incident."""
    if not pairs:
        return
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        found = await transaction.deliveries.of_recipients(
            circle_id,
            alert_ids={alert_id for alert_id, _ in pairs},
            recipient_ids={recipient_id for _, recipient_id in pairs},
        )
        wanted = frozenset(pairs)
        queued = [
            delivery
            for delivery in found
            if delivery.state is DeliveryState.QUEUED and (delivery.alert_id, delivery.recipient_id) in wanted
        ]
        moved: dict[IncidentId, list[Delivery]] = defaultdict(list)
        incidents: dict[AlertId, IncidentId] = {}
        for delivery in queued:
            if delivery.alert_id not in incidents:
                alert = await transaction.alerts.get(circle_id, delivery.alert_id)
                incidents[alert.id] = alert.incident_id
            moved[incidents[delivery.alert_id]].append(delivery.advance(DeliveryState.SENT, at=now))
        for incident_id, deliveries in moved.items():
            await put_and_record(transaction, circle_id, incident_id, deliveries=deliveries, at=now)
