"""Record that deliveries moved on, in one event for each incident."""

from collections.abc import Collection
from datetime import datetime

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.event import DeliveriesUpdated
from responder.ports import Transaction


async def put_and_record(
    transaction: Transaction,
    circle_id: CircleId,
    incident_id: IncidentId,
    *,
    deliveries: Collection[Delivery],
    at: datetime,
) -> None:
    """Keep deliveries of one incident that moved on, and record that they did."""
    await transaction.deliveries.put(circle_id, tuple(deliveries))
    await record_moved(transaction, circle_id, incident_id, deliveries=deliveries, at=at)


async def record_moved(
    transaction: Transaction,
    circle_id: CircleId,
    incident_id: IncidentId,
    *,
    deliveries: Collection[Delivery],
    at: datetime,
) -> None:
    """Record that deliveries of one incident, which are stored, moved on."""
    # By numbers: ids are compared by methods of Python, and there may be hundreds.
    moved = tuple(sorted(deliveries, key=lambda delivery: (delivery.alert_id.int, delivery.recipient_id.int)))
    event = DeliveriesUpdated(incident_id=incident_id, deliveries=moved)
    await transaction.record(circle_id, event, at=at, incident_id=incident_id)
