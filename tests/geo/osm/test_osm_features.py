"""Buildings and helpers from OpenStreetMap: a village drawn by hand, and real towns counted another way."""

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
import shapely
from pytest import approx  # noqa: PT013 - reads as the sentence it is
from shapely.geometry import MultiPolygon

from geo.errors import UnreadableFileError
from geo.osm.features import OsmBuilding, read_features_osm

SHARED = Path(__file__).parents[4] / "shared" / "data" / "osm"

VILLAGE = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  {corners}
  <node id="50" version="1" lat="28.0" lon="113.05">
    <tag k="emergency" v="fire_hydrant"/><tag k="fire_hydrant:type" v="pillar"/></node>
  <node id="51" version="1" lat="28.0" lon="113.051"><tag k="emergency" v="defibrillator"/>
    <tag k="name" v="急救箱"/></node>
  <node id="52" version="1" lat="28.0" lon="113.052"><tag k="emergency" v="fire_extinguisher"/></node>
  <node id="53" version="1" lat="28.0" lon="113.053"><tag k="emergency" v="assembly_point"/></node>
  <node id="54" version="1" lat="28.0" lon="113.054"><tag k="emergency" v="phone"/></node>
  <node id="55" version="1" lat="28.0" lon="113.055"><tag k="building" v="yes"/></node>
  <node id="56" version="1" lat="28.0" lon="113.056"><tag k="emergency" v="fire_hose"/></node>
  <node id="60" version="1" lat="28.0005" lon="113.0"><tag k="entrance" v="main"/>
    <tag k="ref" v="一单元"/></node>
  <way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="60"/><nd ref="1"/>
    <tag k="building" v="apartments"/><tag k="name" v="7栋"/><tag k="name:en" v="Block 7"/>
    <tag k="building:levels" v="5"/><tag k="start_date" v="1981"/></way>
  <way id="2" version="1"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/></way>
  <way id="3" version="1"><nd ref="9"/><nd ref="10"/><nd ref="11"/></way>
  <way id="4" version="1"><nd ref="11"/><nd ref="12"/><nd ref="9"/></way>
  <way id="5" version="1"><nd ref="13"/><nd ref="14"/><nd ref="15"/><nd ref="16"/><nd ref="13"/></way>
  <way id="6" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="building" v="yes"/></way>
  <way id="7" version="1"><nd ref="1"/><nd ref="2"/><nd ref="999"/><nd ref="1"/>
    <tag k="building" v="yes"/></way>
  <way id="8" version="1"><nd ref="1"/><nd ref="3"/><nd ref="2"/><nd ref="4"/><nd ref="1"/>
    <tag k="building" v="yes"/></way>
  <way id="9" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
    <tag k="building" v="no"/></way>
  <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
    <tag k="amenity" v="restaurant"/></way>
  <relation id="1" version="1"><member type="way" ref="2" role="outer"/>
    <member type="way" ref="3" role="inner"/><member type="way" ref="4" role="inner"/>
    <member type="way" ref="5" role="outer"/>
    <tag k="type" v="multipolygon"/><tag k="building" v="yes"/><tag k="amenity" v="hospital"/>
    <tag k="name" v="示例医院"/></relation>
  <relation id="2" version="1"><member type="way" ref="1" role="outline"/><tag k="type" v="building"/>
    <tag k="building" v="yes"/></relation>
  <relation id="3" version="1"><member type="way" ref="77" role="outer"/><tag k="type" v="multipolygon"/>
    <tag k="amenity" v="police"/></relation>
