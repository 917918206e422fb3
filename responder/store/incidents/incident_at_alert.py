"""What an incident was like when each of its alerts was sent, as the log has it."""

from collections.abc import Collection

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.incident import Incident

_INCIDENT: TypeAdapter[Incident] = TypeAdapter(Incident)
_FOUND: TypeAdapter[tuple[AlertId, ...]] = TypeAdapter(tuple[AlertId, ...])
# An event of an update or an end has its alert; one of the whole incident has all so far, with what is new.
_SAID = text("""
    SELECT COALESCE(body -> 'incident', body -> 'detail' -> 'incident') AS incident,
           CASE WHEN body ? 'alert' THEN jsonb_build_array(body -> 'alert' -> 'id')
                ELSE jsonb_path_query_array(body, '$.detail.alerts[*].id') END AS alert_ids
    FROM event
    WHERE circle_id = :circle_id AND incident_id = ANY (:incident_ids)
      AND kind IN ('alert_raised', 'alert_updated', 'incident_moved', 'incident_ended')
    ORDER BY seq
""")


async def load_incidents_at_alerts(
    connection: AsyncConnection, circle_id: CircleId, incident_ids: Collection[IncidentId]
) -> dict[AlertId, Incident]:
    """Return the incident of each alert as it was then; an alert that the log does not have is left out."""
    found = await connection.execute(_SAID, {"circle_id": circle_id, "incident_ids": list(incident_ids)})
    incidents: dict[AlertId, Incident] = {}
    for row in found:
        incident = _INCIDENT.validate_python(row.incident)
        for alert_id in _FOUND.validate_python(row.alert_ids):
            incidents.setdefault(alert_id, incident)
    return incidents
