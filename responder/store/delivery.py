"""Each recipient's state for each alert: what the product promises to get right."""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    bindparam,
    insert,
    select,
    update,
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


class PostgresDeliveries:
    """Each recipient's state for each alert."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, circle_id: CircleId, incident_id: IncidentId, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries of an incident's alerts."""
        if not deliveries:
            return
        await self._connection.execute(
            insert(DELIVERY),
            [
                {
                    "circle_id": circle_id,
                    "alert_id": delivery.alert_id,
                    "recipient_id": delivery.recipient_id,
                    "incident_id": incident_id,
                    "recipient_name": delivery.recipient_name,
                    "unit_id": delivery.unit_id,
                    "partner_id": delivery.partner_id,
                    "state": delivery.state.value,
                    "times": dump_times(delivery.times),
                }
                for delivery in deliveries
            ],
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
                DELIVERY.c.alert_id.in_(alert_ids),
                DELIVERY.c.recipient_id.in_(recipient_ids),
            )
            .order_by(DELIVERY.c.alert_id, DELIVERY.c.recipient_id)
        )
        return tuple(to_delivery(row) for row in found)

    async def put(self, circle_id: CircleId, deliveries: Sequence[Delivery]) -> None:
        """Keep the states and times of deliveries."""
        if not deliveries:
            return
        await self._connection.execute(
            update(DELIVERY)
            .where(
                DELIVERY.c.circle_id == circle_id,
                DELIVERY.c.alert_id == bindparam("of_alert"),
                DELIVERY.c.recipient_id == bindparam("to_recipient"),
            )
            .values(state=bindparam("new_state"), times=bindparam("new_times", type_=JSONB)),
            [
                {
                    "of_alert": delivery.alert_id,
                    "to_recipient": delivery.recipient_id,
                    "new_state": delivery.state.value,
                    "new_times": dump_times(delivery.times),
                }
                for delivery in deliveries
            ],
        )


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
