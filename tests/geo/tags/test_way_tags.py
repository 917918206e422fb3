"""What OpenStreetMap tags mean for whom."""

import math

import pytest

from geo.network.profiles import DEFAULT_PROFILES
from geo.network.weighting import costs_of
from geo.tags.attributes import BARRIERS, HIGHWAYS, RoadAccess, RoadAttributes, Trait
from geo.tags.barriers import obstacle_attributes
from geo.tags.way_tags import Skipped, road_attributes
from geo.testing import straight_street

FOOT, CYCLE, MOTOR, EMERGENCY, AGAINST = (
    RoadAccess.FOOT,
    RoadAccess.CYCLE,
    RoadAccess.MOTOR,
    RoadAccess.EMERGENCY,
    RoadAccess.AGAINST,
)
ALL = FOOT | CYCLE | MOTOR | EMERGENCY


def road(text: str) -> RoadAttributes:
    """Attributes of `highway=residential` with more tags, or of what the text says instead."""
    tags = dict(pair.split("=", 1) for pair in text.split())
    found = road_attributes({"highway": "residential", **tags})
    assert isinstance(found, RoadAttributes)
    return found


@pytest.mark.parametrize(
    ("text", "forward", "backward"),
    [
        ("", ALL, ALL),
        ("oneway=yes", ALL, FOOT | EMERGENCY | AGAINST),
        ("oneway=1", ALL, FOOT | EMERGENCY | AGAINST),
        ("oneway=true", ALL, FOOT | EMERGENCY | AGAINST),
        ("oneway=-1", FOOT | EMERGENCY | AGAINST, ALL),
        ("oneway=reverse", FOOT | EMERGENCY | AGAINST, ALL),
        ("oneway=no", ALL, ALL),
        ("oneway=alternating", ALL, ALL),
        # A vehicle on a call may pass with care; which way the others go is not in the map.
        ("oneway=reversible", FOOT | EMERGENCY | AGAINST, FOOT | EMERGENCY | AGAINST),
        ("oneway:vehicle=yes", ALL, FOOT | EMERGENCY | AGAINST),
        ("oneway:motor_vehicle=yes", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("oneway:motor_vehicle=-1", FOOT | CYCLE | EMERGENCY | AGAINST, ALL),
        ("oneway:motorcar=yes", ALL, FOOT | CYCLE | EMERGENCY),
        ("oneway:bicycle=yes", ALL, FOOT | MOTOR | EMERGENCY),
        ("oneway:foot=yes", ALL, CYCLE | MOTOR | EMERGENCY),
        ("oneway=yes oneway:motor_vehicle=no", ALL, FOOT | MOTOR | EMERGENCY),
        ("vehicle:backward=no", ALL, FOOT | EMERGENCY | AGAINST),
        ("vehicle:forward=no", FOOT | EMERGENCY | AGAINST, ALL),
        ("motor_vehicle:backward=no", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("motorcar:backward=no", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("access:backward=no", ALL, RoadAccess.NONE),
        ("bicycle:backward=no", ALL, FOOT | MOTOR | EMERGENCY),
        ("foot:forward=no", CYCLE | MOTOR | EMERGENCY, ALL),
        ("emergency:backward=no", ALL, FOOT | CYCLE | MOTOR),
        ("vehicle=no vehicle:forward=yes", ALL, FOOT | EMERGENCY | AGAINST),
        ("vehicle:backward=no oneway:emergency=no", ALL, FOOT | EMERGENCY),
        ("junction=roundabout vehicle:backward=no", ALL, FOOT),
        ("junction=roundabout", ALL, FOOT),
        ("junction=circular", ALL, FOOT),
        ("junction=roundabout oneway=no", ALL, ALL),
        ("oneway=yes oneway:emergency=no", ALL, FOOT | EMERGENCY),
        ("oneway=yes oneway:emergency=yes", ALL, FOOT),
        ("oneway=yes oneway:bicycle=no", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("oneway=yes cycleway=opposite_lane", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("oneway=yes cycleway:left=opposite_track", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("oneway=yes cycleway:right:oneway=-1", ALL, FOOT | CYCLE | EMERGENCY | AGAINST),
        ("oneway=-1 oneway:bicycle=no", FOOT | CYCLE | EMERGENCY | AGAINST, ALL),
        ("highway=motorway", MOTOR | EMERGENCY, RoadAccess.NONE),
        ("highway=motorway oneway=no", MOTOR | EMERGENCY, MOTOR | EMERGENCY),
        ("highway=trunk", ALL, ALL),
        ("highway=trunk motorroad=yes", MOTOR | EMERGENCY, MOTOR | EMERGENCY),
    ],
)
def test_one_ways(text: str, forward: RoadAccess, backward: RoadAccess) -> None:
    found = road(text)
    assert (RoadAccess(found.forward), RoadAccess(found.backward)) == (forward, backward)


@pytest.mark.parametrize(
    ("text", "oneway"),
    [
        ("oneway=yes", 1),
        ("oneway=-1", -1),
        ("oneway:motor_vehicle=-1", -1),
        ("motor_vehicle:forward=no", -1),
        ("vehicle:backward=no", 1),
        ("oneway=yes oneway:motorcar=no", 0),
        ("oneway=reversible", 0),
        ("oneway:bicycle=yes", 0),
    ],
)
def test_the_arrow_that_is_drawn_is_that_of_cars(text: str, oneway: int) -> None:
    assert road(text).oneway == oneway


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("access=yes", ALL),
        ("access=destination", ALL),
        ("access=private", ALL - MOTOR),
        ("access=private motor_vehicle=yes", ALL),
        ("access=no foot=yes", FOOT),
        ("access=no emergency=yes", EMERGENCY),
        ("access=no bicycle=yes foot=yes", FOOT | CYCLE),
        ("vehicle=no", FOOT | EMERGENCY),
        ("vehicle=no bicycle=yes", FOOT | CYCLE | EMERGENCY),
        ("motor_vehicle=no", FOOT | CYCLE | EMERGENCY),
        ("motor_vehicle=no emergency=no", FOOT | CYCLE),
        ("motorcar=no", FOOT | CYCLE | EMERGENCY),
        ("motor_vehicle=no motorcar=yes", ALL),
        ("emergency=no", FOOT | CYCLE | MOTOR),
        ("foot=no", CYCLE | MOTOR | EMERGENCY),
        ("bicycle=dismount", FOOT | MOTOR | EMERGENCY),
        ("highway=footway", FOOT | EMERGENCY),
        ("highway=footway bicycle=yes", FOOT | CYCLE | EMERGENCY),
        ("highway=footway access=yes", FOOT | EMERGENCY),
        ("highway=footway motor_vehicle=yes", FOOT | MOTOR | EMERGENCY),
        ("highway=pedestrian", FOOT | EMERGENCY),
        ("highway=cycleway foot=no", CYCLE | EMERGENCY),
        ("highway=path", FOOT | CYCLE | EMERGENCY),
        ("highway=steps", FOOT),
        ("highway=steps bicycle=yes emergency=yes", FOOT),
        ("highway=busway", EMERGENCY),
        ("highway=road", ALL),
    ],
)
def test_who_may_use_a_road(text: str, allowed: RoadAccess) -> None:
    assert RoadAccess(road(text).forward) == allowed


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "proposed"}, "proposed"),
        ({"highway": "construction"}, "construction"),
        ({"highway": "elevator"}, "elevator"),
        ({"highway": "residential", "access": "no"}, "closed to all traffic"),
        ({"highway": "alley"}, "alley"),
        ({}, "no highway"),
    ],
)
def test_what_is_no_road_says_why(tags: dict[str, str], reason: str) -> None:
    assert road_attributes(tags) == Skipped(reason=reason)


