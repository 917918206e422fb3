"""What is out of use, or behind a locked door, is never taken for something that helps."""

from datetime import date
from pathlib import Path

import pytest

from geo.osm.features import read_features_osm
from geo.osm.out_of_use import is_out_of_use

HYDRANT = '<tag k="emergency" v="fire_hydrant"/>'
AED = '<tag k="emergency" v="defibrillator"/>'


def tag(key: str, value: str) -> str:
    return f'<tag k="{key}" v="{value}"/>'


@pytest.fixture
def read(tmp_path: Path):  # noqa: ANN201 - see below
    def read_tags(*things: str) -> tuple[list[tuple[str, str]], dict[str, int], tuple[str, ...]]:
        """Read a node for each, numbered from 1."""
        nodes = "".join(
            f'<node id="{number}" lat="28.15" lon="112.98">{tags}</node>'
            for number, tags in enumerate(things, start=1)
        )
        path = tmp_path / "a.osm"
        path.write_text(f'<osm version="0.6">{nodes}</osm>', encoding="utf-8")
        found = read_features_osm(path)
        return [(place.osm_id, place.kind) for place in found.places], dict(found.summary.skipped), found.gone

    return read_tags


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("disused", "yes"),
        ("abandoned", "yes"),
        ("removed", "yes"),
        ("demolished", "yes"),
        ("razed", "yes"),
        ("destroyed", "yes"),
        ("vandalised", "yes"),
        ("proposed", "yes"),
        ("disused", "2019"),
        ("operational_status", "out_of_order"),
        ("operational_status", "out of order"),
        ("operational_status", "Broken"),
        ("operational_status", "closed"),
        ("operational_status", "non-operational"),
        ("emergency:status", "out_of_service"),
        ("emergency:operational_status", "dry"),
        ("fire_hydrant:state", "broken"),
        ("fire_hydrant:status", "damaged"),
        ("fire_hydrant:operational_status", "inoperative"),
        ("fire_hydrant:condition", "missing"),
        ("status", "停用"),
        ("state", "broken;dry"),
        ("working", "no"),
        ("fire_hydrant:functional", "no"),
        ("in_use", "no"),
        ("opening_hours", "closed"),
        ("end_date", "2019"),
        ("end_date", "2019-05-01"),
    ],
)
def test_what_is_out_of_use_is_left_out_and_counted(read, key: str, value: str) -> None:  # noqa: ANN001
    places, skipped, gone = read(HYDRANT + tag(key, value), HYDRANT)
    assert places == [("node/2", "hydrant")]
    assert skipped == {"out_of_use": 1}
    assert gone == ("node/1",)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("disused", "no"),
        ("abandoned", "no"),
        ("operational_status", "operational"),
        ("fire_hydrant:state", "good"),
        ("status", "unknown"),
        ("working", "yes"),
        ("opening_hours", "24/7"),
        ("opening_hours", "Mo-Fr 09:00-17:00"),
        ("end_date", "2999"),
        ("end_date", "~1970"),
        ("access", "private"),
        ("was:emergency", "fire_hydrant"),
        ("disused:amenity", "cafe"),
    ],
)
def test_what_works_or_says_nothing_clear_is_taken(read, key: str, value: str) -> None:  # noqa: ANN001
    places, skipped, _ = read(HYDRANT + tag(key, value))
    assert places == [("node/1", "hydrant")]
    assert skipped == {}


@pytest.mark.parametrize(
    "prefix",
    [
        "disused",
        "abandoned",
        "removed",
        "demolished",
        "razed",
        "destroyed",
        "was",
        "proposed",
        "construction",
    ],
)
def test_a_key_behind_a_prefix_is_counted(read, prefix: str) -> None:  # noqa: ANN001
    assert read(tag(f"{prefix}:emergency", "fire_hydrant")) == ([], {"out_of_use": 1}, ("node/1",))
    assert read(tag(f"{prefix}:amenity", "hospital")) == ([], {"out_of_use": 1}, ("node/1",))
    assert read(tag(f"{prefix}:amenity", "cafe")) == ([], {}, ())


@pytest.mark.parametrize("access", ["no", "private"])
def test_what_a_neighbour_runs_for_can_be_reached(read, access: str) -> None:  # noqa: ANN001
    places, skipped, _ = read(
        *(
            tag("emergency", kind) + tag("access", access)
            for kind in ("defibrillator", "fire_extinguisher", "fire_hose")
        ),
        AED + tag("access", "customers"),
        AED + tag("defibrillator:access", access),
    )
    assert places == [("node/4", "aed")]
    assert skipped == {"no_access": 4}


def test_a_service_out_of_use_or_without_emergencies_is_no_partner(read) -> None:  # noqa: ANN001
    places, skipped, _ = read(
        tag("amenity", "hospital") + tag("disused", "yes"),
        tag("amenity", "fire_station") + tag("emergency", "no"),
        tag("amenity", "hospital") + tag("emergency", "yes"),
        tag("amenity", "hospital") + tag("emergency", "no"),
    )
    assert places == [("node/3", "hospital"), ("node/4", "hospital")]
    assert skipped == {"out_of_use": 1, "no_emergency_service": 1}


def test_a_building_stands_when_its_hospital_is_out_of_use(tmp_path: Path) -> None:
    corners = [("28.15", "112.98"), ("28.15", "112.981"), ("28.151", "112.981"), ("28.151", "112.98")]
    nodes = "".join(
        f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in enumerate(corners, start=1)
    )
    refs = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3, 4, 1))
    tags = tag("building", "yes") + tag("amenity", "hospital") + tag("disused", "yes")
    path = tmp_path / "a.osm"
    path.write_text(f'<osm version="0.6">{nodes}<way id="9">{refs}{tags}</way></osm>', encoding="utf-8")

    found = read_features_osm(path)

    assert [(building.osm_id, building.use) for building in found.buildings] == [("way/9", "unknown")]
    assert (found.places, found.gone, found.summary.skipped) == ((), ("way/9",), {"out_of_use": 1})


def test_two_helpers_on_one_pole_are_two(read) -> None:  # noqa: ANN001
    places, skipped, _ = read(tag("emergency", "fire_hydrant;defibrillator"))
    assert places == [("node/1", "hydrant"), ("node/1#aed", "aed")]
    assert skipped == {}


def test_an_end_is_an_end_from_its_day_on() -> None:
    assert not is_out_of_use({"end_date": "2026-05-02"}, today=date(2026, 5, 2))
    assert is_out_of_use({"end_date": "2026-05-01"}, today=date(2026, 5, 2))
    assert not is_out_of_use({"end_date": "2026"}, today=date(2026, 5, 2))
