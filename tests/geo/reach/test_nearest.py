"""The nearest site by path, compared with ways counted by hand and with one search from each door."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.reach.model import ReachModel
from geo.reach.nearest import HOSE, SiteIndex, ways_to_sites
from geo.testing import at
from tests.geo.conftest import COUNTABLE, grid_town_network

TOWN = ReachModel(grid_town_network(), COUNTABLE)
ON_A_STREET = st.sampled_from([-100, 0, 100]).flatmap(
    lambda y: st.builds(lambda x: at(x, float(y)), st.floats(0, 400))
)


def shut(west: float, south: float, east: float, north: float) -> RoadClosure:
    low, high = at(west, south), at(east, north)
    return RoadClosure(id="c", geometry=shapely.box(low.lon, low.lat, high.lon, high.lat))


def test_the_nearest_by_path_is_not_the_one_in_a_straight_line() -> None:
    # From the alley's end the site behind the blocks is 100 m away and 280 m on foot.
    behind, at_the_mouth = at(300, 100), at(200, 60)
    [way] = ways_to_sites(TOWN, [at(200, 180)], [behind, at_the_mouth], walker=HOSE, limit=1000)

    assert way.site == 1
    assert way.length_m == pytest.approx(120, abs=0.5)
    assert way.cost == pytest.approx(120, abs=0.5)


def test_a_hose_is_as_long_on_steps_and_people_are_slower() -> None:
    top, foot = at(400, 140), at(400, 100)
    [hose] = ways_to_sites(TOWN, [top], [foot], walker=HOSE, limit=1000)
    [people] = ways_to_sites(TOWN, [top], [foot], limit=1000)

    assert hose.length_m == pytest.approx(40, abs=0.5)
    assert hose.cost == pytest.approx(40, abs=0.5)
    assert people.length_m == pytest.approx(40, abs=0.5)
    assert people.cost == pytest.approx(80, abs=0.5)


def test_a_closed_way_is_gone_round() -> None:
    door, site = at(50, 0), at(150, 0)
    closed = shut(99, -5, 101, 5)
    [way] = ways_to_sites(TOWN, [door], [site], walker=HOSE, limit=1000, closures=[closed])

    # West and round by North Street: 50 + 100 + 200 + 100 + 50.
    assert way.length_m == pytest.approx(500, abs=1)
    assert ways_to_sites(TOWN, [door], [site], walker=HOSE, limit=400, closures=[closed]) == []


def test_nothing_is_found_without_sites_or_beyond_the_limit() -> None:
    assert ways_to_sites(TOWN, [at(0, 0)], [], limit=100) == []
    assert ways_to_sites(TOWN, [at(0, 0)], [at(400, 0)], limit=100) == []


@pytest.mark.parametrize("walker", [None, HOSE], ids=["people", "hose"])
@given(
    sites=st.lists(ON_A_STREET, min_size=1, max_size=4),
    doors=st.lists(ON_A_STREET, min_size=1, max_size=4),
    is_closed=st.booleans(),
)
def test_all_doors_at_once_find_what_each_finds_alone(
    walker: object, sites: list[LonLat], doors: list[LonLat], *, is_closed: bool
) -> None:
    closures = [shut(99, -5, 121, 5)] if is_closed else []
    who = HOSE if walker is HOSE else None
    index = SiteIndex(model=TOWN, sites=sites, doors=doors, walker=who)
    found = index.nearest(limit=2000, closures=closures)
    again = index.nearest(limit=2000, closures=closures)

    assert found.site.tolist() == again.site.tolist()
    for number, door in enumerate(doors):
        # Each site alone is searched for from the door: another way to the same answer.
        alone = [
            (ways[0].cost if ways else float("inf"))
            for site in sites
            for ways in [ways_to_sites(TOWN, [site], [door], walker=who, limit=2000, closures=closures)]
        ]
        assert found.cost[number] == pytest.approx(min(alone), abs=0.01)
        if found.site[number] >= 0:
            assert alone[found.site[number]] == pytest.approx(min(alone), abs=0.01)
