"""What every router is asked: places, posts and costs of one network."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from geo.costs import costs_of
from geo.network import RoadNetwork
from geo.place import LonLat
from geo.profiles import DEFAULT_PROFILES
from geo.reach import Origin

LIMIT_S = 900.0
BANDS_S = (300.0, 600.0, 900.0)
N_ORIGINS = 1000
EXPLAINED = 20
Array = np.ndarray[Any, Any]


def timed_ms(action: Callable[[], Any]) -> float:
    """Milliseconds that an action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def road_spots(network: RoadNetwork, count: int, seed: int) -> tuple[Array, list[LonLat]]:
    """First nodes of random roads that a car can use, and where they are."""
    usable = costs_of(network, DEFAULT_PROFILES["car"]).usable & network.is_real_road
    roads = np.random.default_rng(seed).choice(np.flatnonzero(usable), count)
    nodes = network.road_from[roads]
    return nodes, [LonLat(*network.node_lonlat(int(node))) for node in nodes]


def units(network: RoadNetwork, *profiles: str) -> list[Origin]:
    """Post units all over the city, each with one of the profiles in turn."""
    _, posts = road_spots(network, N_ORIGINS, seed=2)
    return [
        Origin(id=str(i), place=post, profile=profiles[i % len(profiles)], turnout_s=0.0)
        for i, post in enumerate(posts)
    ]


def arc_seconds(network: RoadNetwork, profile: str) -> Array:
    """Seconds of every arc for a profile, infinity where it cannot go."""
    side_s = costs_of(network, DEFAULT_PROFILES[profile]).at_peak(1.0)
    return np.asarray(side_s[network.arc_backward.astype(int), network.arc_road])


def rows_of(network: RoadNetwork, profile: str) -> csr_array:
    """One layer as SciPy searches it: arcs of the profile only."""
    seconds = arc_seconds(network, profile)
    passable = np.isfinite(seconds)
    # Arcs are sorted by head; rows are put together by hand, for SciPy would add parallel arcs up.
    first = np.searchsorted(network.arc_head[passable], np.arange(network.n_nodes + 1)).astype(np.int32)
    n = network.n_nodes
    return csr_array((seconds[passable], network.arc_tail[passable], first), shape=(n, n))
