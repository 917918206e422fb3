"""What a closed road costs, against closing it and asking again."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
import shapely

from geo.criticality.criticality import Dwelling, NetworkCriticality, criticality
from geo.errors import InvalidLimitError, UnknownProfileError
from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.osm.roads import OsmRoads
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.testing import at

LIMITS_S = (40.0, 90.0, 300.0)
VEHICLES = frozenset({"ebike", "car", "fire_engine", "ambulance", "mini_engine"})
UNITS: Mapping[str, Sequence[Origin]] = {
    "property": [Origin(id="guard", place=at(380, 20), profile="foot", turnout_s=10)],
    "police": [
        Origin(id="car", place=at(20, 0), profile="car", turnout_s=20),
        Origin(id="e-bike", place=at(350, -100), profile="ebike", turnout_s=15),
    ],
    "fire": [Origin(id="engine", place=at(0, 60), profile="fire_engine", turnout_s=30)],
}
SPOTS = (
    *((30, 100), (150, 100), (250, 100), (390, 100), (60, 0), (140, 0), (260, 0), (340, 0)),
    *((50, -100), (150, -100), (260, -100), (390, -100), (200, 120), (200, 175), (400, 130), (400, 60)),
    *((210, -50), (0, 30), (380, 8), (200, 100)),
)
DWELLINGS = [
    Dwelling(id=f"b{number}", places=(at(x, y),), households=number + 1)
    for number, (x, y) in enumerate(SPOTS)
]
NO_ROAD_THERE = at(4000, 4000)
OF_MANY_DOORS = [
    Dwelling(id=f"c{number}", places=places, households=number + 1)
    for number, places in enumerate(
        [
            (at(200, 175), at(200, 120), at(250, 100)),
            (at(260, -100), at(260, 0)),
            (at(400, 130), at(390, 100)),
            (NO_ROAD_THERE, at(150, -100)),
            (at(50, -100), NO_ROAD_THERE, at(60, 0), at(0, 30)),
            (at(210, -50), at(210, -50)),
            (at(140, 0),),
            (NO_ROAD_THERE,),
            (),
        ]
    )
]


def soonest(
    model: ReachModel,
    dwelling: Dwelling,
    units: Mapping[str, Sequence[Origin]],
    closures: Sequence[RoadClosure],
) -> dict[str, float]:
    """Seconds of the soonest unit of each kind, asked for one building alone."""
    found = {}
    for kind, origins in units.items():
        found[kind] = np.inf
        if any(place != NO_ROAD_THERE for place in dwelling.places):
            result = model.reach(
                dwelling.places, origins, limit_s=7200, closures=closures, explain=False
            ).reached
            found[kind] = min((one.response_s for one in result), default=np.inf)
    return found


def lost_by_asking_again(
    model: ReachModel, closures: Sequence[RoadClosure], dwellings: Sequence[Dwelling] = DWELLINGS
) -> dict[tuple[str, float], set[str]]:
    lost: dict[tuple[str, float], set[str]] = {}
    for dwelling in dwellings:
        before, after = (soonest(model, dwelling, UNITS, some) for some in ((), closures))
        for kind in UNITS:
            for limit in LIMITS_S:
                if before[kind] <= limit < after[kind]:
                    lost.setdefault((kind, limit), set()).add(dwelling.id)
    return lost


def whole_road(model: ReachModel, road: int, *, pedestrians_pass: bool) -> RoadClosure:
    return RoadClosure(
        id=str(road),
        geometry=shapely.LineString(model.network.coordinates(road)),
        profiles=VEHICLES if pedestrians_pass else None,
    )


def told(found: NetworkCriticality, road: int) -> dict[tuple[str, float], set[str]]:
    losses = next((one.losses for one in found.roads if one.road == road), ())
    return {(loss.kind, loss.limit_s): set(loss.dwellings) for loss in losses}


@pytest.mark.parametrize("pedestrians_pass", [True, False])
@pytest.mark.parametrize("dwellings", [DWELLINGS, OF_MANY_DOORS], ids=["one door", "many doors"])
def test_every_road_costs_what_closing_it_costs(
    grid_town: ReachModel, dwellings: list[Dwelling], pedestrians_pass: object
) -> None:
    passing = bool(pedestrians_pass)
    found = criticality(grid_town, dwellings, UNITS, limits_s=LIMITS_S, pedestrians_pass=passing)
    assert len(found.roads) >= 5
    for road in np.flatnonzero(grid_town.network.is_real_road).tolist():
        closure = whole_road(grid_town, road, pedestrians_pass=passing)
        assert told(found, road) == lost_by_asking_again(grid_town, [closure], dwellings), road


def test_a_building_with_a_door_on_either_bank_does_not_depend_on_the_bridge(grid_town: ReachModel) -> None:
    units = {"police": [Origin(id="car", place=at(20, 0), profile="car", turnout_s=0)]}
    north, south = at(260, 0), at(260, -100)

    def costs(*places: LonLat) -> int:
        found = criticality(grid_town, [Dwelling(id="b", places=places)], units, limits_s=[60])
        middles = {road.road: shapely.LineString(road.coordinates).centroid for road in found.roads}
        bridge = at(200, -50)
        return sum(abs(middle.y - bridge.lat) < 1e-6 for middle in middles.values())

    # Over the bridge the car needs 34 s to the southern door; the northern one needs no bridge.
    assert costs(south) == 1
    assert costs(south, north) == costs(north, south) == 0


def test_the_costliest_road_comes_first_and_the_sums_add_up(grid_town: ReachModel) -> None:
    found = criticality(grid_town, DWELLINGS, UNITS, limits_s=LIMITS_S)
    costs = [road.households for road in found.roads]
    assert costs == sorted(costs, reverse=True)
    households = {dwelling.id: dwelling.households for dwelling in DWELLINGS}
    for road in found.roads:
        assert road.households == sum(households[b] for loss in road.losses for b in loss.dwellings)


def test_the_bridge_is_what_the_south_depends_on(grid_town: ReachModel) -> None:
    found = criticality(
        grid_town,
        [Dwelling(id="south", places=(at(260, -100),), households=40)],
        {"police": [Origin(id="car", place=at(20, 0), profile="car", turnout_s=0)]},
        limits_s=[60],
    )
    bridge = [road for road in found.roads if road.losses[0].dwellings == ("south",)]
    middles = [shapely.LineString(road.coordinates).centroid for road in bridge]
    assert any(abs(middle.x - at(200, -50).lon) < 1e-6 for middle in middles)
    assert found.reached[0].households == 40


def test_a_hazard_costs_what_the_same_closure_costs(grid_town: ReachModel) -> None:
    hazard = RoadClosure(
        id="h",
        name="占道",
        geometry=shapely.Point(at(100, 0).lon, at(100, 0).lat),
        profiles=VEHICLES,
    )
    harmless = RoadClosure(id="x", geometry=shapely.Point(at(200, 178).lon, at(200, 178).lat))
    found = criticality(grid_town, DWELLINGS, UNITS, limits_s=LIMITS_S, hazards=[harmless, hazard])
    by_id = {one.closure_id: one for one in found.closures}
    losses = {(loss.kind, loss.limit_s): set(loss.dwellings) for loss in by_id["h"].losses}
    assert losses == lost_by_asking_again(grid_town, [hazard])
    assert by_id["h"].name == "占道"


def test_what_is_closed_already_is_not_counted_again(grid_town: ReachModel) -> None:
    bridge = RoadClosure(id="b", geometry=shapely.Point(at(200, -50).lon, at(200, -50).lat))
    found = criticality(grid_town, DWELLINGS, UNITS, limits_s=LIMITS_S, in_force=[bridge])
    for road in np.flatnonzero(grid_town.network.is_real_road).tolist():
        closure = whole_road(grid_town, road, pedestrians_pass=True)
        open_lost = {key: ids for key, ids in told(found, road).items() if ids}
        before = {d.id: soonest(grid_town, d, UNITS, [bridge]) for d in DWELLINGS}
        after = {d.id: soonest(grid_town, d, UNITS, [bridge, closure]) for d in DWELLINGS}
        expected: dict[tuple[str, float], set[str]] = {}
        for b, times in before.items():
            for kind, seconds in times.items():
                for limit in LIMITS_S:
                    if seconds <= limit < after[b][kind]:
                        expected.setdefault((kind, limit), set()).add(b)
        assert open_lost == expected, road


def test_progress_is_told_to_the_end(grid_town: ReachModel) -> None:
    shares: list[float] = []
    criticality(grid_town, DWELLINGS, UNITS, progress=lambda _step, share: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_nonsense_is_refused(grid_town: ReachModel) -> None:
    with pytest.raises(InvalidLimitError):
        criticality(grid_town, DWELLINGS, UNITS, limits_s=[])
    with pytest.raises(InvalidLimitError):
        criticality(grid_town, DWELLINGS, UNITS, limits_s=[0])
    with pytest.raises(UnknownProfileError):
        criticality(
            grid_town, DWELLINGS, {"x": [Origin(id="x", place=at(0, 0), profile="tank", turnout_s=0)]}
        )


@pytest.mark.shared_data
def test_a_real_city_against_closing_roads_and_asking_again(extract: Callable[[str], OsmRoads]) -> None:
    network = extract("monaco-2021").network
    model = ReachModel(network)
    rng = np.random.default_rng(3)
    spots = network.vertices[rng.integers(0, len(network.vertices), 64)] / 1e7
    places = [LonLat(float(lon), float(lat)) for lon, lat in spots]
    dwellings = [Dwelling(id=str(i), places=(place, places[-1 - i])) for i, place in enumerate(places[:30])]
    units = {
        "fire": [Origin(id="f", place=places[30], profile="fire_engine", turnout_s=60)],
        "police": [
            Origin(id=f"p{i}", place=place, profile=profile, turnout_s=45)
            for i, (place, profile) in enumerate(zip(places[31:34], ("car", "ebike", "foot"), strict=True))
        ],
    }
    found = criticality(model, dwellings, units, limits_s=[180, 300, 900])
    assert len(found.roads) > 10
    before = {d.id: soonest(model, d, units, []) for d in dwellings}
    for critical in found.roads[:2] + found.roads[-2:]:
        after = {
            d.id: soonest(model, d, units, [whole_road(model, critical.road, pedestrians_pass=True)])
            for d in dwellings
        }
        for loss in critical.losses:
            lost = {b for b in before if before[b][loss.kind] <= loss.limit_s < after[b][loss.kind]}
            assert set(loss.dwellings) == lost