</osm>
"""


def square(first_id: int, *, west: float, side: float, south: float = 28.0) -> str:
    corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]
    return "".join(
        f'<node id="{first_id + n}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>'
        for n, (lon, lat) in enumerate(corners)
    )


@pytest.fixture
def village(tmp_path: Path) -> Path:
    corners = [
        square(1, west=113.0, side=0.001),  # a block
        square(5, west=113.01, side=0.004),  # a hospital, …
        square(9, west=113.011, side=0.001, south=28.001),  # … the yard inside it …
        square(13, west=113.02, side=0.001),  # … and its annexe
    ]
    path = tmp_path / "village.osm"
    path.write_text(VILLAGE.format(corners="".join(corners)), encoding="utf-8")
    return path


def test_a_block_is_taken_with_its_names_storeys_year_and_doors(village: Path) -> None:
    block = next(b for b in read_features_osm(village).buildings if b.osm_id == "way/1")
    assert block.names == ("7栋", "Block 7")
    assert (block.use, block.storeys, block.year) == ("residential", 5, 1981)
    assert [(door.name, door.place.lon, door.place.lat) for door in block.entrances] == [
        ("一单元", 113.0, 28.0005)
    ]
    assert block.outline.area == approx(1e-6, rel=1e-6)


def test_a_multipolygon_keeps_its_yard_and_its_annexe_and_is_building_and_hospital_in_one(
    village: Path,
) -> None:
    features = read_features_osm(village)
    [hospital] = [place for place in features.places if place.kind == "hospital"]
    [building] = [b for b in features.buildings if b.osm_id == hospital.osm_id == "relation/1"]
    assert isinstance(building.outline, MultiPolygon)
    assert building.outline.area == approx((16 - 1 + 1) * 1e-6, rel=1e-6)  # square, less yard, plus annexe
    assert len(building.outline.geoms) == 2
    assert building.use == "hospital"
    assert building.outline.contains(shapely.Point(hospital.place.lon, hospital.place.lat))
    assert hospital.names.zh == "示例医院"


def test_equipment_is_taken_by_kind_and_a_phone_is_not(village: Path) -> None:
    places = {place.osm_id: place for place in read_features_osm(village).places}
    assert {place.kind for place in places.values()} == {
        "hospital",
        "hydrant",
        "aed",
        "extinguisher",
        "assembly_point",
        "hose_box",
    }
    assert places["node/50"].note == "fire_hydrant:type=pillar"
    assert (places["node/51"].place.lon, places["node/51"].place.lat) == (113.051, 28.0)
    assert places["node/51"].names.zh == "急救箱"


def test_what_is_left_out_is_counted_by_reason(village: Path) -> None:
    summary = read_features_osm(village).summary
    assert summary.taken == {
        "building": 2,
        "hospital": 1,
        "hydrant": 1,
        "aed": 1,
        "extinguisher": 1,
        "assembly_point": 1,
        "hose_box": 1,
    }
    assert summary.skipped == {
        "building_as_point": 1,  # node 55
        "not_closed": 1,  # way 6
        "incomplete": 3,  # way 7 lacks a point, way 8 crosses itself, relation 3 lacks its way
        "not_a_multipolygon": 1,  # relation 2
    }


def test_only_what_touches_the_area_asked_for_is_taken(village: Path) -> None:
    features = read_features_osm(village, bbox=(113.0095, 27.99, 113.0505, 28.01))
    assert [b.osm_id for b in features.buildings] == ["relation/1"]
    assert {place.kind for place in features.places} == {"hospital", "hydrant"}
    assert features.summary.skipped["outside_area"] == 5  # way 1 and nodes 51, 52, 53, 56


@pytest.mark.parametrize(
    ("name", "pack"), [("a.osm.gz", gzip.compress), ("b", bz2.compress), ("c.pbf", bytes)]
)
def test_the_format_is_told_by_content(village: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    packed = village.with_name(name)
    packed.write_bytes(pack(village.read_bytes()))
    assert read_features_osm(packed) == read_features_osm(village)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_file_cut_short_is_unreadable(village: Path, share: float) -> None:
    whole = village.read_bytes()
    village.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableFileError):
        read_features_osm(village)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n",
        b'{"type": "FeatureCollection"}',
        b"<?xml version='1.0'?><html/>",
        b"\x1f\x8b junk",
        b"\0\0\0\x0dOSMHeader",
    ],
)
def test_what_is_not_openstreetmap_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "upload.osm").write_bytes(content)
    with pytest.raises(UnreadableFileError):
        read_features_osm(tmp_path / "upload.osm")
    with pytest.raises(UnreadableFileError):
        read_features_osm(tmp_path / "absent.osm")


def test_progress_is_told_and_ends_at_the_whole(village: Path) -> None:
    told: list[tuple[str, float]] = []
    read_features_osm(village, progress=lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(told) > 1


def shared(name: str) -> Path:
    path = SHARED / f"{name}.osm.pbf"
    if not path.exists():
        pytest.skip(f"{name}.osm.pbf is not beside the project")
    return path


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "monaco-2021",
            {"building": 1207, "hydrant": 3, "aed": 10, "hospital": 6, "police": 9, "fire_station": 2},
        ),
        ("bengbu-2017", {"building": 636, "hospital": 11, "police": 3, "fire_station": 1}),
        ("changsha-hnu-2021", {"building": 23}),
        ("changsha-roads-2019", {}),
        ("porto", {"building": 11}),
    ],
)
def test_real_extracts_give_what_their_readme_counts(name: str, expected: dict[str, int]) -> None:
    assert dict(read_features_osm(shared(name)).summary.taken) == expected


@pytest.mark.shared_data
def test_every_building_way_of_monaco_has_the_corners_that_the_file_gives_it() -> None:
    nodes, ways = {}, {}
    for thing in osmium.FileProcessor(shared("monaco-2021")):
        if isinstance(thing, osmium.osm.Node):
            nodes[thing.id] = (thing.lon, thing.lat)
        elif isinstance(thing, osmium.osm.Way) and "building" in thing.tags:
            ways[f"way/{thing.id}"] = {nodes[node.ref] for node in thing.nodes}
    taken: dict[str, OsmBuilding] = {b.osm_id: b for b in read_features_osm(shared("monaco-2021")).buildings}
    assert set(ways) <= set(taken)
    for osm_id, corners in ways.items():
        outline = taken[osm_id].outline
        assert {tuple(corner) for corner in shapely.get_coordinates(outline).tolist()} == corners
        assert outline.is_valid


@pytest.mark.shared_data
def test_names_of_a_chinese_city_are_chinese() -> None:
    names = [place.names.zh for place in read_features_osm(shared("bengbu-2017")).places if place.names.zh]
    assert any("医院" in name for name in names)


@pytest.mark.shared_data
@pytest.mark.parametrize("share", [0.2, 0.7, 0.99])
def test_a_real_extract_cut_short_is_unreadable(tmp_path: Path, share: float) -> None:
    whole = shared("monaco-2021").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableFileError):
        read_features_osm(tmp_path / "cut.osm.pbf")
