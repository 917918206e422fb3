"""
The shortest ways of ours and of Valhalla for random pairs of a city, and which rule each difference rests on.

A difference is put down to a rule when setting that rule alone aside makes it vanish.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from geo.lonlat import LonLat
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES, DEFAULT_ROADS, MobilityProfile
from geo.reach.model import ReachModel
from geo.tags.attributes import HIGHWAY_CODE, RoadAccess, Trait
from routers import valhalla_runner

PAIRS = 300
TOLERANCE = 0.05
LIMIT_S = 7200.0
_MPS = 20.0
"""At one speed everywhere the quickest way is the shortest; no pair is more than two hours apart."""
_NOT_FOR_CARS = ("busway", "pedestrian", "cycleway", "path", "footway", "bridleway", "steps")
UNEXPLAINED = "no rule found"
Rule = tuple[RoadNetwork, MobilityProfile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Pairs that differ by more than 5 %, by the rule that makes them differ."""

    pairs: int
    by_rule: Mapping[str, int]

    @property
    def unexplained(self) -> int:
        """Pairs for which no rule was found."""
        return self.by_rule.get(UNEXPLAINED, 0)

    def table(self) -> str:
        """Give the rules as lines, the most frequent first."""
        rows = sorted(self.by_rule.items(), key=lambda row: -row[1])
        return "\n".join(f"  {count:4d}  {rule}" for rule, count in rows)


def compare(network: RoadNetwork, extract: Path, *, folder: Path, seed: int = 300) -> Differences:
    """
    Compare the lengths of the shortest ways by car.

    Raises
    ------
    valhalla_runner.MissingError
        Valhalla is not to be had here.
    """
    car = replace(
        DEFAULT_PROFILES["car"],
        speeds_kph={"default": _MPS * 3.6},
        surface_kph={name: 0.0 for name, kph in DEFAULT_PROFILES["car"].surface_kph.items() if kph == 0},
        obeys_maxspeed=False,
        dismount_s=1e9,
        u_turn_s=0.0,
        peaks=(),
    )
    ours = _model((network, car))
    starts, ends = _junctions(ours, seed)
    lonlat = [[network.node_lonlat(node) for node in pair] for pair in zip(starts, ends, strict=True)]
    theirs = valhalla_runner.shortest_m(lonlat, extract, folder=folder)
    rules = {name: _lazy(make, network, car) for name, make in _RULES.items()}
    by_rule: Counter[str] = Counter()
    for start, end, (plain_m, whole_m, there_m) in zip(starts, ends, theirs, strict=True):
        if _same(_metres(ours, start, end), plain_m):
            continue
        if _same(_metres(ours, start, end), whole_m):
            by_rule["Valhalla looks for no local roads far from both ends (hierarchy pruning)"] += 1
            continue
        if _same(_metres(ours, start, end), there_m):
            by_rule["Valhalla moves a place that is cut off to another road (minimum_reachability)"] += 1
            continue
        fitting = (name for name, model in rules.items() if _same(_metres(model(), start, end), whole_m))
        by_rule[next(fitting, UNEXPLAINED)] += 1
    return Differences(pairs=len(starts), by_rule=dict(by_rule))


def _model(rule: Rule) -> ReachModel:
    network, profile = rule
    at_once = {kind: dict.fromkeys(row, 0.0) for kind, row in DEFAULT_ROADS.delay_s.items()}
    profiles = {"foot": DEFAULT_PROFILES["foot"], "car": profile}
    return ReachModel(network, profiles, defaults=replace(DEFAULT_ROADS, delay_s=at_once))


def _lazy(
    make: Callable[[RoadNetwork, MobilityProfile], Rule], network: RoadNetwork, car: MobilityProfile
) -> Callable[[], ReachModel]:
    made: list[ReachModel] = []

    def model() -> ReachModel:
        if not made:
            made.append(_model(make(network, car)))
        return made[0]

    return model


def _junctions(model: ReachModel, seed: int) -> tuple[list[int], list[int]]:
    """Choose junctions that a car can be at and that are one node alone."""
    network = model.network
    roads = np.flatnonzero(model.ground.layers.costs(model.profiles["car"]).usable & network.is_real_road)
    nodes = np.unique(np.concatenate([network.road_from[roads], network.road_to[roads]]))
    pointlike = ~network.is_real_road
    nodes = np.setdiff1d(nodes, np.union1d(network.road_from[pointlike], network.road_to[pointlike]))
    nodes = nodes[model.ground.index.snap_lonlat(network.node_vertices[nodes] / 1e7).distance_m < 1.0]
    rng = np.random.default_rng(seed)
    chosen = rng.choice(nodes, (2, PAIRS), replace=False)
    return chosen[0].tolist(), chosen[1].tolist()


def _metres(model: ReachModel, start: int, end: int) -> float:
    place = LonLat(*model.network.node_lonlat(end))
    times = model.travel_times([place], profile="car", limit_s=LIMIT_S)
    return float(times.vehicle_s[start]) * _MPS


def _same(ours_m: float, theirs_m: float | None) -> bool:
    if theirs_m is None or math.isinf(ours_m):
        return theirs_m is None and math.isinf(ours_m)
    return abs(ours_m - theirs_m) <= TOLERANCE * theirs_m


def _opened(network: RoadNetwork, mask: np.ndarray, bits: int) -> RoadNetwork:
    forward = np.where(mask, network.road_forward | bits, network.road_forward).astype(np.uint8)
    backward = np.where(mask, network.road_backward | bits, network.road_backward).astype(np.uint8)
    return replace(network, road_forward=forward, road_backward=backward)


def _any_access(network: RoadNetwork, car: MobilityProfile) -> Rule:
    keys = [HIGHWAY_CODE[name] for name in _NOT_FOR_CARS]
    streets = network.is_real_road & ~np.isin(network.road_highway, keys)
    sides = {}
    for name in ("road_forward", "road_backward"):
        bits = getattr(network, name)
        called = (bits & (RoadAccess.EMERGENCY | RoadAccess.AGAINST)) == RoadAccess.EMERGENCY
        sides[name] = np.where(streets & called, bits | RoadAccess.MOTOR, bits).astype(np.uint8)
    return replace(network, **sides), car


def _no_turns(network: RoadNetwork, car: MobilityProfile) -> Rule:
    links = (network.road_traits & Trait.TURN_LINK) != 0
    forward = np.where(links, network.road_forward | RoadAccess.MOTOR, network.road_forward).astype(np.uint8)
    return replace(network, road_forward=forward), car


def _any_size(network: RoadNetwork, car: MobilityProfile) -> Rule:
    return network, replace(car, clear_width_m=0.01, clear_height_m=0.01, weight_t=0.01)


_RULES: Mapping[str, Callable[[RoadNetwork, MobilityProfile], Rule]] = {
    "ours shuts surfaces that no car passes": lambda net, car: (net, replace(car, surface_kph={})),
    "ours asks for clear width, height and weight": _any_size,
    "ours lets no car through a barrier or a private gate": lambda net, car: (
        _opened(net, net.road_barrier >= 0, int(RoadAccess.MOTOR)),
        car,
    ),
    "ours shuts private roads and roads for certain vehicles to a car": _any_access,
    "ours applies a turn restriction": _no_turns,
    "ours does several of these": lambda net, car: _any_size(
        _no_turns(
            _opened(_any_access(net, car)[0], net.road_barrier >= 0, int(RoadAccess.MOTOR)),
            car,
        )[0],
        replace(car, surface_kph={}),
    ),
}
