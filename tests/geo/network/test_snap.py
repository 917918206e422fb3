"""Where places join the roads."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from geo.network.snap import RoadIndex
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.testing import at, town

STREET = {"highway": "residential", "width": "6"}


def names_at(index: RoadIndex, *points: tuple[float, float]) -> list[str | None]:
    network = index.network
    roads = index.snap([at(x, y) for x, y in points]).road.tolist()
    return [network.names[network.road_name[road]] if road >= 0 else None for road in roads]


@pytest.fixture(scope="module")
def index() -> RoadIndex:
    """A street, an alley off it, a tunnel under it, a pavement beside it and a lone drive."""
    return RoadIndex(
        town(
            [
                ([(0.0, 0.0), (1000.0, 0.0), (2000.0, 0.0)], {**STREET, "name": "街"}),
                ([(1000.0, 0.0), (1000.0, 200.0)], {**STREET, "width": "2", "name": "巷"}),
                ([(300.0, -400.0), (300.0, 400.0)], {**STREET, "tunnel": "yes", "name": "隧道"}),
                ([(300.0, 400.0), (0.0, 400.0), (0.0, 0.0)], {**STREET, "name": "北路"}),
                (
                    [(500.0, 9.0), (900.0, 9.0)],
                    {"highway": "footway", "footway": "sidewalk", "name": "人行道"},
                ),
                (
                    [(500.0, 9.0), (500.0, 0.0)],
                    {"highway": "footway", "footway": "crossing", "name": "斑马线"},
                ),
                ([(1500.0, 40.0), (1500.0, 120.0)], {**STREET, "name": "孤路"}),
            ]
        )
    )


def test_a_door_belongs_to_the_alley_it_stands_in(index: RoadIndex) -> None:
    assert names_at(index, (1008, 30), (1030, 25), (996, 40)) == ["巷", "街", "巷"]


def test_a_tunnel_is_joined_only_from_inside(index: RoadIndex) -> None:
    assert names_at(index, (302, 200), (310, 60)) == ["隧道", "街"]


def test_a_pavement_stands_back_behind_its_street(index: RoadIndex) -> None:
    assert names_at(index, (700, 10), (700, 27)) == ["街", "街"]


def test_a_fragment_stands_back_behind_roads_that_lead_somewhere(index: RoadIndex) -> None:
    assert names_at(index, (1500, 60), (1500, 300)) == ["街", "孤路"]


def test_beyond_250_metres_nothing_is_joined(index: RoadIndex) -> None:
    assert names_at(index, (2249, 0), (2251, 0)) == ["街", None]


def test_the_errors_say_which(index: RoadIndex) -> None:
    assert isinstance(index.missing(at(1500, 380)), NoRoadNearbyError)
    assert isinstance(index.missing(LonLat(0, 0)), OutsideNetworkError)


@given(st.floats(0, 2000), st.floats(-240, 240))
def test_the_distance_is_the_shortest_there_is(x: float, y: float) -> None:
    street = RoadIndex(town([([(0.0, 0.0), (700.0, 100.0), (2000.0, 0.0)], STREET)]))
    found = street.snap([at(x, y)])
    corners = np.array([(0.0, 0.0), (700.0, 100.0), (2000.0, 0.0)])
    shortest = np.inf
    for a, b in pairwise(corners):
        along = np.clip(((x, y) - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        shortest = min(shortest, float(np.hypot(*((x, y) - a - along * (b - a)))))
    if found.road[0] >= 0:
        assert found.distance_m[0] == pytest.approx(shortest, abs=0.05)
    else:
        assert shortest > 249.9


def test_a_vehicle_joins_the_nearest_road_it_can_use() -> None:
    steps = ([(0.0, 0.0), (0.0, 50.0)], {"highway": "steps"})
    street = ([(-500.0, 50.0), (0.0, 50.0), (500.0, 50.0)], STREET)
    model = ReachModel(town([steps, street]))
    origin = Origin(id="car", place=at(3, 20), profile="car", turnout_s=0)
    [reached] = model.reach([at(400, 50)], [origin], limit_s=900).reached
    assert [leg.mode for leg in reached.legs] == ["drive"]
