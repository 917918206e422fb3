"""The ladders of incidents, and the timers of their steps."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.ladder.ladder import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    Ladder,
    LadderStep,
    StepReason,
    StepState,
)
from responder.ports.ladder import DueStep
from responder.store.bodies import dump_step, load_ladder, load_step
from responder.store.metadata import METADATA, circle_id, time

LADDER = Table(
    "ladder",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("incident_id", Uuid, primary_key=True),
    # The ladder without its steps.
    Column("body", JSONB, nullable=False),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["incident.circle_id", "incident.id"]),
)
LADDER_STEP = Table(
    "ladder_step",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("incident_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    time("due_at"),
    time("expires_at"),
    Column("state", Text, nullable=False),
    time("at", nullable=True),
    Column("is_live", Boolean, nullable=False),
    time("heartbeat_at", nullable=True),
    # How often it could not be taken although it was due, and from when on it is tried again.
    Column("failures", Integer, nullable=False, server_default="0"),
    time("retry_at", nullable=True),
    # The whole step; the other columns are what is searched for.
    Column("body", JSONB, nullable=False),
    ForeignKeyConstraint(["circle_id", "incident_id"], ["ladder.circle_id", "ladder.incident_id"]),
    CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in StepState)})", name="state_known"),
    CheckConstraint("(state = 'planned') = (at IS NULL)", name="decided_at_a_time"),
    CheckConstraint("expires_at >= due_at", name="expires_after_it_is_due"),
    Index("ix_ladder_step_due", "state", "due_at", postgresql_where=text("is_live")),
)

LADDER_CHANNEL: Final = "responder_ladder"
"""Where those who take steps are woken when some were planned: the id of the circle, nothing else."""
_PUT = text(f"""
    UPDATE ladder_step
    SET due_at = (step ->> 'due_at')::timestamptz, expires_at = (step ->> 'expires_at')::timestamptz,
        state = step ->> 'state', at = (step ->> 'at')::timestamptz, heartbeat_at = NULL, failures = 0,
        retry_at = NULL, body = step
    FROM unnest(CAST(:incident_ids AS uuid[]), CAST(:steps AS jsonb[])) AS given (incident_id, step)
    WHERE circle_id = :circle_id AND ladder_step.incident_id = given.incident_id
      AND number = (step ->> 'number')::integer
    RETURNING CASE WHEN state = 'planned'
                   THEN pg_notify('{LADDER_CHANNEL}', CAST(CAST(:circle_id AS uuid) AS text)) END
""")  # noqa: S608 - the channel is the constant above
# A last time when it expires: from then on it is decided without what it could not do.
_PUT_OFF = text("""
    UPDATE ladder_step
    SET failures = failures + 1,
        retry_at = LEAST(
            :now + make_interval(secs => LEAST(:first_s * power(2, LEAST(failures, 20)), :longest_s)),
            CASE WHEN expires_at > :now THEN expires_at END),
        body = jsonb_set(body, '{failures}', to_jsonb(failures + 1))
    WHERE circle_id = :circle_id AND incident_id = :incident_id AND number = :number
      AND is_live AND state = 'planned' AND COALESCE(retry_at, due_at) <= :now
""")
_PLANNED = LADDER_STEP.c.is_live & (LADDER_STEP.c.state == StepState.PLANNED.value)
_DUE_AT = func.coalesce(LADDER_STEP.c.retry_at, LADDER_STEP.c.due_at)
_PASSED_OVER = [StepReason.ENOUGH.value, StepReason.SOMEBODY_COMES.value]
# A person who withdrew after a step was passed over for them.
_LEFT_ALONE = text("""
    SELECT DISTINCT step.circle_id, step.incident_id
    FROM ladder_step AS step
    JOIN delivery ON delivery.circle_id = step.circle_id AND delivery.incident_id = step.incident_id
    WHERE step.is_live AND step.state = 'skipped' AND step.body ->> 'reason' = ANY (:reasons)
      AND delivery.state = :withdrawn AND (delivery.times ->> :withdrawn)::timestamptz >= step.at
