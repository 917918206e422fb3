"""Tell those who have not answered by the next of their channels."""

from collections.abc import Sequence
from datetime import datetime

from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports import Transaction


async def by_next_channel(
    transaction: Transaction, detail: IncidentDetail, deliveries: Sequence[Delivery], *, now: datetime
) -> None:
    """
    Bring forward the next message of each person who is called and has not answered.

    A phone beside a sleeping person confirms that it has the alert; only an answer stops their channels.
    """
    for alert_id in dict.fromkeys(delivery.alert_id for delivery in deliveries):
        people = [each.recipient_id for each in deliveries if each.alert_id == alert_id]
        await transaction.message_queue.insist(detail.incident.circle_id, alert_id, people, now=now)
