"""Fire hazards, and how far each has been put right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from responder.domain.ids import CircleId, HazardId, PartnerId


class HazardGrade(StrEnum):
    """一般 or 重大, GB 35181-2025."""

    GENERAL = "general"
    MAJOR = "major"


class HazardState(StrEnum):
    """How far a hazard has been put right; what leads on is in `domain/registers/hazard_life.py`."""

    SEEN = "seen"
    ASSIGNED = "assigned"
    """A partner is to mend it until a day."""
    MENDING = "mending"
    MENDED = "mended"
    """The partner says so, with a photo."""
    VERIFIED = "verified"
    """Another person looked at the place."""
    CLOSED = "closed"


NOT_MENDED: Final = frozenset({HazardState.SEEN, HazardState.ASSIGNED, HazardState.MENDING})
FORMER_STATES: Final[Mapping[str, HazardState]] = {
    "open": HazardState.SEEN,
    "notified": HazardState.ASSIGNED,
    "fixing": HazardState.MENDING,
    "fixed": HazardState.CLOSED,
}
"""Words of files and mappings from before hazards were followed up."""
HAZARD_LIFE: Final = ("state", "owner_id", "due_on", "step_count", "reopened_count")
"""Fields that only steps of its follow-up change: neither the form nor a file that comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A fire hazard at a place."""

    id: HazardId
    circle_id: CircleId
    kind: str
    """Such as blocked_lane, ebike_charging, wiring, blocked_exit, stairwell_clutter, gas_cylinder."""
    grade: HazardGrade
    state: HazardState
    name: str
    name_en: str
    geometry: dict[str, Any]
    """GeoJSON, WGS 84."""
    note: str = ""
    owner_id: PartnerId | None = None
    """The partner that mends it."""
    due_on: date | None = None
    """The last day for that, in the circle's time zone; None for hazards from before there was one."""
    step_count: int = 0
    """Grows with every step of its follow-up."""
    reopened_count: int = 0

    @property
    def is_closed(self) -> bool:
        return self.state is HazardState.CLOSED

    def is_overdue(self, *, today: date) -> bool:
        """Tell whether it is not mended although its last day has passed."""
        return self.state in NOT_MENDED and self.due_on is not None and self.due_on < today

    def with_life_of(self, other: "Hazard") -> "Hazard":
        """Return the hazard as far put right as the other."""
        return replace(
            self,
            state=other.state,
            owner_id=other.owner_id,
            due_on=other.due_on,
            step_count=other.step_count,
            reopened_count=other.reopened_count,
        )
