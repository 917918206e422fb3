"""Agreements of neighbouring circles, and the help that is asked for."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, IncidentId, UnitId
from responder.domain.incidents.delivery import COMING
from responder.domain.ladder.ladder import HelpState
from responder.domain.ladder.neighbour import Neighbour, NeighbourCall
from responder.ports.neighbours import OpenCall
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

NEIGHBOUR = Table(
    "neighbour",
    METADATA,
    circle_id(),
    # Not a foreign key: whether there is such a circle is not told to those who name it.
    Column("neighbour_id", Uuid, primary_key=True),
    Column("unit_ids", ARRAY(Uuid), nullable=False),
    time("set_at"),
    Column("set_by_name", Text, nullable=False),
    CheckConstraint("circle_id <> neighbour_id", name="is_another"),
)
NEIGHBOUR_CALL = Table(
    "neighbour_call",
    METADATA,
    circle_id(),
    Column("from_circle_id", Uuid, primary_key=True),
    Column("from_incident_id", Uuid, primary_key=True),
    time("asked_at"),
    time("expires_at"),
    Column("state", Text, nullable=False),
    Column("incident_id", Uuid),
    Column("called", Integer, nullable=False),
    Column("coming", Integer, nullable=False),
    Column("passed", Integer, nullable=False, server_default="0"),
    CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in HelpState)})", name="state_known"),
    CheckConstraint("state <> 'called' OR incident_id IS NOT NULL", name="called_by_an_incident"),
    Index("ix_neighbour_call_open", "state", postgresql_where=text("state IN ('asked', 'called')")),
)


# Of the incident that helps the first alert counts, not its cancellation.
_OPEN = text("""
    SELECT asked.*, incident.ended_at, counted.called AS called_now, counted.coming AS coming_now,
           asked.state = 'called' AND (asked.passed < (
               SELECT count(*) FROM alert
               WHERE alert.circle_id = asked.from_circle_id AND alert.incident_id = asked.from_incident_id
           ) OR EXISTS (
               SELECT FROM incident AS own
               WHERE own.circle_id = asked.circle_id AND own.id = asked.incident_id AND own.ended_at IS NULL
                 AND CAST(incident.stage_times ->> incident.stage AS timestamptz)
                     > COALESCE(CAST(own.stage_times ->> incident.stage AS timestamptz), '-infinity')
           )) AS is_behind
    FROM neighbour_call AS asked
    JOIN incident ON incident.circle_id = asked.from_circle_id AND incident.id = asked.from_incident_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS called, count(*) FILTER (WHERE delivery.state = ANY (:coming)) AS coming
        FROM delivery
        WHERE delivery.circle_id = asked.circle_id AND delivery.alert_id = (
            SELECT alert.id FROM alert
            WHERE alert.circle_id = asked.circle_id AND alert.incident_id = asked.incident_id
            ORDER BY alert.number
            LIMIT 1
        )
    ) AS counted
    WHERE asked.state IN ('asked', 'called')
      AND (CAST(:only AS uuid[]) IS NULL OR asked.circle_id = ANY (CAST(:only AS uuid[])))
    ORDER BY asked.asked_at, asked.circle_id
