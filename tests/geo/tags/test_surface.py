"""What a road is to drive on slows vehicles or shuts them out, never people on foot."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from geo.network import profiles
from geo.network.profiles import DEFAULT_PROFILES
from geo.network.weighting import costs_of
from geo.osm.roads import read_roads
from geo.tags.attributes import SURFACES, RoadAttributes
from geo.tags.way_tags import road_attributes
from geo.testing import straight_street
from tests.geo.tags.test_access_values import seconds, street, tags_of

FIGURES = {
    *("speeds_kph", "surface_kph", "peaks", "clear_width_m", "clear_height_m", "weight_t"),
    *("dismount_s", "u_turn_s", "against_factor"),
}


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("", "firm"),
        ("surface=asphalt", "firm"),
        ("surface=concrete:lanes", "firm"),
        ("surface=paving_stones:30", "firm"),
        ("surface=Sett", "rough"),
        ("surface=cobblestone:flattened", "rough"),
        ("smoothness=bad", "rough"),
        ("surface=gravel", "loose"),
        ("tracktype=grade3", "loose"),
        ("surface=dirt", "earth"),
        ("tracktype=grade4", "earth"),
        ("smoothness=very_bad", "earth"),
        ("surface=mud", "soft"),
        ("tracktype=grade5", "soft"),
        ("smoothness=horrible", "soft"),
        ("smoothness=very_horrible", "very_horrible"),
        ("smoothness=impassable", "impassable"),
        ("impassable=yes", "impassable"),
        ("impassable=no", "firm"),
        ("surface=asphalt;mud", "soft"),
        ("surface=asphalt smoothness=impassable", "impassable"),
        ("surface=mud tracktype=grade1", "soft"),
        ("surface=lava", "firm"),
    ],
)
def test_what_tags_say_of_the_surface(text: str, surface: str) -> None:
    found = road_attributes({"highway": "track", **tags_of(text)})
    assert isinstance(found, RoadAttributes)
    assert SURFACES[found.surface] == surface


@pytest.mark.parametrize("text", ["smoothness=impassable", "smoothness=very_horrible", "impassable=yes"])
def test_an_impassable_road_is_shut_to_motor_vehicles_and_told_so(tmp_path: Path, text: str) -> None:
    found = seconds(street(tmp_path, on_11=text))
    for profile in ("car", "ambulance", "mini_engine", "fire_engine"):
        assert found[profile][1] == "surface", profile
    assert found["fire_engine"][0] == 629
    assert found["foot"] == (737, None)


@pytest.mark.parametrize("profile", ["ebike", "car", "ambulance", "mini_engine", "fire_engine"])
def test_a_surface_is_driven_no_faster_than_the_profile_says(profile: str) -> None:
    mover = DEFAULT_PROFILES[profile]
    for surface, tags in (
        ("rough", {"surface": "sett"}),
        ("loose", {"surface": "gravel"}),
        ("earth", {"tracktype": "grade4"}),
        ("soft", {"smoothness": "horrible"}),
    ):
        network = straight_street(length_m=100, highway="primary", **tags)
        kph = min(mover.speed_kph("primary"), mover.surface_kph[surface])
        costs = costs_of(network, mover)
        assert costs.running_s[0, 0] == pytest.approx(network.road_length_m[0] * 3.6 / kph)


def test_the_table_of_the_profile_decides() -> None:
    network = straight_street(length_m=100, smoothness="impassable")
    engine = DEFAULT_PROFILES["fire_engine"]
    assert not costs_of(network, engine).usable.any()
    assert costs_of(network, replace(engine, surface_kph={})).usable.all()
    mud = straight_street(length_m=100, surface="mud")
    assert costs_of(mud, engine).usable.all()
    assert not costs_of(mud, replace(engine, surface_kph={"soft": 0})).usable.any()


def test_on_foot_no_surface_counts() -> None:
    foot = DEFAULT_PROFILES["foot"]
    times = {
        float(costs_of(straight_street(length_m=100, **tags), foot).running_s[0, 0])
        for tags in ({}, {"surface": "mud"}, {"impassable": "yes"})
    }
    assert len(times) == 1


def test_words_of_a_surface_that_are_not_understood_are_counted(tmp_path: Path) -> None:
    path = street(tmp_path, on_11="surface=lava;asphalt smoothness=awful tracktype=grade9 impassable=maybe")
    assert set(read_roads(path).summary.not_understood) == {
        "surface=lava;asphalt",
        "smoothness=awful",
        "tracktype=grade9",
        "impassable=maybe",
    }


def test_every_figure_has_a_source_and_a_standing() -> None:
    rows = yaml.safe_load((Path(profiles.__file__).parent / "profiles.yaml").read_text("utf-8"))["profiles"]
    for name, profile in DEFAULT_PROFILES.items():
        assert FIGURES & {*rows[name]} <= {*rows[name]["sources"]}, name
        assert bool(profile.surface_kph) == (not profile.on_foot), name
        if profile.surface_kph:
            assert profile.sources["surface_kph"].rstrip(")").endswith(("A", "B", "C"))
