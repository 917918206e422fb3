"""Add an incident with its first alert and its ladder in one statement: a tap waits for it."""

from dataclasses import replace
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.incidents.snapshot import IncidentDetail
from responder.store.bodies import dump_ladder, dump_response_circle_json, dump_steps
from responder.store.incidents.incident_table import to_values
from responder.store.incidents.ladder import LADDER_CHANNEL
from responder.store.metadata import SRID

_BEGIN: Final = text(f"""
    WITH begun AS (
        INSERT INTO incident (
            circle_id, id, exercise, kind, severity, geometry, label, label_en, building_id, entrance, note,
            raised_at, raised_by, raised_by_name, response_circle, reach_version)
        VALUES (
            :circle_id, :id, :exercise, :kind, :severity, ST_SetSRID(ST_MakePoint(:lon, :lat), :srid),
            :label, :label_en, CAST(:building_id AS uuid), CAST(:entrance AS text), :note,
            :raised_at, :raised_by, :raised_by_name, CAST(:response_circle AS jsonb), :reach_version)
    ), called AS (
        INSERT INTO alert (circle_id, id, incident_id, message_type, exercise, headline, sent_at,
                           reference_ids, cause, text)
        VALUES (:circle_id, :alert_id, :id, :message_type, :exercise, :headline, :sent_at, '{{}}', :cause,
                :alert_text)
    ), planned AS (
        INSERT INTO ladder (circle_id, incident_id, body)
        SELECT :circle_id, :id, CAST(:ladder AS jsonb) WHERE CAST(:ladder AS text) IS NOT NULL
    )
    INSERT INTO ladder_step (circle_id, incident_id, number, due_at, expires_at, state, at, is_live, body)
    SELECT :circle_id, :id, (step ->> 'number')::integer, (step ->> 'due_at')::timestamptz,
           (step ->> 'expires_at')::timestamptz, step ->> 'state', (step ->> 'at')::timestamptz, true, step
    FROM jsonb_array_elements(CAST(:steps AS jsonb)) AS step
    RETURNING pg_notify('{LADDER_CHANNEL}', CAST(CAST(:circle_id AS uuid) AS text))
""")  # noqa: S608 - the channel is a constant


async def begin_incident(connection: AsyncConnection, detail: IncidentDetail, *, reach_version: int) -> None:
    """Add what is new in `detail`, except its deliveries."""
    incident, [alert], ladder = detail.incident, detail.alerts, detail.ladder
    values = to_values(incident)
    del values["geometry"]
    await connection.execute(
        _BEGIN,
        {
            **values,
            "srid": SRID,
            "lon": incident.place.lon,
            "lat": incident.place.lat,
            "response_circle": dump_response_circle_json(detail.response_circle),
            "reach_version": reach_version,
            "alert_id": alert.id,
            "message_type": alert.message_type.value,
            "headline": alert.headline,
            "sent_at": alert.sent_at,
            "cause": alert.cause.value,
            "alert_text": alert.text,
            "ladder": None if ladder is None else dump_ladder(replace(ladder, steps=())),
            "steps": "[]" if ladder is None else dump_steps(ladder.steps),
        },
    )
