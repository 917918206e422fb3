"""Drills as they run, and the timers of their injects."""

from collections.abc import Collection
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Uuid,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.drills.plan import DrillState
from responder.domain.drills.run import DrillRun
from responder.domain.ids import CircleId, DrillId, IncidentId
from responder.domain.ladder.ladder import FIRST_PAUSE_S, LONGEST_PAUSE_S
from responder.ports.drills.runs import DueRun
from responder.store.incidents.incident_table import INCIDENT
from responder.store.metadata import METADATA, circle_id, time

DRILL_RUN = Table(
    "drill_run",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, primary_key=True),
    Column("incident_id", Uuid),
    Column("is_ongoing", Boolean, nullable=False),
    Column("is_running", Boolean, nullable=False),
    # When the next planned inject is due by itself; none while the clock stands still.
    time("next_due_at", nullable=True),
    # Whether an inject waits for what people do, and up to which event of the circle that was looked at.
    Column("awaits_facts", Boolean, nullable=False),
    Column("seen_seq", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    time("retry_at", nullable=True),
    # The whole run; the other columns are what is searched for.
    Column("body", JSONB, nullable=False),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill.circle_id", "drill.id"]),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
    CheckConstraint("is_ongoing OR NOT is_running", name="running_is_ongoing"),
    CheckConstraint("is_running OR next_due_at IS NULL", name="due_while_running"),
    Index("ix_drill_run_ongoing", "circle_id", postgresql_where=text("is_ongoing")),
)
_RUN: TypeAdapter[DrillRun] = TypeAdapter(DrillRun)
_PUT = text("""
    INSERT INTO drill_run (
        circle_id, drill_id, incident_id, is_ongoing, is_running, next_due_at, awaits_facts, seen_seq, body)
    SELECT :circle_id, :drill_id, :incident_id, :is_ongoing, :is_running, :next_due_at, :awaits_facts, seq,
           CAST(:body AS jsonb)
    FROM circle WHERE id = :circle_id
    ON CONFLICT (circle_id, drill_id) DO UPDATE SET
        incident_id = EXCLUDED.incident_id, is_ongoing = EXCLUDED.is_ongoing,
        is_running = EXCLUDED.is_running, next_due_at = EXCLUDED.next_due_at,
        awaits_facts = EXCLUDED.awaits_facts, seen_seq = EXCLUDED.seen_seq, body = EXCLUDED.body,
        failures = 0, retry_at = NULL
""")
_DUE = text("""
    SELECT run.circle_id, run.drill_id FROM drill_run AS run
    WHERE run.is_ongoing AND COALESCE(run.retry_at, '-infinity') <= :now AND (
        run.next_due_at <= :now
        OR (run.awaits_facts AND EXISTS (
            SELECT FROM event WHERE event.circle_id = run.circle_id AND event.seq > run.seen_seq
                AND event.incident_id = run.incident_id))
        OR (run.is_running AND EXISTS (
            SELECT FROM incident AS alarm WHERE alarm.circle_id = run.circle_id AND NOT alarm.exercise
                AND alarm.ended_at IS NULL AND NOT jsonb_exists(run.body -> 'despite', alarm.id::text)))
        OR EXISTS (
            SELECT FROM incident AS own WHERE own.circle_id = run.circle_id AND own.id = run.incident_id
                AND own.ended_at IS NOT NULL))
    ORDER BY run.next_due_at, run.drill_id
""")
_PUT_OFF = text("""
    UPDATE drill_run SET failures = failures + 1,
        retry_at = :now + make_interval(secs => LEAST(:first_s * power(2, LEAST(failures, 20)), :longest_s))
    WHERE circle_id = :circle_id AND drill_id = :drill_id AND is_ongoing
""")
_ONGOING = DRILL_RUN.c.is_ongoing


class PostgresDrillRuns:
    """Drills as they run or ran."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, run: DrillRun, *, next_due_at: datetime | None, awaits_facts: bool) -> None:
        values = {
            "circle_id": run.circle_id,
            "drill_id": run.drill_id,
            "incident_id": run.incident_id,
            "is_ongoing": run.ended_at is None,
            "is_running": run.state is DrillState.RUNNING,
            "next_due_at": next_due_at,
            "awaits_facts": awaits_facts,
            "body": _RUN.dump_json(run).decode(),
        }
        await self._connection.execute(_PUT, values)

    async def find(self, circle_id: CircleId, drill_id: DrillId) -> DrillRun | None:
        found = await self._connection.execute(
            select(DRILL_RUN.c.body).where(
                DRILL_RUN.c.circle_id == circle_id, DRILL_RUN.c.drill_id == drill_id
            )
        )
        body = found.scalar_one_or_none()
        return None if body is None else _RUN.validate_python(body)

    async def ended_at(self, circle_id: CircleId, drill_ids: Collection[DrillId]) -> dict[DrillId, datetime]:
        ended_at = DRILL_RUN.c.body["ended_at"].astext
        found = await self._connection.execute(
            select(DRILL_RUN.c.drill_id, ended_at.label("ended_at")).where(
                DRILL_RUN.c.circle_id == circle_id,
                DRILL_RUN.c.drill_id.in_(drill_ids),
                ended_at.is_not(None),
            )
        )
        return {DrillId(row.drill_id): datetime.fromisoformat(row.ended_at) for row in found}

    async def ongoing(self, circle_id: CircleId) -> tuple[DrillRun, ...]:
        found = await self._connection.execute(
            select(DRILL_RUN.c.body)
            .where(DRILL_RUN.c.circle_id == circle_id, _ONGOING)
            .order_by(DRILL_RUN.c.drill_id)
        )
        return tuple(_RUN.validate_python(body) for body in found.scalars())

    async def of_incidents(
        self, circle_id: CircleId, incident_ids: Collection[IncidentId]
    ) -> dict[IncidentId, DrillRun]:
        found = await self._connection.execute(
            select(DRILL_RUN.c.incident_id, DRILL_RUN.c.body).where(
                DRILL_RUN.c.circle_id == circle_id, DRILL_RUN.c.incident_id.in_(incident_ids)
            )
        )
        return {IncidentId(row.incident_id): _RUN.validate_python(row.body) for row in found}

    async def open_alerts(self, circle_id: CircleId) -> dict[IncidentId, datetime]:
        found = await self._connection.execute(
            select(INCIDENT.c.id, INCIDENT.c.raised_at).where(
                INCIDENT.c.circle_id == circle_id, INCIDENT.c.ended_at.is_(None), ~INCIDENT.c.exercise
            )
        )
        return {IncidentId(row.id): row.raised_at for row in found}

    async def due(self, *, now: datetime) -> tuple[DueRun, ...]:
        found = await self._connection.execute(_DUE, {"now": now})
        return tuple(DueRun(CircleId(row.circle_id), DrillId(row.drill_id)) for row in found)

    async def next_due(self) -> datetime | None:
        at = func.greatest(DRILL_RUN.c.next_due_at, DRILL_RUN.c.retry_at)
        found = await self._connection.execute(
            select(func.min(at)).where(_ONGOING, DRILL_RUN.c.next_due_at.is_not(None))
        )
        moment: datetime | None = found.scalar_one()
        return moment

    async def put_off(self, due: DueRun, *, now: datetime) -> None:
        values = {**due._asdict(), "now": now, "first_s": FIRST_PAUSE_S, "longest_s": LONGEST_PAUSE_S}
        await self._connection.execute(_PUT_OFF, values)
