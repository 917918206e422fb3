"""Widths and limits as people write them, and what is told of those that cannot be read."""

import math
from pathlib import Path

import pytest

from geo.network.profiles import DEFAULT_PROFILES
from geo.network.weighting import clear_widths_m, costs_of
from geo.osm.roads import read_roads
from geo.tags.attributes import RoadAttributes, Trait
from geo.tags.measures import length_not_read, metres, tonnes, weight_not_read
from geo.tags.way_tags import road_attributes
from geo.testing import straight_street, town
from tests.geo.tags.test_access_values import seconds, street


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.2米", 3.2),
        ("2.5公尺", 2.5),
        ("250厘米", 2.5),
        ("250公分", 2.5),
        ("2500 mm", 2.5),
        ("2500毫米", 2.5),
        ("25 dm", 2.5),
        ("２．５", 2.5),
        ("２．５ｍ", 2.5),
        ("3,5", 3.5),
        ("3,5 m", 3.5),
        ("~2", 2.0),
        ("约3米", 3.0),
        ("3米左右", 3.0),
        ("宽3米", 3.0),
        ("限高3.2米", 3.2),
        ("ca. 3", 3.0),
        (">=4", 4.0),
        ("4+", 4.0),
        ("2.5-3", 2.5),
        ("3 – 2.5 m", 2.5),
        ("2.5~3米", 2.5),
        ("2.5米至3米", 2.5),
        ("250-300 cm", 2.5),
        ("2 m;3 m", 2.0),
        ("3；2.5", 2.5),
        ("5;wide", 5.0),
        ("3米2", 3.2),
        ("3m50", 3.5),
        ("10'-6\"", 3.2004),
        ("10'6\"", 3.2004),
        ("10’6”", 3.2004),
        ("10′6″", 3.2004),
        ("10 ft 6 in", 3.2004),
        ("10ft", 3.048),
        ("10'", 3.048),
        ('126"', 3.2004),
        ("1,500 mm", 1.5),
        ("below_default", 3.9),
    ],
)
def test_lengths(text: str, expected: float) -> None:
    assert metres(text) == pytest.approx(expected)
    assert not length_not_read(text) or text == "5;wide"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10吨", 10.0),
        ("10噸", 10.0),
        ("10公吨", 10.0),
        ("限重１０吨", 10.0),
        ("10T", 10.0),
        ("3,500 kg", 3.5),
        ("3500公斤", 3.5),
        ("10,000 lbs", 4.5359237),
        ("7.5 t;10 t", 7.5),
        ("10-15 t", 10.0),
        ("6 st", 5.44310844),
    ],
)
def test_weights(text: str, expected: float) -> None:
    assert tonnes(text) == pytest.approx(expected)
    assert not weight_not_read(text)


@pytest.mark.parametrize(
    "text", ["wide", "0", "-2", "200", "3000", "3.5 m (kerb)", "三米", "3:5", "1e3", "m", "?"]
)
def test_what_cannot_be_read_is_no_limit_and_is_told(text: str) -> None:
    assert math.isinf(metres(text))
    assert length_not_read(text)
    assert math.isinf(tonnes("heavy"))
    assert weight_not_read("heavy")
    assert weight_not_read("7500")


@pytest.mark.parametrize("text", ["", "none", "default", "unsigned", "no_sign", "unknown"])
def test_what_says_that_there_is_no_figure_is_not_told(text: str) -> None:
    assert math.isinf(metres(text))
    assert not length_not_read(text)
    assert not weight_not_read(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("maxheight=3.2米", "height"),
        ("maxheight=10'-6\"", "height"),
        ("maxheight:physical=320厘米", "height"),
        ("maxheight=below_default", "height"),
        ("width=2.5米", "width"),
        ("width=2.5-3", "width"),
        ("maxweight=10吨", "weight"),
    ],
)
def test_a_limit_in_any_spelling_stops_an_engine(tmp_path: Path, text: str, reason: str) -> None:
    assert seconds(street(tmp_path, on_11=text.replace('"', "&quot;")))["fire_engine"] == (629, reason)


def test_limits_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    path = street(
        tmp_path,
        on_11="est_width=wide maxheight=low maxspeed=slow",
        at_2="barrier=gate maxheight=low width=x",
    )
    assert read_roads(path).summary.not_understood == {
        "est_width=wide": 1,
        "maxheight=low": 2,
        "maxspeed=slow": 1,
        "width=x": 1,
    }