@pytest.mark.parametrize(
    ("text", "width_m"),
    [
        ("", math.inf),
        ("width=3.5", 3.5),
        ("width=3,5", 3.5),
        ("est_width=3", 3.0),
        ("width=4 est_width=3", 4.0),
        ("width=4 maxwidth=2.2", 2.2),
        ("maxwidth=2.2", 2.2),
        ("maxwidth:physical=1.8", 1.8),
        ("lanes=1", math.inf),
        ("lanes=2", math.inf),
        ("lanes=2 width=5", 5.0),
        ("width=wide", math.inf),
        ("width=0", math.inf),
    ],
)
def test_clear_width(text: str, width_m: float) -> None:
    found = road(text)
    assert min(found.width_m, found.max_width_m) == width_m


def test_heights_weights_and_speeds() -> None:
    found = road("maxheight=3.90 maxweight=7.5 maxspeed=50 maxspeed:backward=30")
    assert (found.max_height_m, found.max_weight_t) == (3.9, 7.5)
    assert (found.max_speed_forward_kph, found.max_speed_backward_kph) == (50.0, 30.0)
    assert road("maxheight=4 maxheight:physical=3.8").max_height_m == 3.8


@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("highway=road", Trait.CLASS_UNKNOWN),
        ("tunnel=yes", Trait.TUNNEL),
        ("tunnel=building_passage", Trait.NONE),
        ("bridge=viaduct", Trait.BRIDGE),
        ("highway=footway footway=sidewalk", Trait.SIDEWALK),
        ("junction=roundabout", Trait.ROUNDABOUT),
    ],
)
def test_traits(text: str, trait: Trait) -> None:
    assert Trait(road(text).traits) == trait


