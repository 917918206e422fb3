"""What people look at: one incident whole, and one circle whole."""

from dataclasses import dataclass
from uuid import UUID

from responder.domain.drills.run import DrillRun
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.ladder.ladder import Ladder
from responder.domain.map.circle import Circle
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Position, Unit
from responder.domain.people.partner import Partner
from responder.domain.registers.roll_call import RollCall

ENDED_KEPT = 10
"""How many ended incidents stay in a snapshot of the circle, the last ended first to stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail:
    """An incident with its alerts, who can respond, and who has been told."""

    incident: Incident
    alerts: tuple[Alert, ...]
    """In the order sent: the first call, then updates, then the cancellation."""
    response_circle: ResponseCircle
    deliveries: tuple[Delivery, ...]
    """Ordered by alert and recipient."""
    ladder: Ladder | None = None
    """Who is called when; None for those who are not staff, and for incidents that call all at once."""
    roll_call: RollCall | None = None
    """Who is out of the building, by door; None before it is begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSnapshot:
    """Everything live in a circle that one viewer may see, as of event number `seq`."""

    circle: Circle
    epoch: str
    """Changes when the log does not tell all changes; clients then start from a snapshot."""
    seq: int
    event_id: UUID | None
    """Id of event number `seq`; None before the first. A restored log may have another event there."""
    reach_version: int
    """Grows with everything that changes who can be there in time, except where units are."""
    catalogue: AlertCatalogue
    partners: tuple[Partner, ...]
    units: tuple[Unit, ...]
    hazards: tuple[Hazard, ...]
    closures: tuple[Closure, ...]
    """Those not lifted."""
    drills: tuple[DrillRun, ...]
    """Those that run or are paused, by id."""
    incidents: tuple[IncidentDetail, ...]
    """All open ones, and the `ENDED_KEPT` that ended last."""
    positions: tuple[Position, ...]
    """Latest known of each unit that the viewer may see; not part of the event log."""
