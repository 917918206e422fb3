"""What is known of one stretch of road, in the form the network stores it."""

import math
from enum import IntFlag
from typing import NamedTuple

RULES_VERSION = 1
"""
Version of the rules by which a file's tags become attributes of roads.

It goes up with every change after which the same file makes another network. A stored network keeps what its
rules made of the tags, until its map is imported again.
"""


class RoadAccess(IntFlag):
    """Who may use a road in one direction."""

    NONE = 0
    FOOT = 1
    CYCLE = 2
    MOTOR = 4
    EMERGENCY = 8
    AGAINST = 16
    """Against the one-way, yet open to those whom one-ways do not bind."""


ALL_MODES = RoadAccess.FOOT | RoadAccess.CYCLE | RoadAccess.MOTOR | RoadAccess.EMERGENCY


class Trait(IntFlag):
    """Facts about a road that are no figures."""

    NONE = 0
    CLASS_UNKNOWN = 1
    """Drawn from imagery only (`highway=road`): class, one-way and width are all defaults."""
    TUNNEL = 2
    BRIDGE = 4
    SIDEWALK = 8
    """A pavement drawn apart from its carriageway, or a crossing of it."""
    ROUNDABOUT = 16
    SIGHT_LINE = 32
    """A straight way over a square for people on foot; no mapper drew it, so it is not shown."""
    TURN_LINK = 64
    """No road: lets those pass whom a turn restriction does not bind."""
    U_TURN = 128
    """No road: turning round on the spot."""
    WIDTH_NOT_READ = 256
    """A person wrote a width, and it cannot be read."""


HIGHWAYS: tuple[str, ...] = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "alley",
    "busway",
    "pedestrian",
    "track",
    "cycleway",
    "path",
    "footway",
    "bridleway",
    "steps",
    "road",
)
"""Road classes in the order of their stored number; `alley` is OSM's `service=alley`."""

HIGHWAY_CODE: dict[str, int] = {name: code for code, name in enumerate(HIGHWAYS)}

SURFACES: tuple[str, ...] = ("firm", "rough", "loose", "earth", "soft", "very_horrible", "impassable")
"""What a road is to drive on, from the best to the worst, in the order of its stored number."""

SURFACE_CODE: dict[str, int] = {name: code for code, name in enumerate(SURFACES)}

PARKED_ROWS: tuple[str, ...] = ("parallel", "diagonal", "perpendicular")
"""How cars park along a road; the width that each row takes is in the profile table."""

BARRIERS: tuple[str, ...] = (
    "gate",
    "lift_gate",
    "swing_gate",
    "bollard",
    "removable_bollard",
    "block",
    "chain",
    "cycle_barrier",
    "narrow_passage",
    "toll_booth",
    "locked",
    "other",
)
"""Obstacles on a road in the order of their stored number; the time each costs is in the profile table."""

BARRIER_CODE: dict[str, int] = {name: code for code, name in enumerate(BARRIERS)}
NO_BARRIER = -1


class RoadAttributes(NamedTuple):
    """
    Everything the router asks about a stretch of road; equal neighbours are joined into one road.

    Widths and heights are in metres, weights in tonnes, speeds in km/h; a value without a
    tag is infinity for limits and speeds, and not-a-number would not do because it never
    equals itself.
    """

    highway: int = HIGHWAY_CODE["road"]
    forward: int = int(ALL_MODES)
    backward: int = int(ALL_MODES)
    width_m: float = math.inf
    max_width_m: float = math.inf
    max_height_m: float = math.inf
    max_weight_t: float = math.inf
    max_speed_forward_kph: float = math.inf
    max_speed_backward_kph: float = math.inf
    oneway: int = 0
    layer: int = 0
    traits: int = 0
    barrier: int = NO_BARRIER
    surface: int = 0
    parked: int = 0
    """Rows of parked cars on the carriageway, see `geo.tags.parking`."""
    name: str = ""

    @property
    def flipped(self) -> "RoadAttributes":
        """The same road seen from its other end."""
        return self._replace(
            forward=self.backward,
            backward=self.forward,
            max_speed_forward_kph=self.max_speed_backward_kph,
            max_speed_backward_kph=self.max_speed_forward_kph,
            oneway=-self.oneway,
        )