def test_an_alley_is_a_class_of_its_own() -> None:
    assert HIGHWAYS[road("highway=service service=alley").highway] == "alley"
    assert HIGHWAYS[road("highway=service service=driveway").highway] == "service"


def test_a_road_seen_from_its_other_end_and_back_is_the_same() -> None:
    lane = road("oneway=yes oneway:bicycle=no maxspeed:forward=30 maxspeed:backward=20")
    assert lane.flipped != lane
    assert lane.flipped.flipped == lane
    assert lane.flipped.forward == lane.backward


@pytest.mark.parametrize(
    ("tags", "passed", "kind"),
    [
        ({"barrier": "gate"}, ALL, "gate"),
        ({"barrier": "gate", "access": "private"}, ALL - MOTOR, "gate"),
        ({"barrier": "gate", "access": "no"}, RoadAccess.NONE, "gate"),
        ({"barrier": "gate", "access": "no", "emergency": "yes"}, EMERGENCY, "gate"),
        ({"barrier": "gate", "locked": "yes"}, RoadAccess.NONE, "locked"),
        ({"barrier": "gate", "locked": "yes", "emergency": "yes"}, EMERGENCY, "locked"),
        ({"barrier": "lift_gate"}, ALL, "lift_gate"),
        ({"barrier": "bollard"}, FOOT | CYCLE, "bollard"),
        ({"barrier": "bollard", "access": "yes"}, FOOT | CYCLE, "bollard"),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, ALL, "bollard"),
        ({"barrier": "bollard", "bollard": "removable"}, FOOT | CYCLE | EMERGENCY, "removable_bollard"),
        ({"barrier": "block"}, FOOT | CYCLE, "block"),
        ({"barrier": "cycle_barrier"}, FOOT | CYCLE, "cycle_barrier"),
        ({"barrier": "kissing_gate"}, FOOT, "narrow_passage"),
        ({"barrier": "turnstile", "foot": "no"}, RoadAccess.NONE, "narrow_passage"),
        ({"barrier": "toll_booth"}, ALL, "toll_booth"),
    ],
)
def test_whom_an_obstacle_lets_pass(tags: dict[str, str], passed: RoadAccess, kind: str) -> None:
    found = obstacle_attributes(tags)
    assert found is not None
    assert (RoadAccess(found.forward), BARRIERS[found.barrier]) == (passed, kind)
    assert found.forward == found.backward


@pytest.mark.parametrize("kind", ["kerb", "cattle_grid", "entrance", "ditch", ""])
def test_what_is_in_no_way_is_no_obstacle(kind: str) -> None:
    assert obstacle_attributes({"barrier": kind}) is None


def test_a_gap_of_known_width_lets_through_a_person_who_fits() -> None:
    found = obstacle_attributes({"barrier": "bollard", "maxwidth": "1.6"})
    assert found is not None
    assert (found.width_m, RoadAccess(found.forward)) == (1.6, ALL)


def test_a_speed_limit_binds_a_car_and_not_an_engine() -> None:
    limited = straight_street(length_m=360, maxspeed="10", width="6")
    free = straight_street(length_m=360, width="6")
    for name, slower in (("car", True), ("ebike", True), ("fire_engine", False), ("foot", False)):
        profile = DEFAULT_PROFILES[name]
        limited_s, free_s = (costs_of(network, profile).running_s[0, 0] for network in (limited, free))
        assert (limited_s > free_s) == slower
    car = costs_of(limited, DEFAULT_PROFILES["car"]).running_s[0, 0]
    assert car == pytest.approx(360 * 3.6 / 10, rel=1e-4)


def test_a_high_speed_limit_makes_no_one_faster_than_the_class_of_road() -> None:
    signed = straight_street(length_m=360, maxspeed="120", width="6")
    car = DEFAULT_PROFILES["car"]
    assert costs_of(signed, car).running_s[0, 0] == pytest.approx(
        360 * 3.6 / car.speed_kph("residential"), rel=1e-4
    )


@pytest.mark.parametrize("highway", ["motorway_link", "primary", "residential", "unclassified", "service"])
@pytest.mark.parametrize("lanes", ["1", "1.5", "2", "one"])
def test_the_number_of_lanes_shuts_no_road_to_an_engine(highway: str, lanes: str) -> None:
    street = straight_street(length_m=100, highway=highway, lanes=lanes)
    assert costs_of(street, DEFAULT_PROFILES["fire_engine"]).usable.all()
