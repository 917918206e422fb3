"""What must hold of reach in any town, whatever its roads."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.lonlat import LonLat
from geo.network.build import RawRoads, RawWay, build_network
from geo.network.closures import RoadClosure
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.reach.model import ReachModel
from geo.search.origin_index import OriginIndex
from geo.search.travel_times import TravelTimes
from geo.tags.attributes import RoadAttributes
from geo.tags.way_tags import road_attributes
from geo.testing import CORNER, at
from tests import examples

Street = tuple[list[int], dict[str, str]]
LIMIT_S = 7200.0
CENTIMETRE_S = 0.05
"""Places are rounded to a centimetre, which a person on steps takes this long for."""
HIGHWAYS = ("residential", "service", "primary", "footway", "steps", "pedestrian", "living_street")
WIDTHS = ("", "1.2", "1.8", "2.1", "2.5", "3.6", "6")
quick = settings(max_examples=examples.number(30), suppress_health_check=[HealthCheck.too_slow])


@st.composite
def ways(draw: st.DrawFn) -> list[Street]:
    """Streets between the 25 crossings of a 5 × 5 grid, in any direction, of any kind."""
    streets = []
    for _ in range(draw(st.integers(8, 30))):
        start = draw(st.integers(0, 24))
        step = draw(st.sampled_from([1, -1, 5, -5, 6]))
        length = draw(st.integers(1, 4))
        points = [start + step * i for i in range(length + 1) if 0 <= start + step * i < 25]
        tags = {
            "highway": draw(st.sampled_from(HIGHWAYS)),
            "oneway": draw(st.sampled_from(["no", "no", "yes", "-1"])),
            "width": draw(st.sampled_from(WIDTHS)),
            "maxheight": draw(st.sampled_from(["", "", "2.5", "3.9"])),
        }
        if len(points) > 1:
            streets.append((points, tags))
    return unlike(streets)


def unlike(streets: list[Street]) -> list[Street]:
    """Leave out blocks drawn twice: which of two roads in one place is the nearer is not defined."""
    seen: set[frozenset[int]] = set()
    kept = []
    for points, tags in streets:
        blocks = [frozenset(block) for block in pairwise(points)]
        if not seen.intersection(blocks):
            kept.append((points, tags))
            seen.update(blocks)
    return kept


def network_of(streets: list[Street], order: Mapping[int, int] | None = None) -> RoadNetwork:
    """Build the streets; `order` renumbers the crossings."""
    number = order or {i: i for i in range(25)}
    where = {number[i]: ((i % 5) * 130.0 + (i // 5) * 7.0, (i // 5) * 110.0) for i in range(25)}
    lonlat = CORNER.to_degrees(np.array([where[i] for i in range(25)]))
    raw = []
    for i, (points, tags) in enumerate(streets):
        found = road_attributes(tags)
        assert isinstance(found, RoadAttributes)
        raw.append(RawWay(way_id=i, points=[number[p] for p in points], attributes=found))
    return build_network(RawRoads(lonlat_e7=np.round(lonlat * 1e7).astype(np.int32), ways=raw))[0]


def crossing(i: int) -> tuple[float, float]:
    return (i % 5) * 130.0 + (i // 5) * 7.0, (i // 5) * 110.0


CROSSINGS = [at(*crossing(i)) for i in range(25)]


def times_to(
    model: ReachModel, profile: str, target: int, closures: tuple[RoadClosure, ...] = ()
) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """Seconds from every node to a crossing, the better layer; `None` where no road is near."""
    if not model.ground.index.snap([CROSSINGS[target]]).road[0] >= 0:
        return None
    times = model.travel_times([CROSSINGS[target]], profile=profile, limit_s=LIMIT_S, closures=closures)
    return np.minimum(times.foot_s, times.vehicle_s)


@st.composite
def closings(draw: st.DrawFn) -> RoadClosure:
    x, y = draw(st.floats(-20, 560)), draw(st.floats(-20, 460))
    size = draw(st.floats(5, 150))
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
    return RoadClosure(
        id="c",
        geometry=shapely.Polygon([(at(*c).lon, at(*c).lat) for c in corners]),
        wider_than_m=draw(st.sampled_from([None, 1.0, 2.0, 3.0])),
        profiles=draw(st.sampled_from([None, frozenset({"car"}), frozenset({"foot", "fire_engine"})])),
    )


profile_names = st.sampled_from(sorted(DEFAULT_PROFILES))


@quick
@given(ways(), st.lists(closings(), min_size=1, max_size=3), profile_names, st.integers(0, 24))
def test_a_closure_never_shortens_any_time(
    streets: list[Street], closures: list[RoadClosure], profile: str, target: int
) -> None:
    model = ReachModel(network_of(streets))
    free = times_to(model, profile, target)
    if free is None:
        return
    shut = times_to(model, profile, target, tuple(closures))
    fewer = times_to(model, profile, target, tuple(closures[:1]))
    again = times_to(model, profile, target)
    assert shut is not None
    assert fewer is not None
    assert (shut >= free - 1e-6).all()
    assert (shut >= fewer - 1e-6).all()
    assert np.array_equal(free, again)


@quick
@given(ways(), st.lists(closings(), max_size=2), profile_names, st.integers(0, 24))
def test_leaving_the_vehicle_anywhere_else_gains_nothing(
    streets: list[Street], closures: list[RoadClosure], name: str, target: int
) -> None:
    model, profile = ReachModel(network_of(streets)), DEFAULT_PROFILES[name]
    if profile.on_foot or times_to(model, name, target) is None:
        return
    query = model.query([CROSSINGS[target]], closures=closures)
    walking, layer = query.walking(limit_s=LIMIT_S), query.layer(profile)
    driving = query.times(profile, limit_s=LIMIT_S, walking=walking).search.driving
    assert driving is not None
    everywhere = walking.within[layer.enterable[walking.within]]
    nodes = np.concatenate([[seed.node for seed in driving.seeds], everywhere]).astype(np.int64)
    by_road = np.array([seed.seconds for seed in driving.seeds])
    seconds = np.concatenate([by_road, walking.tree.seconds[everywhere] + profile.dismount_s])
    found = layer.search(nodes, seconds, limit_s=LIMIT_S).seconds
    np.testing.assert_allclose(driving.tree.seconds, found, rtol=0, atol=1e-6)


@quick
@given(ways(), st.floats(0.5, 5.0), st.floats(0.0, 3.0), st.integers(0, 24))
def test_a_wider_vehicle_is_never_faster_in_the_vehicle_layer(
    streets: list[Street], width_m: float, more_m: float, target: int
) -> None:
    narrow = replace(DEFAULT_PROFILES["car"], clear_width_m=width_m)
    wide = replace(DEFAULT_PROFILES["car"], clear_width_m=width_m + more_m)
    network = network_of(streets)
    found = []
    for profile in (narrow, wide):
        model = ReachModel(network, {"foot": DEFAULT_PROFILES["foot"], "car": profile})
        if model.ground.index.snap([CROSSINGS[target]]).road[0] < 0:
            return
        found.append(model.travel_times([CROSSINGS[target]], profile="car", limit_s=LIMIT_S).vehicle_s)
    assert (found[1] >= found[0] - 1e-6).all()


@quick
@given(ways(), profile_names, st.integers(0, 24), st.integers(0, 24))
def test_going_by_way_of_somewhere_is_never_shorter(
    streets: list[Street], profile: str, middle: int, target: int
) -> None:
    network = network_of(streets)
    # One layer at a time: a crew that has left its vehicle does not get it back half-way.
    alone = {"foot": DEFAULT_PROFILES["foot"], profile: replace(DEFAULT_PROFILES[profile], dismount_s=1e9)}
    if profile == "foot":
        alone = {"foot": DEFAULT_PROFILES["foot"]}
    model = ReachModel(network, alone)
    found = []
    for place in (middle, target):
        if model.ground.index.snap([CROSSINGS[place]]).road[0] < 0:
            return
        times = model.travel_times([CROSSINGS[place]], profile=profile, limit_s=LIMIT_S)
        found.append(times.foot_s if profile == "foot" else times.vehicle_s)
    to_middle, to_target = found
    lonlat = network.node_vertices / 1e7
    here = np.hypot(*(lonlat - (CROSSINGS[middle].lon, CROSSINGS[middle].lat)).T) < 1e-6
    for node in np.flatnonzero(here):
        whole = to_middle + to_target[node]
        assert (to_target <= whole + CENTIMETRE_S).all()


@quick
@given(ways(), profile_names, st.integers(0, 24), st.integers(0, 24))
def test_there_in_the_reversed_town_takes_as_long_as_back_in_the_town(
    streets: list[Street], profile: str, start: int, end: int
) -> None:
    network = network_of(streets)
    turned = network.reversed()
    assert turned.reversed().content_hash == network.content_hash
    # One layer at a time: a crew leaves its vehicle on the way there and not on the way back.
    alone = {"foot": DEFAULT_PROFILES["foot"], profile: replace(DEFAULT_PROFILES[profile], dismount_s=1e9)}
    if profile == "foot":
        alone = {"foot": DEFAULT_PROFILES["foot"]}
    model, backwards = ReachModel(network, alone), ReachModel(turned, alone)
    usable = model.ground.layers.costs(alone[profile]).usable
    # A crossing without a road for the profile joins one elsewhere, and the way from there counts otherwise.
    for which in (None, usable):
        if (
            model.ground.index.snap([CROSSINGS[start], CROSSINGS[end]], usable=which).distance_m > 0.02
        ).any():
            return
    there = model.travel_times([CROSSINGS[end]], profile=profile, limit_s=LIMIT_S)
    back = backwards.travel_times([CROSSINGS[start]], profile=profile, limit_s=LIMIT_S)
    [there_s], [back_s] = own_layer_s(there, CROSSINGS[start]), own_layer_s(back, CROSSINGS[end])
    assert there_s == back_s or abs(there_s - back_s) <= CENTIMETRE_S


def own_layer_s(times: TravelTimes, start: LonLat) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Seconds from a place by the profile's own way of moving: by vehicle where it is no walker."""
    walking, driving = times.search.walking, times.search.driving
    layer = (driving or walking).layer
    joined = times.index.snap([start], usable=layer.costs.usable)
    drive_s, walk_s = times.of_posts(OriginIndex(by_vehicle=joined, on_foot=joined))
    return drive_s if driving else walk_s


@quick
@given(ways(), profile_names, st.integers(0, 24), st.permutations(range(25)))
def test_the_answer_does_not_depend_on_how_nodes_are_numbered(
    streets: list[Street], profile: str, target: int, order: list[int]
) -> None:
    plain = ReachModel(network_of(streets))
    mixed = ReachModel(network_of(streets[::-1], dict(enumerate(order))))
    if plain.ground.index.snap([CROSSINGS[target]]).road[0] < 0:
        return
    # A crossing joins whichever of its roads comes first, so ask from the middles of blocks.
    asked = [at(crossing(i)[0] + 40.0, crossing(i)[1]) for i in range(25)]
    found = [
        model.travel_times([asked[target]], profile=profile, limit_s=LIMIT_S).seconds_from(asked)
        for model in (plain, mixed)
        if model.ground.index.snap([asked[target]]).road[0] >= 0
    ]
    if len(found) == 2:
        assert np.allclose(found[0], found[1], atol=CENTIMETRE_S)
