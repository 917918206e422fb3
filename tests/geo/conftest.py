"""A small town whose every travel time can be counted by hand, and the real extracts."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from geo.network.network import RoadNetwork
from geo.network.profiles import MobilityProfile
from geo.osm.roads import OsmRoads, read_roads
from geo.reach.model import ReachModel
from geo.testing import town

EXTRACTS = Path(__file__).parents[3] / "shared" / "data" / "osm"

# Ten metres a second by vehicle, one on foot, half of one on steps: every time can be read off the map.
COUNTABLE: Mapping[str, MobilityProfile] = {
    profile.name: profile
    for profile in (
        MobilityProfile(
            name="foot",
            label_zh="步行",
            label_en="on foot",
            mode="foot",
            on_foot=True,
            speeds_kph={"default": 3.6, "steps": 1.8},
            clear_width_m=0.8,
            clear_height_m=1.9,
            weight_t=0.1,
        ),
        MobilityProfile(
            name="ebike",
            label_zh="电动车",
            label_en="e-bike",
            mode="cycle",
            speeds_kph={"default": 18.0},
            clear_width_m=1.0,
            clear_height_m=1.9,
            weight_t=0.2,
            dismount_s=10.0,
        ),
        MobilityProfile(
            name="car",
            label_zh="汽车",
            label_en="car",
            mode="motor",
            speeds_kph={"default": 36.0},
            clear_width_m=2.0,
            clear_height_m=1.9,
            weight_t=2.0,
            dismount_s=30.0,
        ),
        MobilityProfile(
            name="fire_engine",
            label_zh="消防车",
            label_en="fire engine",
            mode="emergency",
            speeds_kph={"default": 36.0},
            clear_width_m=3.5,
            clear_height_m=4.0,
            weight_t=16.0,
            obeys_oneway=False,
            obeys_maxspeed=False,
            against_factor=1.2,
            dismount_s=30.0,
        ),
    )
}

STREET = {"highway": "residential", "width": "6"}


def grid_town_network() -> RoadNetwork:
    """
    Six streets, an alley, steps, a river with one bridge, a gate; a square of the map is 100 m.

        y=180          alley's end
                          | 2.5 m wide
        y=140             |                 top of the steps
        y=100   +--->-----+------->---------+     North Street, one-way to the east
                |         |                 |
        y=0     +---------+-----------------+     Main Street
                          | bridge, 10 t
        y=-100  +----G----+-----------------+     South Street, gate at x=100
               x=0       200               400
    """
    north, main, south = ([(x, y) for x in (0.0, 100.0, 200.0, 300.0, 400.0)] for y in (100.0, 0.0, -100.0))
    return town(
        [
            (north, {**STREET, "oneway": "yes", "name": "北街"}),
            (main, {**STREET, "name": "大街"}),
            (south, {**STREET, "name": "南街"}),
            *[([(x, 0.0), (x, 100.0)], STREET) for x in (0.0, 200.0, 400.0)],
            ([(200.0, 100.0), (200.0, 180.0)], {"highway": "service", "width": "2.5", "name": "脑科巷"}),
            ([(400.0, 100.0), (400.0, 140.0)], {"highway": "steps"}),
            ([(200.0, 0.0), (200.0, -100.0)], {**STREET, "bridge": "yes", "layer": "1", "maxweight": "10"}),
        ],
        obstacles={(100.0, -100.0): {"barrier": "gate"}},
    )


@pytest.fixture(scope="session")
def grid_town() -> ReachModel:
    """The town with countable speeds."""
    return ReachModel(grid_town_network(), COUNTABLE)


@pytest.fixture(scope="session")
def countable() -> Mapping[str, MobilityProfile]:
    """Profiles whose times can be counted."""
    return COUNTABLE


@cache
def _roads_of(name: str) -> OsmRoads:
    path = EXTRACTS / f"{name}.osm.pbf"
    if not path.exists():
        pytest.skip(f"{name} is not among the shared data")
    return read_roads(path)


@pytest.fixture(scope="session")
def extract() -> Callable[[str], OsmRoads]:
    """Roads of a real extract by name; skips where it is absent."""
    return _roads_of
