"""Take a file of OpenStreetMap into a circle whole: the circle if need be, roads and features, or nothing."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coordinates.local_plane import LocalPlane
from geo.osm.features import OsmFeatures
from geo.osm.roads import OsmRoads
from responder.domain.map.circle import DEFAULT_LIMIT_S, Circle
from responder.domain.map.feature_import import ImportSource
from responder.ports import Database
from responder.ports.clock import SystemClock, moment
from responder.services.circles.create import checked_circle, new_epoch
from responder.services.imports.osm_features import OsmImport, add_features
from responder.services.imports.roads import MINUTES, use_network


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmTaken:
    """What came of a file."""

    circle: Circle
    made: bool
    """Whether the circle was made for it."""
    features: OsmImport


async def import_osm(
    database: Database,
    *,
    circle_name: str,
    roads: OsmRoads,
    features: OsmFeatures,
    source: ImportSource | None = None,
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
            name=circle_name, name_en="", centre=_centre(roads, features), limit_s=DEFAULT_LIMIT_S
        )
        if there is None:
            await transaction.circles.add(circle, epoch=new_epoch())
        await use_network(transaction, circle.id, roads)
        taken = await add_features(transaction, circle.id, features, at=moment(SystemClock()), source=source)
    return OsmTaken(circle=circle, made=there is None, features=taken)


def _centre(roads: OsmRoads, features: OsmFeatures) -> tuple[float, float]:
    """
    Return a point among the buildings, or the roads where there are none: half of them lie to either side.

    The middle of the box around a file may lie far out: one road that leaves the town draws the box along.
    """
    points = _points_of(features)
    if not len(points):
        points = roads.network.vertices[roads.network.road_start[:-1]] / 1e7
    if not len(points):
        return 0.0, 0.0
    middle = np.median(points, axis=0)
    # Between two towns there may be a lake: the centre is where something is.
    east_per_degree, north_per_degree = LocalPlane(lon=middle[0], lat=middle[1]).metres_per_degree
    away_m = np.hypot(*((points - middle) * (east_per_degree, north_per_degree)).T)
    lon, lat = points[int(np.argmin(away_m))].tolist()
    return lon, lat


def _points_of(features: OsmFeatures) -> NDArray[np.float64]:
    inside = [shapely.point_on_surface(each.outline) for each in features.buildings]
    return np.asarray(shapely.get_coordinates(inside), dtype=np.float64)
