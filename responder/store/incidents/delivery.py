"""Each recipient's state for each alert: what the product promises to get right."""

from collections.abc import Collection, Sequence

from pydantic import TypeAdapter
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AlertId, CircleId, IncidentId, PartnerId, ResponderId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.ports.incidents import Call
from responder.store.bodies import load_times
from responder.store.incidents.queue_messages import queue_messages
from responder.store.metadata import METADATA, AnyRow, circle_id

DELIVERY = Table(
    "delivery",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("alert_id", Uuid, primary_key=True),
    Column("recipient_id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False),
    # As of the time of the alert: a person who changes units later was still called in this one.
    Column("recipient_name", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("partner_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("times", JSONB, nullable=False),
    # All units that the person was called in; `unit_id` is the one that they go with.
    Column("unit_ids", ARRAY(Uuid), nullable=False),
    ForeignKeyConstraint(["circle_id", "alert_id"], ["alert.circle_id", "alert.id"]),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
    ForeignKeyConstraint(["circle_id", "recipient_id"], ["responder.circle_id", "responder.id"]),
    CheckConstraint(
        f"state IN ({', '.join(repr(state.value) for state in DeliveryState)})", name="state_known"
    ),
    CheckConstraint("unit_id = ANY (unit_ids)", name="goes_with_one_of_its_units"),
    Index("ix_delivery_incident_id", "circle_id", "incident_id"),
    # With the alert, so that finding one delivery of a person does not read all of theirs.
    Index("ix_delivery_recipient_id", "circle_id", "recipient_id", "alert_id"),
    Index(
        "ix_delivery_unconfirmed",
        "circle_id",
        "recipient_id",
        postgresql_where=text("state IN ('queued', 'sent')"),
    ),
)


_DELIVERIES: TypeAdapter[tuple[Delivery, ...]] = TypeAdapter(tuple[Delivery, ...])
_STATES = {state.value: state for state in DeliveryState}
# A thousand deliveries are one statement, not a thousand: the writer holds the circle's lock.
_ADD = text("""
    INSERT INTO delivery (circle_id, alert_id, recipient_id, incident_id, recipient_name, unit_id, partner_id,
                          state, times, unit_ids)
    SELECT :circle_id, alert_id, recipient_id, :incident_id, recipient_name, unit_id, partner_id,
           state, times, unit_ids
    FROM jsonb_to_recordset(CAST(:deliveries AS jsonb))
         AS called (alert_id uuid, recipient_id uuid, recipient_name text, unit_id uuid, partner_id uuid,
                    state text, times jsonb, unit_ids uuid[])
""")
# Naming the alerts beside the pairs keeps the server from reading the circle's whole history to find them.
_PUT = text("""
    UPDATE delivery
    SET state = moved.state, times = moved.times, unit_id = moved.unit_id, unit_ids = moved.unit_ids,
        partner_id = moved.partner_id, recipient_name = moved.recipient_name
    FROM jsonb_to_recordset(CAST(:deliveries AS jsonb))
         AS moved (alert_id uuid, recipient_id uuid, state text, times jsonb, unit_id uuid, unit_ids uuid[],
                   partner_id uuid, recipient_name text)
    WHERE delivery.circle_id = :circle_id AND delivery.alert_id = ANY (:alert_ids)
      AND delivery.alert_id = moved.alert_id AND delivery.recipient_id = moved.recipient_id
""")


_UNCONFIRMED = text("""
    SELECT called.recipient_id, called.alert_id, called.incident_id
    FROM unnest(CAST(:recipient_ids AS uuid[])) AS person (id)
    CROSS JOIN LATERAL (
        SELECT delivery.recipient_id, delivery.alert_id, delivery.incident_id, alert.number
        FROM delivery JOIN alert ON alert.circle_id = delivery.circle_id AND alert.id = delivery.alert_id
        WHERE delivery.circle_id = :circle_id AND delivery.recipient_id = person.id
          AND delivery.state IN ('queued', 'sent')
        ORDER BY alert.number DESC
        LIMIT :at_most
    ) AS called
    ORDER BY called.number DESC
""")


class PostgresDeliveries:
    """Each recipient's state for each alert."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, circle_id: CircleId, incident_id: IncidentId, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        await self._connection.execute(
            _ADD,
            {
                "circle_id": circle_id,
                "incident_id": incident_id,
                "deliveries": dump_deliveries(deliveries),
            },
        )
        await queue_messages(self._connection, circle_id, deliveries)

    async def of_recipients(
        self,
        circle_id: CircleId,
        *,
        alert_ids: Collection[AlertId],
        recipient_ids: Collection[ResponderId],
    ) -> tuple[Delivery, ...]:
        found = await self._connection.execute(
            select(DELIVERY)
            .where(
                DELIVERY.c.circle_id == circle_id,
                DELIVERY.c.alert_id == func.any(list(alert_ids)),
                DELIVERY.c.recipient_id == func.any(list(recipient_ids)),
            )
            .order_by(DELIVERY.c.alert_id, DELIVERY.c.recipient_id)
        )
        return tuple(to_delivery(row) for row in found)

    async def unconfirmed(
        self, circle_id: CircleId, recipient_ids: Collection[ResponderId], *, at_most: int
    ) -> tuple[Call, ...]:
        found = await self._connection.execute(
            _UNCONFIRMED,
            {"circle_id": circle_id, "recipient_ids": list(recipient_ids), "at_most": at_most},
        )
        return tuple(
            Call(
                recipient_id=ResponderId(row.recipient_id),
                alert_id=AlertId(row.alert_id),
                incident_id=IncidentId(row.incident_id),
            )
            for row in found
        )

    async def put(self, circle_id: CircleId, deliveries: Sequence[Delivery]) -> None:
        if not deliveries:
            return
        await self._connection.execute(
            _PUT,
            {
                "circle_id": circle_id,
                "alert_ids": list({delivery.alert_id for delivery in deliveries}),
                "deliveries": dump_deliveries(deliveries),
            },
        )

    async def move(
        self, circle_id: CircleId, incident_id: IncidentId, recipient_id: ResponderId, *, to: ResponderId
    ) -> None:
        await self._connection.execute(
            update(DELIVERY)
            .where(
                DELIVERY.c.circle_id == circle_id,
                DELIVERY.c.incident_id == incident_id,
                DELIVERY.c.recipient_id == recipient_id,
            )
            .values(recipient_id=to)
        )


def dump_deliveries(deliveries: Sequence[Delivery]) -> str:
    return _DELIVERIES.dump_json(tuple(deliveries)).decode()


def to_delivery(row: AnyRow) -> Delivery:
    return Delivery(
        alert_id=AlertId(row.alert_id),
        recipient_id=ResponderId(row.recipient_id),
        recipient_name=row.recipient_name,
        unit_id=UnitId(row.unit_id),
        partner_id=PartnerId(row.partner_id),
        state=_STATES[row.state],
        times=load_times(row.times),
        unit_ids=tuple(row.unit_ids),
    )