""")


class PostgresNeighbours:
    """Agreements of neighbouring circles, and the help that is asked for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId) -> tuple[Neighbour, ...]:
        found = await self._connection.execute(
            select(NEIGHBOUR).where(NEIGHBOUR.c.circle_id == circle_id).order_by(NEIGHBOUR.c.neighbour_id)
        )
        return tuple(_to_neighbour(row) for row in found)

    async def agreed_with(self, circle_id: CircleId) -> tuple[Neighbour, ...]:
        other = NEIGHBOUR.alias("other")
        found = await self._connection.execute(
            select(other)
            .join(
                NEIGHBOUR,
                and_(
                    NEIGHBOUR.c.circle_id == other.c.neighbour_id,
                    NEIGHBOUR.c.neighbour_id == other.c.circle_id,
                ),
            )
            .where(other.c.neighbour_id == circle_id)
            .order_by(other.c.circle_id)
        )
        return tuple(_to_neighbour(row) for row in found)

    async def put(self, neighbour: Neighbour) -> None:
        row = {
            "circle_id": neighbour.circle_id,
            "neighbour_id": neighbour.neighbour_id,
            "unit_ids": list(neighbour.unit_ids),
            "set_at": neighbour.set_at,
            "set_by_name": neighbour.set_by_name,
        }
        await upsert(self._connection, NEIGHBOUR, [row])

    async def remove(self, circle_id: CircleId, neighbour_id: CircleId) -> bool:
        done = await self._connection.execute(
            delete(NEIGHBOUR).where(
                NEIGHBOUR.c.circle_id == circle_id, NEIGHBOUR.c.neighbour_id == neighbour_id
            )
        )
        return done.rowcount > 0

    async def ask(self, call: NeighbourCall) -> bool:
        done = await self._connection.execute(
            insert(NEIGHBOUR_CALL).values(_to_row(call)).on_conflict_do_nothing()
        )
        return done.rowcount > 0

    async def put_call(self, call: NeighbourCall) -> None:
        await self._connection.execute(update(NEIGHBOUR_CALL).where(*_is(call)).values(_to_row(call)))

    async def find(self, call: NeighbourCall) -> NeighbourCall | None:
        found = await self._connection.execute(select(NEIGHBOUR_CALL).where(*_is(call)))
        row = found.one_or_none()
        return None if row is None else _to_call(row)

    async def move_call(self, call: NeighbourCall, *, to: IncidentId) -> None:
        await self._connection.execute(delete(NEIGHBOUR_CALL).where(*_is(replace(call, from_incident_id=to))))
        await self._connection.execute(update(NEIGHBOUR_CALL).where(*_is(call)).values(from_incident_id=to))

    async def open_calls(self, *, only: Collection[CircleId] | None = None) -> tuple[OpenCall, ...]:
        values = {
            "coming": [state.value for state in COMING],
            "only": None if only is None else list(only),
        }
        found = await self._connection.execute(_OPEN, values)
        return tuple(
            OpenCall(
                call=_to_call(row),
                called_now=row.called_now,
                coming_now=row.coming_now,
                is_over=row.ended_at is not None,
                is_behind=row.is_behind,
            )
            for row in found
        )


def _is(call: NeighbourCall) -> tuple[ColumnElement[bool], ...]:
    return (
        NEIGHBOUR_CALL.c.circle_id == call.circle_id,
        NEIGHBOUR_CALL.c.from_circle_id == call.from_circle_id,
        NEIGHBOUR_CALL.c.from_incident_id == call.from_incident_id,
    )


def _to_neighbour(row: AnyRow) -> Neighbour:
    return Neighbour(
        circle_id=CircleId(row.circle_id),
        neighbour_id=CircleId(row.neighbour_id),
        unit_ids=tuple(UnitId(each) for each in row.unit_ids),
        set_at=row.set_at,
        set_by_name=row.set_by_name,
    )


def _to_call(row: AnyRow) -> NeighbourCall:
    return NeighbourCall(
        circle_id=CircleId(row.circle_id),
        from_circle_id=CircleId(row.from_circle_id),
        from_incident_id=IncidentId(row.from_incident_id),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        state=HelpState(row.state),
        incident_id=None if row.incident_id is None else IncidentId(row.incident_id),
        called=row.called,
        coming=row.coming,
        passed=row.passed,
    )


def _to_row(call: NeighbourCall) -> dict[str, object]:
    return {
        "circle_id": call.circle_id,
        "from_circle_id": call.from_circle_id,
        "from_incident_id": call.from_incident_id,
        "asked_at": call.asked_at,
        "expires_at": call.expires_at,
        "state": call.state.value,
        "incident_id": call.incident_id,
        "called": call.called,
        "coming": call.coming,
        "passed": call.passed,
    }
