"""The log of a circle."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    cast,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.event import Event, RecordedEvent
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Audience
from responder.ports.incidents import AddressedEvent, CircleHead
from responder.services.incidents.queries import audience_after, audience_of, event_detail
from responder.store.bodies import dump_event, load_event
from responder.store.incidents.audience import audiences
from responder.store.incidents.incident_at_alert import load_incidents_at_alerts
from responder.store.map.circle import CIRCLE
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.people.admission import MEMBERSHIP_VERSION

Known = Callable[[IncidentId], Audience | None]
CHANNEL = "responder_event"
"""Where wake-ups are sent: the id of the circle, nothing else."""

EVENT = Table(
    "event",
    METADATA,
    circle_id(),
    Column("seq", BigInteger, primary_key=True),
    Column("id", Uuid, nullable=False, server_default=func.gen_random_uuid()),
    time("at"),
    Column("incident_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    # The circle's when the event was recorded.
    Column("reach_version", BigInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
    CheckConstraint("seq > 0", name="seq_from_one"),
    CheckConstraint("body ->> 'kind' = kind", name="kind_as_in_body"),
    # What was said of an incident, for documents about it: few of its events.
    Index(
        "ix_event_of_alert",
        "circle_id",
        "incident_id",
        postgresql_where=text(
            "kind IN ('alert_raised', 'alert_updated', 'incident_moved', 'incident_ended')"
        ),
    ),
)

_RECORD = text(f"""
    WITH head AS (
        UPDATE circle SET seq = seq + 1, event_id = gen_random_uuid() WHERE id = :circle_id
        RETURNING seq, event_id, reach_version
    ), recorded AS (
        INSERT INTO event (circle_id, seq, id, at, incident_id, kind, body, reach_version)
        SELECT :circle_id, head.seq, head.event_id, :at, :incident_id, :kind, CAST(:body AS jsonb),
            head.reach_version
        FROM head
        RETURNING seq, id, reach_version
    )
    SELECT seq, id, reach_version, pg_notify('{CHANNEL}', CAST(CAST(:circle_id AS uuid) AS text))
    FROM recorded
""")  # noqa: S608 - the channel is the constant above
_RECORD_ALL = text(f"""
    WITH head AS (
        UPDATE circle SET seq = seq + :count, event_id = gen_random_uuid() WHERE id = :circle_id
        RETURNING seq - :count AS before, event_id, reach_version
    ), recorded AS (
        INSERT INTO event (circle_id, seq, id, at, incident_id, kind, body, reach_version)
        SELECT :circle_id, head.before + given.number,
               CASE given.number WHEN :count THEN head.event_id ELSE gen_random_uuid() END,
               :at, given.incident_id, given.body ->> 'kind', given.body, head.reach_version
        FROM head, unnest(CAST(:incident_ids AS uuid[]), CAST(:bodies AS jsonb[])) WITH ORDINALITY
             AS given (incident_id, body, number)
        RETURNING seq
    )
    SELECT max(seq) AS seq, max(pg_notify('{CHANNEL}', CAST(CAST(:circle_id AS uuid) AS text))::text)
    FROM recorded HAVING count(*) > 0
