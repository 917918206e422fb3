"""Coordinates, names and lengths of the roads of a journey."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.network import RoadNetwork
from geo.steps import Step

_SAME_DEGREES = 1e-9

Coordinates = tuple[tuple[float, float], ...]


def length_m(network: RoadNetwork, steps: Sequence[Step]) -> float:
    """Length of all steps together, in metres."""
    return float(sum(network.road_length_m[s.road] * abs(s.end - s.start) for s in steps))


def street_names(network: RoadNetwork, steps: Sequence[Step]) -> tuple[str, ...]:
    """Names of the streets in the order they are met, each once, nameless ones left out."""
    names = (network.names[network.road_name[s.road]] for s in steps if s.start != s.end)
    return tuple(dict.fromkeys(name for name in names if name))


def point_on(network: RoadNetwork, road: int, fraction: float) -> tuple[float, float]:
    """Longitude and latitude of a point of a road."""
    lon, lat = _part(network, Step(road=road, start=fraction, end=fraction))[0]
    return float(lon), float(lat)


def coordinates(network: RoadNetwork, steps: Sequence[Step]) -> Coordinates:
    """Longitude and latitude along all steps, neighbouring doubles left out."""
    real = [s for s in steps if network.is_real_road[s.road]]
    if not real:
        return (point_on(network, steps[0].road, steps[0].start),) if steps else ()
    points = np.concatenate([_part(network, step) for step in real])
    changed = np.ones(len(points), dtype=bool)
    changed[1:] = (np.abs(np.diff(points, axis=0)) > _SAME_DEGREES).any(axis=1)
    return tuple((lon, lat) for lon, lat in np.round(points[changed], 7).tolist())


def _part(network: RoadNetwork, step: Step) -> NDArray[np.float64]:
    points = network.vertices[network.road_start[step.road] : network.road_start[step.road + 1]] / 1e7
    low, high = sorted((step.start, step.end))
    if (low, high) != (0.0, 1.0):
        points = _between(points, low, high)
    return points[::-1] if step.start > step.end else points


def _between(points: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    # On a single road the ratio of degrees of longitude to latitude hardly changes, so one
    # factor for it is enough to know the share of each segment.
    stretch = np.cos(np.radians(points[0, 1]))
    steps = np.hypot(np.diff(points[:, 0]) * stretch, np.diff(points[:, 1]))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    along /= along[-1] or 1.0
    inner = points[(along > low) & (along < high)]
    ends = np.stack([np.interp((low, high), along, points[:, axis]) for axis in (0, 1)], axis=1)
    return np.concatenate([ends[:1], inner, ends[1:]])