""")
# Rows that another process looks after at this moment are left to it.
_BEAT = text("""
    UPDATE ladder_step SET heartbeat_at = :now
    FROM (
        SELECT circle_id, incident_id, number FROM ladder_step
        WHERE is_live AND state = 'planned' AND (heartbeat_at IS NULL OR heartbeat_at < :before)
        FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE ladder_step.circle_id = due.circle_id AND ladder_step.incident_id = due.incident_id
      AND ladder_step.number = due.number
""")


class PostgresLadders:
    """The ladders of incidents."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_steps(
        self, circle_id: CircleId, incident_id: IncidentId, steps: Sequence[LadderStep]
    ) -> None:
        await self.put_steps_of(circle_id, [(incident_id, step) for step in steps])

    async def put_steps_of(self, circle_id: CircleId, steps: Sequence[tuple[IncidentId, LadderStep]]) -> None:
        if not steps:
            return
        values = {
            "circle_id": circle_id,
            "incident_ids": [incident_id for incident_id, _ in steps],
            "steps": [dump_step(step) for _, step in steps],
        }
        await self._connection.execute(_PUT, values)

    async def close(self, circle_id: CircleId, incident_id: IncidentId) -> None:
        await self._connection.execute(
            update(LADDER_STEP)
            .where(LADDER_STEP.c.circle_id == circle_id, LADDER_STEP.c.incident_id == incident_id)
            .values(is_live=False)
        )

    async def next_due(self) -> dict[CircleId, datetime]:
        found = await self._connection.execute(
            select(LADDER_STEP.c.circle_id, func.min(_DUE_AT).label("due_at"))
            .where(_PLANNED)
            .group_by(LADDER_STEP.c.circle_id)
        )
        return {CircleId(row.circle_id): row.due_at for row in found}

    async def due(
        self,
        circle_id: CircleId,
        *,
        now: datetime,
        at_most: int,
        only: DueStep | None = None,
    ) -> tuple[DueStep, ...]:
        wanted = (
            true()
            if only is None
            else and_(LADDER_STEP.c.incident_id == only.incident_id, LADDER_STEP.c.number == only.number)
        )
        found = await self._connection.execute(
            select(LADDER_STEP.c.incident_id, LADDER_STEP.c.number)
            .where(LADDER_STEP.c.circle_id == circle_id, _PLANNED, now >= _DUE_AT, wanted)
            .order_by(LADDER_STEP.c.due_at, LADDER_STEP.c.incident_id, LADDER_STEP.c.number)
            .limit(at_most)
        )
        return tuple(DueStep(IncidentId(row.incident_id), row.number) for row in found)

    async def put_off(self, circle_id: CircleId, step: DueStep, *, now: datetime) -> bool:
        values = {
            "circle_id": circle_id,
            "incident_id": step.incident_id,
            "number": step.number,
            "now": now,
            "first_s": FIRST_PAUSE_S,
            "longest_s": LONGEST_PAUSE_S,
        }
        done = await self._connection.execute(_PUT_OFF, values)
        return done.rowcount > 0

    async def left_alone(self) -> dict[CircleId, frozenset[IncidentId]]:
        values = {"reasons": _PASSED_OVER, "withdrawn": DeliveryState.WITHDRAWN.value}
        incidents = defaultdict(set)
        for row in await self._connection.execute(_LEFT_ALONE, values):
            incidents[CircleId(row.circle_id)].add(IncidentId(row.incident_id))
        return {circle_id: frozenset(found) for circle_id, found in incidents.items()}

    async def beat(self, *, now: datetime, before: datetime) -> None:
        await self._connection.execute(_BEAT, {"now": now, "before": before})

    async def unattended_since(self) -> datetime | None:
        found = await self._connection.execute(select(func.min(LADDER_STEP.c.heartbeat_at)).where(_PLANNED))
        moment: datetime | None = found.scalar_one()
        return moment


async def load_ladders(
    connection: AsyncConnection, circle_id: CircleId, incident_ids: Collection[IncidentId]
) -> dict[IncidentId, Ladder]:
    """Return the ladders of the incidents; one that has none is left out."""
    found = await connection.execute(
        select(LADDER.c.incident_id, LADDER.c.body, LADDER_STEP.c.body.label("step"))
        .outerjoin(
            LADDER_STEP,
            (LADDER_STEP.c.circle_id == LADDER.c.circle_id)
            & (LADDER_STEP.c.incident_id == LADDER.c.incident_id),
        )
        .where(LADDER.c.circle_id == circle_id, LADDER.c.incident_id.in_(incident_ids))
        .order_by(LADDER.c.incident_id, LADDER_STEP.c.number)
    )
    ladders: dict[IncidentId, Ladder] = {}
    steps: dict[IncidentId, list[LadderStep]] = defaultdict(list)
    for row in found:
        incident_id = IncidentId(row.incident_id)
        if incident_id not in ladders:
            ladders[incident_id] = load_ladder(row.body)
        if row.step is not None:
            steps[incident_id].append(load_step(row.step))
    return {each: replace(ladder, steps=tuple(steps[each])) for each, ladder in ladders.items()}
