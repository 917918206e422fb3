"""Coordinates, names and lengths of the roads of a journey."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.network import RoadNetwork
from geo.steps import Steps

_SAME_UNITS = 0.01

Coordinates = tuple[tuple[float, float], ...]
Points = NDArray[np.float64]


def length_m(network: RoadNetwork, steps: Steps) -> float:
    """Length of all steps together, in metres."""
    return float((network.road_length_m[steps.road] * np.abs(steps.end - steps.start)).sum())


def street_names(network: RoadNetwork, steps: Steps) -> tuple[str, ...]:
    """Names of the streets in the order they are met, each once, nameless ones left out."""
    numbers = network.road_name[steps.road[steps.start != steps.end]].tolist()
    return tuple(name for number in dict.fromkeys(numbers) if (name := network.names[number]))


def point_on(network: RoadNetwork, road: int, fraction: float) -> tuple[float, float]:
    """Longitude and latitude of a point of a road."""
    lon, lat = (_part(network, road, fraction, fraction)[0] / 1e7).tolist()
    return lon, lat


def coordinates(network: RoadNetwork, steps: Steps) -> Coordinates:
    """Longitude and latitude along all steps, neighbouring doubles left out."""
    real = steps.some(network.is_real_road[steps.road])
    if not len(real):
        return (point_on(network, int(steps.road[0]), float(steps.start[0])),) if len(steps) else ()
    points = np.concatenate(list(_parts(network, real)))
    moved = np.abs(points[1:] - points[:-1]) > _SAME_UNITS
    kept = np.ones(len(points), dtype=bool)
    np.logical_or(moved[:, 0], moved[:, 1], out=kept[1:])
    return tuple(map(tuple, np.round(points[kept] / 1e7, 7).tolist()))


def _parts(network: RoadNetwork, steps: Steps) -> Iterator[Points]:
    """Give the vertices of steps in order, those of neighbouring whole roads together."""
    whole = np.abs(steps.end - steps.start) == 1.0
    done = 0
    for partial in np.flatnonzero(~whole).tolist():
        if done < partial:
            yield _whole(network, steps.some(slice(done, partial)))
        yield _part(network, int(steps.road[partial]), float(steps.start[partial]), float(steps.end[partial]))
        done = partial + 1
    if done < len(steps):
        yield _whole(network, steps.some(slice(done, None)))


def _whole(network: RoadNetwork, steps: Steps) -> Points:
    """Vertices of roads taken from end to end."""
    begin, beyond = network.road_start[steps.road], network.road_start[steps.road + 1]
    count = beyond - begin
    first_of = np.cumsum(count) - count
    backward = steps.start > steps.end
    sign = np.where(backward, -1, 1)
    within = np.arange(int(count.sum())) - np.repeat(first_of, count)
    found = np.repeat(np.where(backward, beyond - 1, begin), count) + np.repeat(sign, count) * within
    return np.asarray(network.vertices[found], dtype=np.float64)


def _part(network: RoadNetwork, road: int, start: float, end: float) -> Points:
    points = network.vertices[network.road_start[road] : network.road_start[road + 1]].astype(np.float64)
    low, high = sorted((start, end))
    if (low, high) != (0.0, 1.0):
        points = _between(points, low, high)
    return points[::-1] if start > end else points


def _between(points: Points, low: float, high: float) -> Points:
    # On a single road the ratio of degrees of longitude to latitude hardly changes, so one
    # factor for it is enough to know the share of each segment.
    stretch = np.cos(np.radians(points[0, 1] / 1e7))
    steps = points[1:] - points[:-1]
    along = np.zeros(len(points))
    np.cumsum(np.hypot(steps[:, 0] * stretch, steps[:, 1]), out=along[1:])
    along /= along[-1] or 1.0
    inner = points[(along > low) & (along < high)]
    ends = np.stack([np.interp((low, high), along, points[:, axis]) for axis in (0, 1)], axis=1)
    return np.concatenate([ends[:1], inner, ends[1:]])