@pytest.mark.parametrize(
    ("tags", "unread"),
    [
        ({"width": "wide"}, True),
        ({"maxwidth": "narrow"}, True),
        ({"width": "wide", "est_width": "3"}, False),
        ({"width": "3"}, False),
        ({"width": "none"}, False),
        ({"maxheight": "low"}, False),
        ({}, False),
    ],
)
def test_a_width_that_cannot_be_read_is_drawn_as_unknown(tags: dict[str, str], *, unread: bool) -> None:
    [line] = straight_street(length_m=50, **tags).display_lines()
    assert line.width_unread is unread


def test_a_width_that_cannot_be_read_narrows_nothing() -> None:
    found = road_attributes({"highway": "residential", "width": "wide"})
    assert isinstance(found, RoadAttributes)
    assert found.traits == Trait.WIDTH_NOT_READ
    network = straight_street(length_m=50, width="wide")
    costs = costs_of(network, DEFAULT_PROFILES["fire_engine"])
    assert costs.usable.all()
    assert costs.assumed.all()


def clear_m(tags: dict[str, str]) -> float:
    return float(clear_widths_m(town([([(0, 0), (50, 0)], {"highway": "residential", **tags})]))[0])


@pytest.mark.parametrize(
    ("tags", "width_m"),
    [
        ({"width": "7", "parking:both": "lane"}, 3.0),
        ({"width": "7", "parking:left": "lane"}, 5.0),
        ({"width": "7", "parking:right": "lane", "parking:right:orientation": "perpendicular"}, 2.0),
        ({"width": "9", "parking:right": "lane", "parking:both:orientation": "diagonal"}, 4.2),
        ({"width": "7", "parking:both": "half_on_kerb"}, 5.0),
        ({"width:carriageway": "7", "width": "10", "parking:left": "lane"}, 5.0),
        ({"est_width": "7", "parking:left": "lane"}, 5.0),
        ({"width": "7", "parking:lane:both": "parallel"}, 3.0),
        ({"width": "7", "parking:lane:left": "perpendicular"}, 2.0),
        ({"width": "7", "parking:lane:left": "parallel", "parking:lane:left:parallel": "half_on_kerb"}, 6.0),
        # Beside the carriageway, forbidden, or already taken off.
        ({"width": "7", "parking:both": "street_side"}, 7.0),
        ({"width": "7", "parking:both": "on_kerb"}, 7.0),
        ({"width": "7", "parking:both": "separate"}, 7.0),
        ({"width": "7", "parking:both": "no"}, 7.0),
        ({"width": "7", "parking:left": "lane", "parking:left:restriction": "no_parking"}, 7.0),
        ({"width": "7", "parking:left": "no", "parking:lane:left": "parallel"}, 7.0),
        ({"width": "7", "parking:lane:both": "no_stopping"}, 7.0),
        ({"width": "7", "parking:lane:left": "parallel", "parking:lane:left:parallel": "lay_by"}, 7.0),
        ({"width": "7", "parking:both": "yes"}, 7.0),
        ({"width:effective": "4", "width": "8", "parking:both": "lane"}, 4.0),
        # Those who park there have driven in.
        ({"width": "5", "parking:both": "lane"}, 2.0),
        ({"width": "1.8", "parking:both": "lane"}, 1.8),
        # A class is narrowed by no tag that is not a width.
        ({"parking:both": "lane"}, 4.5),
        ({"lanes": "1"}, 4.5),
        ({"width": "7", "parking:left": "lane", "maxwidth": "2.2"}, 2.2),
        ({"width": "7", "parking:both": "lane", "maxwidth": "6"}, 3.0),
        ({"maxwidth": "5"}, 5.0),
    ],
)
def test_parked_cars_take_their_width(tags: dict[str, str], width_m: float) -> None:
    assert clear_m(tags) == pytest.approx(width_m, abs=1e-6)


def test_parking_that_is_not_understood_is_counted(tmp_path: Path) -> None:
    path = street(tmp_path, on_11="parking:left=yes parking:lane:right=somehow parking:both:fee=no")
    assert read_roads(path).summary.not_understood == {
        "parking:left=yes": 1,
        "parking:lane:right=somehow": 1,
    }


def test_parked_cars_stop_an_engine_and_it_is_told_how_much_is_left(tmp_path: Path) -> None:
    found = seconds(street(tmp_path, on_11="parking:both=lane"))
    # The street is six metres wide.
    assert found["fire_engine"] == (629, "width")
    assert found["car"] == (133, None)
