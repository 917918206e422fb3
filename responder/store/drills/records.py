"""Drills as the yearly programme counts them."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.drills.plan import DrillMode, DrillState
from responder.domain.drills.programme import DrillRecord, PlannedFor
from responder.domain.ids import CircleId, DrillId, PartnerId

_RECORDS = text("""
    SELECT drill.id, drill.state, drill.body ->> 'name' AS name, drill.body ->> 'mode' AS mode,
        btrim(drill.body ->> 'notice') <> '' AS is_announced, drill.body -> 'partner_ids' AS partner_ids,
        CAST(COALESCE(CAST(run.body ->> 'started_at' AS timestamptz), drill.starts_at)
            AT TIME ZONE :time_zone AS date) AS "on",
        ARRAY(SELECT DISTINCT delivery.partner_id FROM delivery
            WHERE delivery.circle_id = run.circle_id AND delivery.incident_id = run.incident_id
                AND jsonb_exists(delivery.times, 'on_scene')
            ORDER BY delivery.partner_id) AS took_part,
        (SELECT count(*) FROM drill_observation AS seen
            WHERE seen.circle_id = drill.circle_id AND seen.drill_id = drill.id) AS observations,
        (SELECT count(*) FROM drill_finding AS finding
            WHERE finding.circle_id = drill.circle_id AND finding.drill_id = drill.id) AS findings,
        (SELECT count(*) FROM drill_finding AS finding
            WHERE finding.circle_id = drill.circle_id AND finding.drill_id = drill.id
                AND finding.state IN ('open', 'doing')) AS open_findings
    FROM drill LEFT JOIN drill_run AS run ON run.circle_id = drill.circle_id AND run.drill_id = drill.id
    WHERE drill.circle_id = :circle_id
""")


class PostgresDrillRecords:
    """Drills as the yearly programme counts them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId, *, time_zone: str) -> tuple[PlannedFor, ...]:
        found = await self._connection.execute(_RECORDS, {"circle_id": circle_id, "time_zone": time_zone})
        return tuple(
            PlannedFor(
                record=DrillRecord(
                    id=DrillId(row.id),
                    name=row.name,
                    mode=DrillMode(row.mode),
                    state=DrillState(row.state),
                    on=row.on,
                    took_part=tuple(map(PartnerId, row.took_part)),
                    is_announced=row.is_announced,
                    observations=row.observations,
                    findings=row.findings,
                    open_findings=row.open_findings,
                ),
                partner_ids=tuple(PartnerId(UUID(each)) for each in row.partner_ids),
            )
            for row in found
        )
