"""Each recipient's state for each alert: what the product promises to get right."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    any_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.delivery import Delivery, DeliveryState
from responder.domain.ids import AlertId, CircleId, IncidentId, PartnerId, ResponderId, UnitId
from responder.store.bodies import dump_times, load_times
from responder.store.metadata import METADATA, AnyRow, circle_id

DELIVERY = Table(
    "delivery",
    METADATA,
    circle_id(),
    Column("alert_id", Uuid, primary_key=True),
    Column("recipient_id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False),
    # As they were when the alert was sent: whoever changes units later was still called as part of this one.
    Column("recipient_name", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("partner_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("times", JSONB, nullable=False),
    ForeignKeyConstraint(["circle_id", "alert_id"], ["alert.circle_id", "alert.id"]),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
    ForeignKeyConstraint(["circle_id", "recipient_id"], ["responder.circle_id", "responder.id"]),
    CheckConstraint(
        f"state IN ({', '.join(repr(state.value) for state in DeliveryState)})", name="state_known"
    ),
    Index("ix_delivery_incident_id", "circle_id", "incident_id"),
    Index("ix_delivery_recipient_id", "circle_id", "recipient_id"),
)


# A thousand people called are one statement, not a thousand: whoever writes them holds the circle's lock.
_ADD = text("""
    INSERT INTO delivery (circle_id, alert_id, recipient_id, incident_id, recipient_name, unit_id, partner_id,
                          state, times)
    SELECT :circle_id, called.alert_id, called.recipient_id, :incident_id, called.recipient_name,
           called.unit_id, called.partner_id, called.state, called.times
    FROM unnest(CAST(:alert_ids AS uuid[]), CAST(:recipient_ids AS uuid[]), CAST(:names AS text[]),
                CAST(:unit_ids AS uuid[]), CAST(:partner_ids AS uuid[]), CAST(:states AS text[]),
                CAST(:times AS jsonb[]))
         AS called (alert_id, recipient_id, recipient_name, unit_id, partner_id, state, times)
""")
_PUT = text("""
    UPDATE delivery SET state = moved.state, times = moved.times
    FROM unnest(CAST(:alert_ids AS uuid[]), CAST(:recipient_ids AS uuid[]), CAST(:states AS text[]),
                CAST(:times AS jsonb[]))
         AS moved (alert_id, recipient_id, state, times)
    WHERE delivery.circle_id = :circle_id
      AND delivery.alert_id = moved.alert_id AND delivery.recipient_id = moved.recipient_id
""")


class PostgresDeliveries:
    """Each recipient's state for each alert."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, circle_id: CircleId, incident_id: IncidentId, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries of an incident's alerts."""
        if not deliveries:
            return
        await self._connection.execute(
            _ADD,
            {
                **_keys_and_states(circle_id, deliveries),
                "incident_id": incident_id,
                "names": [delivery.recipient_name for delivery in deliveries],
                "unit_ids": [delivery.unit_id for delivery in deliveries],
                "partner_ids": [delivery.partner_id for delivery in deliveries],
            },
        )

    async def of_recipients(
        self,
        circle_id: CircleId,
        *,
        alert_ids: Collection[AlertId],
        recipient_ids: Collection[ResponderId],
    ) -> tuple[Delivery, ...]:
        """Return the deliveries of any of the alerts to any of the people, by alert and recipient."""
        found = await self._connection.execute(
            select(DELIVERY)
            .where(
                DELIVERY.c.circle_id == circle_id,
                DELIVERY.c.alert_id == any_(list(alert_ids)),
                DELIVERY.c.recipient_id == any_(list(recipient_ids)),
            )
            .order_by(DELIVERY.c.alert_id, DELIVERY.c.recipient_id)
        )
        return tuple(to_delivery(row) for row in found)

    async def put(self, circle_id: CircleId, deliveries: Sequence[Delivery]) -> None:
        """Keep the states and times of deliveries."""
        if not deliveries:
            return
        await self._connection.execute(_PUT, _keys_and_states(circle_id, deliveries))


def _keys_and_states(circle_id: CircleId, deliveries: Sequence[Delivery]) -> dict[str, object]:
    return {
        "circle_id": circle_id,
        "alert_ids": [delivery.alert_id for delivery in deliveries],
        "recipient_ids": [delivery.recipient_id for delivery in deliveries],
        "states": [delivery.state.value for delivery in deliveries],
        "times": [json.dumps(dump_times(delivery.times)) for delivery in deliveries],
    }


def to_delivery(row: AnyRow) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(
        alert_id=AlertId(row.alert_id),
        recipient_id=ResponderId(row.recipient_id),
        recipient_name=row.recipient_name,
        unit_id=UnitId(row.unit_id),
        partner_id=PartnerId(row.partner_id),
        state=DeliveryState(row.state),
        times=load_times(row.times),
    )
