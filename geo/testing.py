"""Small made-up towns for examples and tests, laid out in metres."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from geo.network.build import RawRoads, RawWay, build_network
from geo.network.network import RoadNetwork
from geo.network.turn_restrictions import TurnRule
from geo.tags.attributes import RoadAccess
from geo.tags.barriers import obstacle_attributes
from geo.tags.way_tags import Skipped, road_attributes

CORNER = LocalPlane(lon=113.0, lat=28.0)
"""Where the point (0 m, 0 m) of every town lies."""

Metres = tuple[float, float]


def at(x_m: float, y_m: float) -> LonLat:
    """
    Give the place so many metres east and north of the corner.

    Examples
    --------
    >>> at(0, 0)
    LonLat(lon=113.0, lat=28.0)
    """
    lon, lat = CORNER.to_degrees(np.array([[x_m, y_m]]))[0]
    return LonLat(round(float(lon), 9), round(float(lat), 9))


def town(
    streets: Iterable[tuple[Sequence[Metres], Mapping[str, str]]],
    *,
    obstacles: Mapping[Metres, Mapping[str, str]] | None = None,
    turns: Sequence[tuple[int, Metres, int, bool]] = (),
    exempt: RoadAccess = RoadAccess.NONE,
) -> RoadNetwork:
    """
    Build a network from streets drawn in metres; streets join where they share a point.

    Parameters
    ----------
    streets
        Corners in metres east and north, and OpenStreetMap tags.
    obstacles
        OpenStreetMap tags of what stands on a point.
    turns
        Turn restrictions: number of the street one comes from, the point, the street one turns into,
        and whether that turn is the only one allowed.
    exempt
        Whom the turn restrictions do not bind.

    Examples
    --------
    >>> cross = town([([(-90, 0), (90, 0)], {"highway": "residential"})])
    >>> cross.n_roads, round(cross.length_km, 2)
    (1, 0.18)
    """
    number: dict[Metres, int] = {}
    ways = []
    for street, (points, tags) in enumerate(streets):
        attributes = road_attributes(tags)
        if isinstance(attributes, Skipped):
            continue
        numbers = [number.setdefault(point, len(number)) for point in points]
        ways.append(RawWay(way_id=street, points=numbers, attributes=attributes))
    lonlat = CORNER.to_degrees(np.array(list(number), dtype=np.float64).reshape(-1, 2))
    standing = {number[point]: obstacle_attributes(tags) for point, tags in (obstacles or {}).items()}
    network, _ = build_network(
        RawRoads(
            lonlat_e7=np.round(lonlat * 1e7).astype(np.int32),
            ways=ways,
            obstacles={point: found for point, found in standing.items() if found is not None},
            turns=[
                TurnRule(from_way=start, via_point=number[via], to_way=end, only=only, exempt=exempt)
                for start, via, end, only in turns
            ],
        )
    )
    return network


def straight_street(*, length_m: float, **tags: str) -> RoadNetwork:
    """
    Build one street running east from the corner.

    Examples
    --------
    >>> round(straight_street(length_m=600).road_length_m.sum())
    600
    """
    return town([([(0.0, 0.0), (length_m, 0.0)], {"highway": "residential", **tags})])
