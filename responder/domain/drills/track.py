"""Where units were during a drill."""

from dataclasses import dataclass
from datetime import datetime

from responder.domain.ids import UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """Where a unit said it was, and when that was known."""

    unit_id: UnitId
    at: datetime
    stored_at: datetime
    lon: float
    """Degrees east, WGS 84."""
    lat: float
    accuracy_m: float
