"""Neighbouring circles: what two circles of an installation agreed on, and the help that is asked for."""

from dataclasses import dataclass
from datetime import datetime

from responder.domain.ids import CircleId, IncidentId, UnitId
from responder.domain.ladder.ladder import HelpState


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One side of an agreement: the units of this circle that the other may call."""

    circle_id: CircleId
    neighbour_id: CircleId
    unit_ids: tuple[UnitId, ...]
    """Empty for a circle that asks for help and gives none."""
    set_at: datetime
    set_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourCall:
    """Help that one circle asks of another for an incident."""

    circle_id: CircleId
    """The circle that helps."""
    from_circle_id: CircleId
    from_incident_id: IncidentId
    asked_at: datetime
    expires_at: datetime
    """Its people are not called later than this."""
    state: HelpState
    incident_id: IncidentId | None = None
    """In the circle that helps: its people see this one and nothing of the other circle."""
    called: int = 0
    coming: int = 0
    passed: int = 0
    """So many alerts of the incident that is helped have been passed on, the call with them."""
