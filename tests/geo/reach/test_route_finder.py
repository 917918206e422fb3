"""Ways with the time of each step, and going on by another way from the middle of one."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.reach.model import Origin, ReachModel
from geo.reach.route_finder import OnTheWay, RouteFinder
from geo.reach.timed_route import TimedRoute
from geo.testing import at
from tests.geo.conftest import COUNTABLE, grid_town_network

TOWN = ReachModel(grid_town_network(), COUNTABLE)
ALLEY = at(200, 170)
"""Too narrow for the engine from y=100 on."""
_X = st.floats(0, 400)


def finder(place: LonLat, *closures: RoadClosure, model: ReachModel = TOWN) -> RouteFinder:
    return RouteFinder(model=model, places=[place], limit_s=7200, closures=closures)


def way(found: RouteFinder, post: LonLat, profile: str) -> TimedRoute:
    [route] = found.routes([Origin(id="a", place=post, profile=profile, turnout_s=0.0)])
    assert route is not None
    return route


def shut(west: float, south: float, east: float, north: float) -> RoadClosure:
    low, high = at(west, south), at(east, north)
    return RoadClosure(id="c", geometry=shapely.box(low.lon, low.lat, high.lon, high.lat))


def test_a_way_is_driven_then_stood_then_walked() -> None:
    route = way(finder(ALLEY), at(0, 0), "fire_engine")

    # 200 m and 100 m driven, half a minute to get out, 70 m on foot.
    assert route.travel_s == pytest.approx(130, abs=0.2)
    drawn = route.drawn(TOWN.ground.shapes)
    times = [seconds for seconds, _, _ in drawn]
    assert times == sorted(times)
    mouth = at(200, 100)
    at_mouth = [s for s, lon, lat in drawn if abs(lon - mouth.lon) + abs(lat - mouth.lat) < 4e-6]
    assert min(at_mouth) == pytest.approx(30, abs=0.3)
    assert max(at_mouth) == pytest.approx(60, abs=0.3)
    assert route.stop is not None
    assert (route.stop.reason, route.stop.have, route.stop.need) == ("width", 2.5, 3.5)


@given(x=_X, profile=st.sampled_from(sorted(COUNTABLE)), share=st.floats(0.01, 0.99))
def test_nothing_is_lost_by_going_on(x: float, profile: str, share: float) -> None:
    found = finder(ALLEY)
    route = way(found, at(x, -100), profile)
    at_s = share * route.travel_s

    [onward] = found.onward([OnTheWay(id="a", route=route, at_s=at_s)])

    assert onward is not None
    # From where a vehicle stands its crew need not get out once more.
    assert onward.travel_s <= route.travel_s - at_s + 0.01
    assert onward.travel_s >= route.travel_s - at_s - 30.01


@given(x=_X, profile=st.sampled_from(sorted(COUNTABLE)), share=st.floats(0.0, 0.9), where=st.floats(5, 395))
def test_a_way_is_blocked_where_something_is_shut_ahead(
    x: float, profile: str, share: float, where: float
) -> None:
    closed = finder(ALLEY, shut(where - 3, -5, where + 3, 5))
    route = way(finder(ALLEY), at(x, 0), profile)
    at_s = share * route.travel_s

    ahead = [
        lon
        for seconds, lon, lat in route.drawn(TOWN.ground.shapes)
        if seconds >= at_s and abs(lat - 28.0) < 1e-6
    ]
    here = next(iter(route.ahead(at_s)))
    spot = TOWN.ground.shapes.point_on(here.road, here.start)
    if abs(spot[1] - 28.0) < 1e-6:
        ahead.append(spot[0])
    low, high = min(ahead, default=0.0), max(ahead, default=0.0)
    margin = 1e-6
    if low < at(where - 3, 0).lon - margin and high > at(where + 3, 0).lon + margin:
        assert closed.is_blocked(route, at_s=at_s)
    if high < at(where - 3, 0).lon - margin or low > at(where + 3, 0).lon + margin:
        assert not closed.is_blocked(route, at_s=at_s)


def test_who_has_left_the_vehicle_goes_on_on_foot() -> None:
    route = way(finder(ALLEY), at(0, 0), "fire_engine")
    found = finder(ALLEY, shut(195, 118, 205, 122))

    [onward] = finder(ALLEY).onward([OnTheWay(id="a", route=route, at_s=80.0)])
    assert onward is not None
    assert (onward.profile, onward.travel_s) == ("foot", pytest.approx(50, abs=0.2))
    assert not found.is_blocked(route, at_s=85.0)
    assert found.is_blocked(route, at_s=70.0)
    assert found.onward([OnTheWay(id="a", route=route, at_s=70.0)]) == [None]


def test_the_time_to_the_road_is_not_lost() -> None:
    post = at(100, 50)
    route = way(finder(at(300, 0)), post, "foot")

    [onward] = finder(at(300, 0)).onward([OnTheWay(id="a", route=route, at_s=20.0)])
    assert onward is not None
    assert onward.travel_s == pytest.approx(route.travel_s - 20.0, abs=0.01)
    start = onward.drawn(TOWN.ground.shapes)[0]
    assert start[1:] == pytest.approx((at(100, 0).lon, at(100, 30).lat), abs=3e-6)


def test_no_way_is_none() -> None:
    walled = finder(ALLEY, shut(195, 110, 205, 120))
    here = Origin(id="a", place=at(0, 0), profile="foot", turnout_s=0.0)

    assert walled.routes([here]) == [None]
