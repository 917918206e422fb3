"""Look at what is on the map: its layers, tiles, and how much is known."""

from dataclasses import dataclass

from responder.domain.errors import InvalidValueError
from responder.domain.map.attribution import OPENSTREETMAP
from responder.domain.map.circle import Circle, CircleCounts, RoadsOfCircle
from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.domain.people.access import Action, Viewer
from responder.ports import Database
from responder.ports.map import Thing
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


async def list_layer(
    database: Database, *, viewer: Viewer, kind: type[Thing], bbox: Bbox | None = None
) -> tuple[Thing, ...]:
    """Return what the circle has of a kind such as `Hazard`; with `bbox` those that touch it."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        things = await transaction.layer(kind).of_circle(viewer.circle_id, bbox=bbox)
    # Whom to call is for those who come or who keep the list; onlookers need no telephone.
    if viewer.may(Action.ANSWER_ALERT) or viewer.may(Action.EDIT_MAP):
        return things
    return tuple(_for_onlookers(each) for each in things)


def _for_onlookers(thing: Thing) -> Thing:
    if isinstance(thing, Gate):
        return thing.without_phones()
    return thing.for_onlookers() if isinstance(thing, Facility) else thing


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
