"""A stretch of road that (some) traffic cannot pass."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responder.domain.ids import CircleId, ClosureId, HazardId


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A closure, from a hazard or set by hand. Without any bound it is closed to all."""

    id: ClosureId
    circle_id: CircleId
    name: str
    geometry: dict[str, Any]
    """GeoJSON LineString, Polygon or Point, WGS 84."""
    wider_than_m: float | None = None
    higher_than_m: float | None = None
    heavier_than_t: float | None = None
    profiles: tuple[str, ...] | None = None
    """Names of the profiles it binds; None binds all."""
    hazard_id: HazardId | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lifted_at: datetime | None = None

    def is_in_force(self, *, now: datetime) -> bool:
        """Tell whether traffic is bound by it at `now`."""
        if self.lifted_at is not None:
            return False
        begun = self.starts_at is None or self.starts_at <= now
        return begun and (self.ends_at is None or now < self.ends_at)
