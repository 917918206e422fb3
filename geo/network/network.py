"""The road network: immutable compact arrays that every search shares."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Ints
from geo.network.codec import pack, unpack
from geo.tags.attributes import HIGHWAYS, NO_BARRIER, Trait

DEGREES_PER_UNIT = 1e-7
"""Vertices are whole numbers of this, the precision of OpenStreetMap (about 1 cm)."""
ADDED: Mapping[str, np.generic] = MappingProxyType(
    {"road_max_width_m": np.float32(math.inf), "road_surface": np.uint8(0), "road_parked": np.uint8(0)}
)
"""Arrays that networks stored by earlier versions do not have, and what they hold then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayRoad:
    """One road as the map draws it."""

    road_id: int
    """Its number in this network; another `content_hash` numbers differently."""
    coordinates: tuple[tuple[float, float], ...]
    highway: str
    name: str | None
    width_m: float | None
    oneway: int
    """1 along the coordinates, -1 against them, 0 both ways."""
    layer: int
    width_unread: bool = False
    """A person wrote a width, and it cannot be read."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadNetwork:
    """
    Roads between junctions, and the directed arcs that a search follows.

    A *road* runs from one junction to the next with everything about it the same all along. An
    *arc* is one direction of a road; where a turn is restricted a road has more than one arc in a
    direction. Arcs are sorted by head, then tail, so a search towards a place reads them in order.

    Attributes are arrays: `node_*` of shape `(n_nodes,)`, `road_*` of shape `(n_roads,)`, `arc_*` of
    shape `(n_edges,)`, `vertices` of shape `(n_vertices, 2)`. Values without a tag are infinity.
    """

    vertices: Ints
    """Longitude and latitude of every vertex of every road, in units of 1e-7 degrees, WGS 84."""
    node_vertices: Ints
    """Longitude and latitude of the nodes, in the same unit."""
    road_start: Ints
    """First vertex of each road, and one past the last: shape `(n_roads + 1,)`."""
    road_from: Ints
    road_to: Ints
    road_length_m: NDArray[np.float64]
    """Along the road on the WGS 84 ellipsoid."""
    road_highway: NDArray[np.uint8]
    road_forward: NDArray[np.uint8]
    """Who may go from the first vertex to the last: bits of `Access`."""
    road_backward: NDArray[np.uint8]
    road_width_m: NDArray[np.float32]
    """As stated for a road, parked cars included; the gap of an obstacle."""
    road_max_width_m: NDArray[np.float32]
    road_max_height_m: NDArray[np.float32]
    road_max_weight_t: NDArray[np.float32]
    road_max_speed_forward_kph: NDArray[np.float32]
    road_max_speed_backward_kph: NDArray[np.float32]
    road_oneway: NDArray[np.int8]
    road_layer: NDArray[np.int8]
    road_traits: NDArray[np.uint16]
    road_barrier: NDArray[np.int8]
    road_surface: NDArray[np.uint8]
    """Number in `SURFACES`."""
    road_parked: NDArray[np.uint8]
    """Rows of cars parked on the carriageway, see `geo.tags.parking`."""
    road_name: Ints
    """Number of the road's name in `names`; 0 is no name."""
    arc_tail: Ints
    arc_head: Ints
    arc_road: Ints
    arc_backward: NDArray[np.bool_]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        for name, array in self.arrays():
            array.setflags(write=False)
            if array.dtype.kind == "f" and np.isnan(array).any():
                message = f"{name} holds a value that is not a number"
                raise ValueError(message)

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Give every array with its name, in the order they are stored and hashed."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                yield field.name, value

    @property
    def n_nodes(self) -> int:
        """Junctions, dead ends and the points where a road changes."""
        return len(self.node_vertices)

    @property
    def n_roads(self) -> int:
        """Roads, obstacles and turn links included."""
        return len(self.road_from)

    @property
    def n_edges(self) -> int:
        """Directed arcs."""
        return len(self.arc_tail)

    @property
    def n_bytes(self) -> int:
        """Memory of the arrays."""
        return sum(array.nbytes for _, array in self.arrays())

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        if not len(self.vertices):
            return (0.0, 0.0, 0.0, 0.0)
        west, south = self.vertices.min(axis=0) * DEGREES_PER_UNIT
        east, north = self.vertices.max(axis=0) * DEGREES_PER_UNIT
        return float(west), float(south), float(east), float(north)

    @cached_property
    def length_km(self) -> float:
        """Length of all roads, each counted once."""
        return float(self.road_length_m.sum() / 1000)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all arrays and names: equal networks, and only those, have it equal."""
        digest = hashlib.sha256()
        for name, array in self.arrays():
            if name in ADDED and bool((array == ADDED[name]).all()):
                # A network stored before there was this array keeps its hash.
                continue
            digest.update(f"{name}:{array.dtype.str}:{array.shape};".encode())
            digest.update(np.ascontiguousarray(array).data)
        digest.update("\0".join(self.names).encode())
        return digest.hexdigest()

    def coordinates(self, road: int) -> NDArray[np.float64]:
        """Longitude and latitude of a road's vertices in degrees, shape `(n, 2)`."""
        part = self.vertices[self.road_start[road] : self.road_start[road + 1]]
        return np.asarray(part * DEGREES_PER_UNIT, dtype=np.float64)

    def node_lonlat(self, node: int) -> tuple[float, float]:
        """Longitude and latitude of a node in degrees."""
        lon, lat = self.node_vertices[node] * DEGREES_PER_UNIT
        return float(lon), float(lat)

    @cached_property
    def is_real_road(self) -> NDArray[np.bool_]:
        """False for obstacles and turn links, which have no extent."""
        link = (self.road_traits & Trait.TURN_LINK) != 0
        return np.asarray((self.road_barrier == NO_BARRIER) & ~link & (self.road_length_m > 0))

    @cached_property
    def known_width_m(self) -> NDArray[np.float32]:
        """The lesser of the stated width and the limit, infinity where nothing is said."""
        return np.minimum(self.road_width_m, self.road_max_width_m)

    def display_lines(self) -> Iterator[DisplayRoad]:
        """Give every road once, for drawing."""
        drawn = self.is_real_road & ((self.road_traits & Trait.SIGHT_LINE) == 0)
        for road in np.flatnonzero(drawn).tolist():
            width_m = float(self.known_width_m[road])
            points = self.vertices[self.road_start[road] : self.road_start[road + 1]] / 1e7
            yield DisplayRoad(
                road_id=road,
                coordinates=tuple((lon, lat) for lon, lat in points.tolist()),
                highway=HIGHWAYS[self.road_highway[road]],
                name=self.names[self.road_name[road]] or None,
                width_m=round(width_m, 2) if math.isfinite(width_m) else None,
                width_unread=bool(int(self.road_traits[road]) & Trait.WIDTH_NOT_READ),
                oneway=int(self.road_oneway[road]),
                layer=int(self.road_layer[road]),
            )

    def reversed(self) -> "RoadNetwork":
        """
        Turn every road round, so that a search towards a place becomes one away from it.

        Reversing twice gives the very same network.
        """
        order = np.lexsort((self.arc_road, self.arc_head, self.arc_tail))
        return replace(
            self,
            road_forward=self.road_backward,
            road_backward=self.road_forward,
            road_max_speed_forward_kph=self.road_max_speed_backward_kph,
            road_max_speed_backward_kph=self.road_max_speed_forward_kph,
            road_oneway=-self.road_oneway,
            arc_tail=self.arc_head[order],
            arc_head=self.arc_tail[order],
            arc_road=self.arc_road[order],
            arc_backward=~self.arc_backward[order],
        )

    def to_bytes(self) -> bytes:
        """Pack the network for storing; `from_bytes` gives it back with the same `content_hash`."""
        return pack(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "RoadNetwork":
        """
        Unpack what `to_bytes` made.

        Raises
        ------
        UnreadableFileError
            The bytes are damaged, cut short or something else.
        """
        return unpack(data, cls._of_arrays)

    @classmethod
    def _of_arrays(cls, arrays: dict[str, Any]) -> "RoadNetwork":
        n_roads = len(arrays["road_from"])
        arrays = {**{name: np.full(n_roads, value) for name, value in ADDED.items()}, **arrays}
        if set(arrays) != {field.name for field in fields(cls)}:
            message = "it has other parts than expected"
            raise ValueError(message)
        return cls(**arrays)
