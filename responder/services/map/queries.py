"""Look at what is on the map: buildings, hazards, facilities, units, closures, tiles."""

from dataclasses import dataclass

from responder.domain.errors import InvalidValueError
from responder.domain.map.attribution import OPENSTREETMAP
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle, RoadsOfCircle
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Viewer
from responder.ports import Database
from responder.ports.map import CircleCounts
from responder.ports.people import Bbox

DEEPEST_ZOOM = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleCard:
    """A circle with how much is known of it."""

    circle: Circle
    counts: CircleCounts
    roads: RoadsOfCircle | None


async def show_card(database: Database, *, viewer: Viewer) -> CircleCard:
    """Return the circle with how much is known of it."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        return CircleCard(
            circle=await transaction.circles.get(viewer.circle_id),
            counts=await transaction.circles.counts(viewer.circle_id),
            roads=await transaction.circles.roads(viewer.circle_id),
        )


async def show_attribution(database: Database, *, viewer: Viewer) -> str | None:
    """Return the attribution that the circle's map must show, None when it holds no data of others."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return OPENSTREETMAP if await transaction.circles.rests_on_openstreetmap(viewer.circle_id) else None


async def list_buildings(
    database: Database, *, viewer: Viewer, bbox: Bbox | None = None
) -> tuple[Building, ...]:
    """Return the buildings of the circle; with `bbox` those that touch it."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return await transaction.buildings.of_circle(viewer.circle_id, bbox=bbox)


async def list_hazards(database: Database, *, viewer: Viewer, bbox: Bbox | None = None) -> tuple[Hazard, ...]:
    """Return the hazards of the circle; with `bbox` those that touch it."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return await transaction.hazards.of_circle(viewer.circle_id, bbox=bbox)


async def list_facilities(
    database: Database, *, viewer: Viewer, bbox: Bbox | None = None
) -> tuple[Facility, ...]:
    """Return the facilities of the circle; with `bbox` those in it."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return await transaction.facilities.of_circle(viewer.circle_id, bbox=bbox)


async def list_units(database: Database, *, viewer: Viewer, bbox: Bbox | None = None) -> tuple[Unit, ...]:
    """Return the units of the circle; with `bbox` those whose post lies in it."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return await transaction.units.of_circle(viewer.circle_id, bbox=bbox)


async def list_closures(database: Database, *, viewer: Viewer) -> tuple[Closure, ...]:
    """Return the closures of the circle that are not lifted."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        return await transaction.closures.not_lifted(viewer.circle_id)


async def show_tile(database: Database, *, viewer: Viewer, z: int, x: int, y: int) -> bytes:
    """
    Return a Mapbox Vector Tile of the circle, empty when nothing is there.

    Raises
    ------
    InvalidValueError
        There is no such tile.
    """
    viewer.must(Action.VIEW)
    if not (0 <= z <= DEEPEST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        message = "there is no such tile"
        raise InvalidValueError(message, field="tile")
    async with database.begin() as transaction:
        return await transaction.tiles.tile(viewer.circle_id, z=z, x=x, y=y)
