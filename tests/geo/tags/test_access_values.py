"""Words of access and of barriers: whom they close out, whom they let in, and which are only counted."""

from pathlib import Path

import pytest

from geo.lonlat import LonLat
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.tags.attributes import BARRIERS, RoadAccess, RoadAttributes
from geo.tags.barriers import obstacle_attributes
from geo.tags.way_tags import Skipped, road_attributes

FOOT, CYCLE, MOTOR, CALL = RoadAccess.FOOT, RoadAccess.CYCLE, RoadAccess.MOTOR, RoadAccess.EMERGENCY
ALL = FOOT | CYCLE | MOTOR | CALL

STREET_XML = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="28.15" lon="112.980"/>
  <node id="2" lat="28.15" lon="112.983">{at_2}</node>
  <node id="3" lat="28.15" lon="112.986"/>
  <node id="4" lat="28.15" lon="112.989"/>
  <node id="5" lat="28.16" lon="112.989"><tag k="barrier" v="stage"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="width" v="6"/></way>
  <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="width" v="6"/>{on_11}</way>
  <way id="12"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="width" v="6"/></way>
</osm>
"""


def tags_of(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


def allowed(text: str) -> RoadAccess:
    """Who may use `highway=residential` with more tags."""
    found = road_attributes({"highway": "residential", **tags_of(text)})
    return RoadAccess.NONE if isinstance(found, Skipped) else RoadAccess(found.forward)


def passing(text: str) -> tuple[RoadAccess, str]:
    """Who passes an obstacle, and its kind."""
    found = obstacle_attributes(tags_of(text))
    assert isinstance(found, RoadAttributes)
    return RoadAccess(found.forward), BARRIERS[found.barrier]


def seconds(path: Path) -> dict[str, tuple[int, str | None]]:
    """Seconds from end to end of the street, and why the vehicle stops, by profile."""
    model = ReachModel(read_roads(path).network)
    start, end = LonLat(112.98, 28.15), LonLat(112.989, 28.15)
    origins = [Origin(id=name, place=start, profile=name, turnout_s=0) for name in model.profiles]
    reached = model.reach([end], origins, limit_s=1800).reached
    return {
        one.origin_id: (round(one.response_s), None if one.stop is None else one.stop.reason)
        for one in reached
    }


def street(tmp_path: Path, *, on_11: str = "", at_2: str = "") -> Path:
    path = tmp_path / "street.osm"
    written = {
        name: "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags_of(text).items())
        for name, text in (("on_11", on_11), ("at_2", at_2))
    }
    path.write_text(STREET_XML.format(**written), encoding="utf-8")
    return path


@pytest.mark.parametrize("key", ["access", "vehicle", "motor_vehicle", "motorcar"])
@pytest.mark.parametrize("word", ["emergency", "psv", "bus", "taxi", "hgv", "restricted"])
def test_a_road_for_some_vehicles_is_closed_to_cars_and_open_to_a_call(
    tmp_path: Path, key: str, word: str
) -> None:
    found = seconds(street(tmp_path, on_11=f"{key}={word}"))
    assert (found["ambulance"], found["fire_engine"]) == ((122, None), (145, None))
    assert found["car"] == (565, "no_access")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            (f"access={word}", ALL - MOTOR)
            for word in (
                "permit",
                "residents",
                "delivery",
                "restricted",
                "agricultural",
                "forestry",
                "military",
            )
        ],
        *[(f"access={word}", FOOT | CALL) for word in ("emergency", "psv", "bus", "taxi", "hgv", "goods")],
        *[(f"vehicle={word}", FOOT | CALL) for word in ("emergency", "psv", "coach", "hov")],
        *[(f"motor_vehicle={word}", ALL - MOTOR) for word in ("emergency", "bus", "permit", "delivery")],
        *[(f"access={word}", ALL) for word in ("destination", "customers", "Yes", "designated")],
        ("access=foot", FOOT | CALL),
        ("access=bicycle", ALL - MOTOR),
        ("access=motorcycle", FOOT | CALL),
        ("access=agricultural;forestry", ALL - MOTOR),
        ("access=destination;delivery", ALL),
        ("motor_vehicle=psv;taxi", ALL - MOTOR),
        ("foot=permit", ALL),
        ("bicycle=private", ALL),
        # What opens a closed road to a call, whatever it is written with.
        ("access=no motor_vehicle=emergency", CALL),
        ("access=no emergency=designated", CALL),
        ("access=no emergency=private", CALL),
        ("access=no bus=yes", CALL),
        ("access=no bus=designated", CALL),
        ("access=no psv=yes", CALL),
        ("access=no taxi=yes", CALL),
        ("access=no hgv=designated", CALL),
        ("access=no motor_vehicle=private", CALL),
        ("access=no motorcar=yes", MOTOR | CALL),
        ("access=no bus=no", RoadAccess.NONE),
        ("access=psv emergency=no", FOOT),
        ("highway=busway", CALL),
        ("highway=busway access=no", CALL),
        ("highway=busway access=no bus=yes", CALL),
        ("highway=busway emergency=no", RoadAccess.NONE),
        ("highway=service service=busway", CALL),
        ("highway=bus_guideway", RoadAccess.NONE),
        ("highway=service service=emergency_access", FOOT | CALL),
        ("highway=service service=emergency_access access=no", FOOT | CALL),
        ("highway=service service=emergency_access foot=no", CALL),
        ("highway=service service=emergency_access emergency=no", FOOT),
        # What is not understood opens nothing, and cars cannot rely on it.
        ("access=sometimes", ALL - MOTOR),
        ("motor_vehicle=sometimes", ALL - MOTOR),
        ("motor_vehicle=yes;no", ALL - MOTOR),
        ("highway=footway motor_vehicle=sometimes", FOOT | CALL),
        ("highway=footway bicycle=sometimes", FOOT | CALL),
        ("access=no foot=sometimes", RoadAccess.NONE),
        ("access=unknown", ALL),
        ("highway=footway motor_vehicle=unknown", FOOT | CALL),
    ],
)
def test_who_may_use_a_road(text: str, expected: RoadAccess) -> None:
    assert allowed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("barrier=gate;lift_gate", ALL, "gate"),
        ("barrier=lift_gate;bollard", FOOT | CYCLE, "bollard"),
        ("barrier=kerb;gate", ALL, "gate"),
        ("barrier=Gate", ALL, "gate"),
        ("barrier=curtain", ALL, "other"),
        ("barrier=curtain;gate", ALL, "gate"),
        ("barrier=sliding_beam", ALL, "swing_gate"),
        ("barrier=door", FOOT, "narrow_passage"),
        ("door=yes", FOOT, "narrow_passage"),
        ("door=hinged locked=yes", RoadAccess.NONE, "locked"),
        ("door=overhead", ALL, "gate"),
        ("barrier=entrance door=sliding", FOOT, "narrow_passage"),
        ("barrier=tree", FOOT | CYCLE, "block"),
        ("barrier=city_wall", RoadAccess.NONE, "locked"),
        # A ban on vehicles is a sign at a gate as on a road.
        ("barrier=gate motor_vehicle=no", ALL - MOTOR, "gate"),
        ("barrier=gate vehicle=no", FOOT | CALL, "gate"),
        ("barrier=gate motorcar=no", ALL - MOTOR, "gate"),
        ("barrier=gate emergency=no", ALL - CALL, "gate"),
        ("barrier=gate access=permit", ALL - MOTOR, "gate"),
        ("barrier=gate access=bus", FOOT | CALL, "gate"),
        ("barrier=lift_gate access=sometimes", ALL - MOTOR, "lift_gate"),
        ("barrier=bollard bus=yes", FOOT | CYCLE | CALL, "bollard"),
        ("barrier=bollard access=sometimes", FOOT | CYCLE, "bollard"),
        ("barrier=gate locked=yes access=private", RoadAccess.NONE, "locked"),
        ("barrier=gate locked=yes motor_vehicle=private", RoadAccess.NONE, "locked"),
        ("barrier=bollard maxwidth:physical=4 motor_vehicle=no", ALL - MOTOR, "bollard"),
        ("barrier=rising_bollard", FOOT | CYCLE | CALL, "removable_bollard"),
    ],
)
def test_whom_an_obstacle_lets_pass(text: str, expected: RoadAccess, kind: str) -> None:
    assert passing(text) == (expected, kind)


@pytest.mark.parametrize(
    "text", ["barrier=no", "barrier=kerb;ditch", "barrier=entrance", "entrance=yes", "door=no", "door=open"]
)
def test_what_is_in_no_way_is_no_obstacle(text: str) -> None:
    assert obstacle_attributes(tags_of(text)) is None


@pytest.mark.parametrize(
    ("text", "width_m"),
    [
        ("barrier=bollard width=0.3", float("inf")),
        ("barrier=planter width=2", float("inf")),
        ("barrier=bollard bollard=removable width=0.2", float("inf")),
        ("barrier=jersey_barrier width=0.6", float("inf")),
        ("barrier=curtain width=0.2", float("inf")),
        ("barrier=bollard width=0.3 maxwidth:physical=1.6", 1.6),
        ("barrier=gate width=2.5", 2.5),
        ("barrier=gate width=4 maxwidth=2.2", 2.2),
    ],
)
def test_a_bollards_own_width_is_not_the_gap(text: str, width_m: float) -> None:
    found = obstacle_attributes(tags_of(text))
    assert found is not None
    assert found.width_m == pytest.approx(width_m)


def test_an_engine_passes_a_removable_bollard_however_thick_it_is(tmp_path: Path) -> None:
    found = seconds(street(tmp_path, at_2="barrier=bollard bollard=removable width=0.2"))
    assert found["fire_engine"] == (145 + 45, None)


def test_a_ban_at_a_gate_stops_a_call_no_more_than_on_a_road(tmp_path: Path) -> None:
    at_gate = seconds(street(tmp_path, at_2="barrier=gate motor_vehicle=no"))
    assert at_gate["fire_engine"] == (145 + 20, None)
    assert at_gate["car"][1] == "barrier"


def test_words_that_are_not_understood_are_counted(tmp_path: Path) -> None:
    path = street(tmp_path, on_11="access=sometimes bicycle=Yes", at_2="barrier=curtain;gate foot=maybe")
    assert read_roads(path).summary.not_understood == {
        "access=sometimes": 1,
        "barrier=curtain;gate": 1,
        "foot=maybe": 1,
    }
    # What stands on no road, as the barrier at point 5 does, has no effect.


def test_a_file_full_of_words_makes_no_endless_list(tmp_path: Path) -> None:
    ways = "".join(
        f'<way id="{100 + i}"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/>'
        f'<tag k="access" v="w{i}{"x" * 200}"/></way>'
        for i in range(300)
    )
    path = street(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('<way id="10">', f'{ways}<way id="10">'))
    found = read_roads(path).summary.not_understood
    assert sum(found.values()) == 300
    assert found["…"] == 100
    assert max(map(len, found)) <= 80
