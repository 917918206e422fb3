"""What every router is asked: places, posts and costs of one network."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from geo.lonlat import LonLat
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.network.weighting import costs_of
from geo.reach.model import Origin

LIMIT_S = 900.0
BANDS_S = (300.0, 600.0, 900.0)
N_ORIGINS = 1000
EXPLAINED = 20
PASSES = 3
"""What is compared is asked so many times, all in turn, and the least time of each question counts: another
guest of the machine can slow a second down by half, and would fall on one and not on the other."""
Array = np.ndarray[Any, Any]


def timed_ms(action: Callable[[], Any]) -> float:
    """Milliseconds that an action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def in_turns_ms(actions: Sequence[Callable[[], Any]]) -> list[float]:
    """Least milliseconds of each action, after all passes."""
    return [
        min(took) for took in zip(*([timed_ms(each) for each in actions] for _ in range(PASSES)), strict=True)
    ]


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


def segments(network: RoadNetwork, profile: str) -> tuple[Array, Array, Array]:
    """
    Cut the arcs of a profile at every point of their roads, as OpenStreetMap has them.

    Both directions of a road share its inner points, which are numbered after the nodes; where a turn
    at its end is restricted each arc has its own, so that nothing turns round before it or changes over.

    Returns
    -------
    source, target, seconds
        Of each directed edge; along an arc the seconds add up to those of the arc.
    """
    arc_s = arc_seconds(network, profile)
    arcs = np.flatnonzero(np.isfinite(arc_s))
    east, north = (network.vertices / 1e7).T
    length = np.hypot(np.diff(east) * np.cos(np.radians(north[:-1])), np.diff(north))
    first = network.road_start[network.arc_road[arcs]].astype(np.int64)
    steps = network.road_start[network.arc_road[arcs] + 1] - first - 1
    arc = np.repeat(np.arange(len(arcs)), steps)
    step = np.arange(len(arc)) - np.repeat(np.cumsum(steps) - steps, steps)
    low = first[arc] + step
    whole = np.bincount(arc, length[low], minlength=len(arcs))
    # A gate or a turn has no length, and one step.
    part = np.where(whole[arc] > 0, length[low] / np.maximum(whole[arc], 1e-300), 1 / steps[arc])
    is_back = network.arc_backward[arcs][arc]
    tail, head = network.arc_tail[arcs][arc], network.arc_head[arcs][arc]
    start, end = np.where(is_back, head, tail), np.where(is_back, tail, head)
    joins = np.stack([network.road_from, network.road_to])[:, network.arc_road]
    is_other = ~(joins == network.arc_tail).any(axis=0) | ~(joins == network.arc_head).any(axis=0)
    restricted = np.zeros(network.n_roads, dtype=bool)
    restricted[network.arc_road[is_other]] = True
    own = np.cumsum(np.concatenate([[0], steps + 1]))[:-1] + network.n_nodes + len(network.vertices)
    is_own = restricted[network.arc_road[arcs]]
    inner = np.where(is_own[arc], own[arc] + low - first[arc], network.n_nodes + low)
    start = np.where(step == 0, start, inner)
    end = np.where(step == steps[arc] - 1, end, inner + 1)
    return np.where(is_back, end, start), np.where(is_back, start, end), part * arc_s[arcs][arc]


def rows_of(network: RoadNetwork, profile: str) -> csr_array:
    """One layer as SciPy searches it: arcs of the profile only."""
    seconds = arc_seconds(network, profile)
    passable = np.isfinite(seconds)
    # Arcs are sorted by head; rows are put together by hand, for SciPy would add parallel arcs up.
    first = np.searchsorted(network.arc_head[passable], np.arange(network.n_nodes + 1)).astype(np.int32)
    n = network.n_nodes
    return csr_array((seconds[passable], network.arc_tail[passable], first), shape=(n, n))
