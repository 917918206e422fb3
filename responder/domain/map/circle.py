"""Response circles: an area with partners and a time limit; the unit of tenancy."""

from dataclasses import dataclass
from typing import Any

from geo.tags.attributes import RULES_VERSION
from responder.domain.ids import CircleId

DEFAULT_LIMIT_S = 900.0
"""Fifteen minutes: the promise that the partners signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """An area whose partners promised to be there within `limit_s`."""

    id: CircleId
    name: str
    name_en: str
    centre: tuple[float, float]
    """Longitude, latitude, WGS 84: where the map opens."""
    limit_s: float = DEFAULT_LIMIT_S
    """Longest response time (turnout and travel) that still counts as in time, in seconds."""
    illustrative: bool = False
    """True when the data is invented to show the product; every screen says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleCounts:
    """How much is known of a circle; a layer is counted when it has a field of its name here."""

    buildings: int
    households: int
    hazards: int
    facilities: int
    gates: int
    partners: int
    units: int
    roads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadsOfCircle:
    """Which road network a circle uses, and what is known of it."""

    content_hash: str
    summary: dict[str, Any]
    """What the file was found to hold when it was read; what earlier versions did not note is missing."""

    @property
    def by_earlier_rules(self) -> bool:
        """
        True when the tags were read by other rules than a file would be now.

        The network is what those rules made of the tags, until the map is imported again.
        """
        return int(self.summary.get("rules_version", 0)) < RULES_VERSION
