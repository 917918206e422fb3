"""Repositories of what is on the map: the circle, its buildings, hazards, facilities, closures and roads."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar
from uuid import UUID

from geo.lonlat import LonLat
from responder.domain.ids import CircleId
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.ladder.profile import LadderProfiles
from responder.domain.map.circle import Circle, CircleCounts, RoadsOfCircle
from responder.ports.people import Bbox

if TYPE_CHECKING:
    from geo.network.network import DisplayRoad

Thing = TypeVar("Thing")


class AlertSettings(NamedTuple):
    """What a circle has set about its alerts; None is what is shipped."""

    reach_version: int
    limit_s: float
    catalogue: AlertCatalogue | None
    ladders: LadderProfiles | None


class LogHead(NamedTuple):
    """Where the log of a circle stands."""

    epoch: str
    seq: int
    event_id: UUID | None
    """Id of event number `seq`; None before the first."""
    reach_version: int
    """Grows with everything that changes who can be there in time, except where units are."""


class Landmark(NamedTuple):
    """Something with a name by which people say where they are."""

    name: str
    name_en: str
    place: LonLat
    """Its point that is nearest to where a person is: there, when they are inside."""
    is_building: bool = True


class Landmarks(Protocol):
    """Buildings and facilities with a name."""

    async def near(self, circle_id: CircleId, lonlat: LonLat, *, within_m: float) -> tuple[Landmark, ...]:
        """Return some that are near, the nearest among them, each with its point that is nearest."""
        ...


class Circles(Protocol):
    """The circles themselves."""

    async def get(self, circle_id: CircleId) -> Circle:
        """Return the circle, or raise NotFoundError."""
        ...

    async def everything(self) -> tuple[Circle, ...]:
        """Return all circles of this installation, by name."""
        ...

    async def add(self, circle: Circle, *, epoch: str) -> None:
        """Add a circle, or raise NameTakenError."""
        ...

    async def head(self, circle_id: CircleId) -> LogHead:
        """Return where the log stands, or raise NotFoundError."""
        ...

    async def reach_hashes(self, circle_id: CircleId) -> tuple[str, str | None] | None:
        """
        Return the content hashes of the circle's roads and of its own mobility profiles, if it has some.

        None when it has no roads; raises NotFoundError when there is no such circle.
        """
        ...

    async def alert_settings(self, circle_id: CircleId) -> AlertSettings:
        """Return what the circle has set about its alerts, in one statement, or raise NotFoundError."""
        ...

    async def lock(self, circle_id: CircleId) -> LogHead:
        """Wait for the circle's log, keep others from writing to it, and return where it stands."""
        ...

    async def begin_epoch(self, circle_id: CircleId, epoch: str) -> None:
        """Make all clients of the circle load a new snapshot: more changed than the log tells."""
        ...

    async def rests_on_openstreetmap(self, circle_id: CircleId) -> bool:
        """Tell whether roads or features of the circle come from OpenStreetMap."""
        ...

    async def counts(self, circle_id: CircleId) -> CircleCounts:
        """Count what is known of the circle."""
        ...

    async def roads(self, circle_id: CircleId) -> RoadsOfCircle | None:
        """Return which road network the circle uses, if any."""
        ...

    async def use_roads(self, circle_id: CircleId, roads: RoadsOfCircle) -> None:
        """Let the circle use a stored road network."""
        ...


class Layer(Protocol[Thing]):
    """What a circle has many of, such as its hazards; each has an id and a place."""

    async def of_circle(self, circle_id: CircleId, *, bbox: Bbox | None = None) -> tuple[Thing, ...]:
        """Return all of the circle, by id, without lifted closures; with `bbox` those that touch it."""
        ...

    async def get(self, circle_id: CircleId, thing_id: UUID) -> Thing:
        """Return one, or raise NotFoundError."""
        ...

    async def among(
        self, circle_id: CircleId, ids: Collection[UUID], *, bbox: Bbox | None = None
    ) -> tuple[Thing, ...]:
        """Return those with one of the ids, and those that touch `bbox`, by id."""
        ...

    async def add(self, circle_id: CircleId, things: Sequence[Thing]) -> None:
        """Add some; one with the id of another takes its place."""
        ...

    async def remove(self, circle_id: CircleId, ids: Collection[UUID]) -> None:
        """Remove those with one of the ids."""
        ...


class RoadNetworks(Protocol):
    """Road networks as stored arrays, by content hash, and as lines to draw."""

    async def put(self, content_hash: str, arrays: bytes) -> None:
        """Keep the arrays of a network; nothing happens when they are there."""
        ...

    async def arrays(self, content_hash: str) -> bytes:
        """Return the arrays of a network, or raise NoRoadNetworkError."""
        ...

    async def replace_lines(self, circle_id: CircleId, lines: "Iterable[DisplayRoad]") -> int:
        """Rebuild the circle's drawn roads; return the number of lines."""
        ...

    async def lines(self, circle_id: CircleId, *, bbox: Bbox, most: int) -> "tuple[DisplayRoad, ...]":
        """Return the circle's drawn roads that touch the box, up to `most` of them, the longest first."""
        ...


class Tiles(Protocol):
    """Vector tiles of a circle."""

    async def tile(self, circle_id: CircleId, *, z: int, x: int, y: int) -> bytes:
        """Return the Mapbox Vector Tile, empty when nothing is there."""
        ...
