"""Fire hazards and their life-cycle."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from responder.domain.ids import CircleId, HazardId


class HazardGrade(StrEnum):
    """一般 or 重大, GB 35181-2025."""

    GENERAL = "general"
    MAJOR = "major"


class HazardState(StrEnum):
    """From seen to mended."""

    OPEN = "open"
    NOTIFIED = "notified"
    FIXING = "fixing"
    FIXED = "fixed"


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
