"""Objects of an OpenStreetMap file as they stand there, whatever program wrote it."""

from dataclasses import dataclass, field
from typing import Final

NODE: Final = "node"
WAY: Final = "way"
RELATION: Final = "relation"
KINDS: Final = (NODE, WAY, RELATION)
"""In the order that readers need."""
UNSAVED: Final = 1 << 40
"""Added to the number of an id below zero, which OSM's own programs do not take everywhere."""

LatLon = tuple[float, float]


@dataclass(slots=True)
class Thing:
    """A node, way or relation."""

    kind: str
    id: int
    """Below zero for what an editor has not uploaded yet: then it is unique in its file only."""
    version: int = 0
    deleted: bool = False
    location: LatLon | None = None
    """Latitude and longitude of a node, where it has them."""
    tags: dict[str, str] = field(default_factory=dict)
    refs: list[tuple[int, LatLon | None]] = field(default_factory=list)
    """Of a way: its nodes, and where they are if the file says it here."""
    members: list["RelationMember"] = field(default_factory=list)
    """Of a relation."""


@dataclass(slots=True)
class RelationMember:
    """One member of a relation."""

    kind: str
    ref: int
    role: str
    points: list[LatLon | None] = field(default_factory=list)
    """Its course, if the file says it here; None for a point that was left out."""


def stored_id(number: int) -> int:
    """Return an id above zero for any id."""
    return number if number >= 0 else UNSAVED - number


def file_id(stored: int) -> int:
    """Return the id that the file has."""
    return stored if stored < UNSAVED else UNSAVED - stored


def osm_id(kind: str, stored: int, place: LatLon) -> str:
    """
    Name a thing, such as `way/123`.

    Ids below zero begin at -1 in every file that an editor saves, so that only the place tells them apart.

    Examples
    --------
    >>> osm_id("way", 123, (28.15, 112.98))
    'way/123'
    >>> osm_id("node", stored_id(-7), (28.1501, 112.982))
    'node/-7@28.1501000,112.9820000'
    """
    number = file_id(stored)
    return f"{kind}/{number}" if number >= 0 else f"{kind}/{number}@{place[0]:.7f},{place[1]:.7f}"
