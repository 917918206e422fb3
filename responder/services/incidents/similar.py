"""Ask whether an alert is the same as one raised nearby moments ago, before it calls the same people."""

import math
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from responder.domain.errors import SimilarIncidentError
from responder.domain.ids import IncidentId
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Viewer
from responder.ports import Transaction

NEAR_M: Final = 100.0
WITHIN: Final = timedelta(minutes=3)


async def ask_about_similar(
    transaction: Transaction,
    viewer: Viewer,
    here: LonLat,
    *,
    exercise: bool,
    not_same_as: Collection[IncidentId],
    now: datetime,
) -> None:
    """
    Raise when an open incident nearby may be the same, whatever its kind; none of `not_same_as` is.

    Incidents that the viewer may not see are not asked about. Real ones and exercises are never the same.

    Raises
    ------
    SimilarIncidentError
        `candidates` are those that may be the same, the nearest first.
    """
    recent = await transaction.incidents.raised_since(
        viewer.circle_id, now - WITHIN, exercise=exercise, visible_to=viewer
    )
    near = [
        (away_m, incident)
        for incident in recent
        if incident.id not in not_same_as and (away_m := distance_m(here, incident.place.lonlat)) <= NEAR_M
    ]
    if near:
        near.sort(key=lambda each: (each[0], each[1].id))
        raise SimilarIncidentError(candidates=[_candidate(incident, away_m) for away_m, incident in near])


def distance_m(here: LonLat, there: LonLat) -> float:
    """Return how far two places near each other are apart, in metres."""
    east_per_degree, north_per_degree = LocalPlane(lon=there.lon, lat=there.lat).metres_per_degree
    return math.hypot((here.lon - there.lon) * east_per_degree, (here.lat - there.lat) * north_per_degree)


def _candidate(incident: Incident, away_m: float) -> dict[str, Any]:
    return {
        "incident_id": str(incident.id),
        "kind": incident.kind,
        "severity": incident.severity.value,
        "exercise": incident.exercise,
        "label": incident.place.label,
        "label_en": incident.place.label_en,
        "raised_at": incident.raised_at.isoformat(),
        "raised_by_name": incident.raised_by_name,
        "distance_m": round(away_m, 1),
    }
