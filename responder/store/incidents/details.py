"""Incidents whole: with their alerts, who can respond, and who has been told."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import IncidentDetail
from responder.store.bodies import load_response_circle
from responder.store.incidents.alert import ALERT, to_alert
from responder.store.incidents.delivery import DELIVERY, to_delivery
from responder.store.incidents.incident_table import INCIDENT, to_incident
from responder.store.incidents.ladder import load_ladders
from responder.store.incidents.roll_call import load_roll_calls


async def load_details(
    connection: AsyncConnection, circle_id: CircleId, incident_ids: Collection[IncidentId]
) -> tuple[IncidentDetail, ...]:
    """Return the incidents whole, the first raised first."""
    if not incident_ids:
        return ()
    incidents = await connection.execute(
        select(INCIDENT)
        .where(INCIDENT.c.circle_id == circle_id, INCIDENT.c.id.in_(incident_ids))
        .order_by(INCIDENT.c.raised_at, INCIDENT.c.id)
    )
    alerts: dict[IncidentId, list[Alert]] = defaultdict(list)
    for row in await connection.execute(
        select(ALERT)
        .where(ALERT.c.circle_id == circle_id, ALERT.c.incident_id.in_(incident_ids))
        .order_by(ALERT.c.number)
    ):
        alerts[IncidentId(row.incident_id)].append(to_alert(row))
    deliveries: dict[AlertId, list[Delivery]] = defaultdict(list)
    for row in await connection.execute(
        select(DELIVERY)
        .where(DELIVERY.c.circle_id == circle_id, DELIVERY.c.incident_id.in_(incident_ids))
        .order_by(DELIVERY.c.recipient_id)
    ):
        deliveries[AlertId(row.alert_id)].append(to_delivery(row))
    ladders = await load_ladders(connection, circle_id, incident_ids)
    roll_calls = await load_roll_calls(connection, circle_id, incident_ids)
    return tuple(
        IncidentDetail(
            incident=to_incident(row),
            alerts=tuple(alerts[IncidentId(row.id)]),
            response_circle=load_response_circle(row.response_circle),
            deliveries=tuple(
                delivery for alert in alerts[IncidentId(row.id)] for delivery in deliveries[alert.id]
            ),
            ladder=ladders.get(IncidentId(row.id)),
            roll_call=roll_calls.get(IncidentId(row.id)),
        )
        for row in incidents
    )
