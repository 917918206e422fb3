"""Calls to act."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AlertId, CircleId, IncidentId, PartnerId, PhotoId
from responder.domain.incidents.alert import Alert, AlertCause, MessageType
from responder.store.metadata import METADATA, AnyRow, circle_id, time

ALERT = Table(
    "alert",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False),
    # Two alerts of one incident can be sent in the same millisecond; this is which came first.
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("message_type", Text, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("headline", Text, nullable=False),
    time("sent_at"),
    Column("reference_ids", ARRAY(Uuid), nullable=False),
    Column("cause", Text, nullable=False, server_default="raised"),
    # What a person wrote, with an update or an end.
    Column("text", Text, nullable=False, server_default=""),
    # Whose people read the text; none is all whom the incident concerns.
    Column("partner_ids", ARRAY(Uuid), nullable=False, server_default="{}"),
    # Goes with the text: one of the drill whose exercise the incident is.
    Column("photo_id", Uuid),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
    Index("ix_alert_incident_id", "circle_id", "incident_id"),
)


class PostgresAlerts:
    """Calls to act."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, circle_id: CircleId, alert: Alert) -> None:
        await self._connection.execute(
            insert(ALERT).values(
                circle_id=circle_id,
                id=alert.id,
                incident_id=alert.incident_id,
                message_type=alert.message_type.value,
                exercise=alert.exercise,
                headline=alert.headline,
                sent_at=alert.sent_at,
                reference_ids=list(alert.references),
                cause=alert.cause.value,
                text=alert.text,
                partner_ids=list(alert.partner_ids),
                photo_id=alert.photo_id,
            )
        )

    async def get(self, circle_id: CircleId, alert_id: AlertId) -> Alert:
        found = await self._connection.execute(
            select(ALERT).where(ALERT.c.circle_id == circle_id, ALERT.c.id == alert_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return to_alert(row)

    async def calls(self, circle_id: CircleId, alert_ids: Collection[AlertId]) -> dict[AlertId, AlertId]:
        call = ALERT.alias("call")
        found = await self._connection.execute(
            select(ALERT.c.id, call.c.id.label("call_id"))
            .join(
                call,
                (call.c.circle_id == ALERT.c.circle_id)
                & (call.c.incident_id == ALERT.c.incident_id)
                & (call.c.message_type == MessageType.ALERT.value),
            )
            .where(ALERT.c.circle_id == circle_id, ALERT.c.id == func.any(list(alert_ids)))
        )
        return {AlertId(row.id): AlertId(row.call_id) for row in found}


def to_alert(row: AnyRow) -> Alert:
    return Alert(
        id=AlertId(row.id),
        incident_id=IncidentId(row.incident_id),
        message_type=MessageType(row.message_type),
        exercise=row.exercise,
        headline=row.headline,
        sent_at=row.sent_at,
        references=tuple(AlertId(reference) for reference in row.reference_ids),
        cause=AlertCause(row.cause),
        text=row.text,
        partner_ids=tuple(PartnerId(each) for each in row.partner_ids),
        photo_id=None if row.photo_id is None else PhotoId(row.photo_id),
    )