""")  # noqa: S608 - the channel is the constant above
_COLUMNS = (
    EVENT.c.seq,
    EVENT.c.id,
    EVENT.c.at,
    EVENT.c.incident_id,
    EVENT.c.reach_version,
    cast(EVENT.c.body, Text).label("body"),
)


class PostgresEvents:
    """The log of a circle."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(
        self, circle_id: CircleId, event: Event, *, at: datetime, incident_id: IncidentId | None
    ) -> RecordedEvent:
        """Take the next number under the circle's lock, write the event, and wake the gateways at commit."""
        values = {
            "circle_id": circle_id,
            "at": at,
            "incident_id": incident_id,
            "kind": event.kind,
            "body": dump_event(event),
        }
        row = (await self._connection.execute(_RECORD, values)).one_or_none()
        if row is None:
            raise NotFoundError
        return RecordedEvent(
            circle_id=circle_id, seq=row.seq, id=row.id, at=at, event=event, reach_version=row.reach_version
        )

    async def record_all(
        self, circle_id: CircleId, events: Sequence[tuple[IncidentId, Event]], *, at: datetime
    ) -> None:
        """Take as many numbers as there are events, which concern incidents, and write all in their order."""
        values = {
            "circle_id": circle_id,
            "at": at,
            "count": len(events),
            "incident_ids": [incident_id for incident_id, _ in events],
            "bodies": [dump_event(event) for _, event in events],
        }
        if (await self._connection.execute(_RECORD_ALL, values)).one_or_none() is None:
            raise NotFoundError

    async def after(
        self,
        circle_id: CircleId,
        seq: int,
        *,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[AddressedEvent, ...]:
        wanted = [EVENT.c.circle_id == circle_id, EVENT.c.seq > seq]
        if until is not None:
            wanted.append(EVENT.c.at <= until)
        found = await self._connection.execute(
            select(*_COLUMNS).where(*wanted).order_by(EVENT.c.seq).limit(limit)
        )
        return await self._addressed(circle_id, found.all())

    async def following(
        self,
        circle_id: CircleId,
        seq: int,
        event_id: UUID | None,
        *,
        limit: int | None = None,
        known: Known | None = None,
    ) -> tuple[AddressedEvent, ...] | None:
        if seq == 0:
            return await self.after(circle_id, 0, limit=limit) if event_id is None else None
        # One statement: this stands between an alert and its sockets.
        last = EVENT.alias("last")
        found = await self._connection.execute(
            select(*_COLUMNS)
            .select_from(last.outerjoin(EVENT, (EVENT.c.circle_id == last.c.circle_id) & (EVENT.c.seq > seq)))
            .where(last.c.circle_id == circle_id, last.c.seq == seq, last.c.id == event_id)
            .order_by(EVENT.c.seq)
            .limit(limit)
        )
        rows = found.all()
        if not rows:
            return None
        return await self._addressed(circle_id, [row for row in rows if row.seq is not None], known=known)

    async def has(self, circle_id: CircleId, seq: int, event_id: UUID | None) -> bool:
        if seq == 0:
            return event_id is None
        found = await self._connection.execute(
            select(exists().where(EVENT.c.circle_id == circle_id, EVENT.c.seq == seq, EVENT.c.id == event_id))
        )
        return bool(found.scalar_one())

    async def _addressed(
        self, circle_id: CircleId, rows: Sequence[AnyRow], *, known: Known | None = None
    ) -> tuple[AddressedEvent, ...]:
        events = [load_event(row.body) for row in rows]
        concerned = {} if known is None else _known_audiences(rows, events, known)
        missing = {row.incident_id for row in rows if row.incident_id is not None} - concerned.keys()
        if missing:
            concerned |= await audiences(self._connection, circle_id, [IncidentId(each) for each in missing])
        addressed = []
        for row, event in zip(rows, events, strict=True):
            audience = None
            if row.incident_id is not None:
                audience = concerned[row.incident_id]
                if known is not None:
                    # Those whom an event calls are told of it, and of what follows.
                    audience = concerned[row.incident_id] = audience_after(event, audience)
            recorded = RecordedEvent(
                circle_id=circle_id,
                seq=row.seq,
                id=row.id,
                at=row.at,
                event=event,
                reach_version=row.reach_version,
            )
            addressed.append(AddressedEvent(recorded=recorded, audience=audience))
        return tuple(addressed)

    async def heads(self, circle_ids: Collection[CircleId]) -> dict[CircleId, CircleHead]:
        found = await self._connection.execute(
            select(
                CIRCLE.c.id,
                CIRCLE.c.epoch,
                CIRCLE.c.seq,
                CIRCLE.c.event_id,
                func.coalesce(MEMBERSHIP_VERSION.c.revision, 0).label("membership_version"),
            )
            .outerjoin(MEMBERSHIP_VERSION, MEMBERSHIP_VERSION.c.circle_id == CIRCLE.c.id)
            .where(CIRCLE.c.id == func.any(list(circle_ids)))
        )
        return {
            CircleId(row.id): CircleHead(
                epoch=row.epoch, seq=row.seq, event_id=row.event_id, membership_version=row.membership_version
            )
            for row in found
        }

    async def incidents_at_alerts(
        self, circle_id: CircleId, incident_ids: Collection[IncidentId]
    ) -> dict[AlertId, Incident]:
        return await load_incidents_at_alerts(self._connection, circle_id, incident_ids)


def _known_audiences(
    rows: Sequence[AnyRow], events: Sequence[Event], known: Known
) -> dict[IncidentId, Audience]:
    """Return whom incidents concern before these events, as far as is known or said by the first of each."""
    found: dict[IncidentId, Audience | None] = {}
    for row, event in zip(rows, events, strict=True):
        if row.incident_id is not None and row.incident_id not in found:
            whole = event_detail(event)
            found[row.incident_id] = known(row.incident_id) if whole is None else audience_of(whole)
    return {incident_id: audience for incident_id, audience in found.items() if audience is not None}
