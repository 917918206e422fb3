"""What a closed road costs: households that partners no longer reach in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from responder.domain.ids import BuildingId, IncidentId, UnitId
from responder.domain.people.partner import PartnerKind


class Counted(StrEnum):
    """What is counted: where households are unknown, each building counts as one."""

    HOUSEHOLDS = "households"
    BUILDINGS = "buildings"


class JobState(StrEnum):
    """How far a computation is."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Shut(StrEnum):
    """What may be shut besides a stretch of road."""

    HAZARD = "hazard"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Households that one kind of partner does not reach within a limit any more."""

    kind: PartnerKind
    limit_s: float
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadCost:
    """What shutting one stretch of road from end to end costs."""

    road_id: int
    """Its number in the circle's network, as in the tiles."""
    name: str
    length_m: float
    coordinates: tuple[tuple[float, float], ...]
    """Longitude, latitude pairs, WGS 84."""
    households: int
    """Households that lose at least one kind of partner within at least one limit, each counted once."""
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureCost:
    """What a hazard would cost if the road were shut there, or what a closure costs by itself."""

    type: Shut
    id: UUID
    name: str
    name_en: str
    households: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criticality:
    """Roads, hazards and closures of a circle by what they cost, the costliest first."""

    building_id: BuildingId | None
    """For this building alone; None for the circle."""
    pedestrians_pass: bool
    """People on foot get past: a parked lorry stops engines, not crews."""
    limits_s: tuple[float, ...]
    counted: Counted
    buildings: int
    households: int
    """Households (or buildings) that were counted."""
    excluded: int
    """Buildings that were not, because there are too many."""
    reached: tuple[Loss, ...]
    """Households that each kind reaches within each limit as things are."""
    roads: tuple[RoadCost, ...]
    roads_excluded: int
    """Further stretches that cost something, less than those named."""
    features: tuple[FeatureCost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalityStatus:
    """How far the computation is, and what it found last."""

    state: JobState
    step: str
    progress: float
    """0 to 1."""
    up_to_date: bool
    """Whether the result rests on the roads, closures, units and buildings of now."""
    computed_at: datetime | None
    code: str | None
    """Why it failed."""
    result: Criticality | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowed:
    """Households that one kind of partner reaches later than before, in time or not."""

    kind: PartnerKind
    households: int
    max_delay_s: float
    """The longest delay among those who are still reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDelay:
    """A unit that comes later to an open incident, or not in time any more."""

    unit_id: UnitId
    unit_name: str
    unit_name_en: str
    before_s: float
    after_s: float | None
    """None when it is not in time any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDelay:
    """What a closure means for an incident that is open."""

    incident_id: IncidentId
    kind: str
    exercise: bool
    label: str
    delays: tuple[UnitDelay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureCost:
    """What a closure costs, against the same roads without it."""

    on_road: bool
    """False when it lies on no road at all, so that it closes nothing."""
    limits_s: tuple[float, ...]
    counted: Counted
    buildings: int
    households: int
    excluded: int
    lost: int
    """Households that lose at least one kind of partner within at least one limit, each counted once."""
    losses: tuple[Loss, ...]
    slowed: tuple[Slowed, ...]
    incidents: tuple[IncidentDelay, ...]


def weight(losses: Iterable[Loss]) -> tuple[tuple[float, int], ...]:
    """
    Return what to sort by, the costliest first.

    Households lost from the widest circle count before those lost from a narrower one: the widest is the
    promise that was signed.
    """
    by_limit: dict[float, int] = {}
    for loss in losses:
        by_limit[loss.limit_s] = by_limit.get(loss.limit_s, 0) + loss.households
    ranked = sorted((-limit_s, -households) for limit_s, households in by_limit.items())
    # Of two that are alike so far, the one that goes on costs more.
    return (*ranked, (0.0, 0))
