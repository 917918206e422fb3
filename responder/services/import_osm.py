"""Take a file of OpenStreetMap into a circle whole: the circle if need be, roads and features, or nothing."""

from dataclasses import dataclass

from geo.osm import OsmRoads
from geo.osm_features import OsmFeatures
from responder.domain.circle import DEFAULT_LIMIT_S, Circle
from responder.services.import_osm_features import OsmImport, add_features
from responder.services.import_roads import MINUTES, use_network
from responder.services.make_circle import checked_circle, new_epoch
from responder.services.ports import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmTaken:
    """What came of a file."""

    circle: Circle
    made: bool
    """Whether the circle was made for it."""
    features: OsmImport


async def import_osm(
    database: Database, *, circle_name: str, roads: OsmRoads, features: OsmFeatures
) -> OsmTaken:
    """
    Bring roads and features into the circle of that name, which is made where the roads are if there is none.

    Raises
    ------
    InvalidValueError
        No circle can have such a name.
    """
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        circles = await transaction.circles.everything()
        there = next((each for each in circles if circle_name in {each.name, each.name_en}), None)
        circle = there or checked_circle(
            name=circle_name, name_en="", centre=_middle(roads), limit_s=DEFAULT_LIMIT_S
        )
        if there is None:
            await transaction.circles.add(circle, epoch=new_epoch())
        await use_network(transaction, circle.id, roads)
        taken = await add_features(transaction, circle.id, features)
    return OsmTaken(circle=circle, made=there is None, features=taken)


def _middle(roads: OsmRoads) -> tuple[float, float]:
    west, south, east, north = roads.network.bounds
    return (west + east) / 2, (south + north) / 2
