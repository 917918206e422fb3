"""Reading OpenStreetMap files of every sort, and refusing what is none."""

import bz2
import gzip
from pathlib import Path

import numpy as np
import pytest

from geo.errors import UnreadableFileError
from geo.lonlat import LonLat
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from geo.tags.attributes import RULES_VERSION
from geo.testing import at

STREET_XML = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="28.0" lon="113.0"/>
  <node id="2" lat="28.0" lon="113.003"/>
  <node id="3" lat="28.0" lon="113.006"/>
  <node id="4" lat="28.002" lon="113.003"/>
  <node id="5" lat="28.001" lon="113.003"><tag k="barrier" v="bollard"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
    <tag k="highway" v="residential"/><tag k="name" v="脑科巷"/><tag k="width" v="3.8"/></way>
  <way id="11"><nd ref="2"/><nd ref="5"/><nd ref="4"/><nd ref="99"/>
    <tag k="highway" v="service"/><tag k="width" v="2.5"/></way>
  <way id="12"><nd ref="1"/><nd ref="4"/><tag k="building" v="yes"/></way>
  <way id="13"><nd ref="1"/><nd ref="4"/><tag k="highway" v="proposed"/></way>
  <relation id="20"><member type="way" ref="10" role="from"/><member type="node" ref="2" role="via"/>
    <member type="way" ref="11" role="to"/><tag k="type" v="restriction"/>
    <tag k="restriction" v="no_left_turn"/></relation>
</osm>
"""


@pytest.fixture
def street(tmp_path: Path) -> Path:
    path = tmp_path / "street.osm"
    path.write_text(STREET_XML, encoding="utf-8")
    return path


def test_plain_xml_is_read(street: Path) -> None:
    found = read_roads(street)
    names = {road.name: road.width_m for road in found.network.display_lines()}
    assert names == {"脑科巷": 3.8, None: 2.5}
    summary = found.summary
    assert (summary.ways_taken, summary.ways_skipped, summary.nodes) == (2, {"proposed": 1}, 5)
    assert (summary.missing_references, summary.obstacles) == (1, 1)
    # The way one comes from goes on beyond the junction, so the rule does not say from which side.
    assert summary.turns == {"ambiguous": 1}
    assert (summary.written_width_share, summary.class_width_share, summary.unknown_width_share) == (1, 0, 0)
    assert summary.rules_version == RULES_VERSION


@pytest.mark.parametrize(
    ("tags", "shares"),
    [
        ({"highway": "residential", "width": "3.8"}, (0.5, 0.5, 0.0)),
        ({"highway": "residential", "maxwidth": "2"}, (0.5, 0.5, 0.0)),
        # Lanes state no clear width.
        ({"highway": "primary", "lanes": "4"}, (0.0, 1.0, 0.0)),
        ({"highway": "residential", "width": "narrow"}, (0.0, 0.5, 0.5)),
        ({"highway": "road"}, (0.0, 0.5, 0.5)),
        ({"highway": "road", "width": "3"}, (0.5, 0.5, 0.0)),
    ],
)
def test_the_summary_says_where_widths_come_from(
    tmp_path: Path, tags: dict[str, str], shares: tuple[float, float, float]
) -> None:
    written = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    path = tmp_path / "two.osm"
    path.write_text(
        f"""<osm version="0.6"><node id="1" lat="28" lon="113"/><node id="2" lat="28" lon="113.001"/>
        <node id="3" lat="28" lon="113.002"/><way id="1"><nd ref="1"/><nd ref="2"/>{written}</way>
        <way id="2"><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/></way></osm>""",
        encoding="utf-8",
    )
    summary = read_roads(path).summary
    found = (summary.written_width_share, summary.class_width_share, summary.unknown_width_share)
    assert found == pytest.approx(shares, abs=0.001)


def test_rules_for_certain_times_are_counted_and_not_applied(tmp_path: Path) -> None:
    closed = '<tag k="access:conditional" v="no @ (22:00-06:00)"/>'
    sometimes = closed + '<tag k="oneway:conditional" v="yes @ (7:00-9:00)"/>'
    turn = '<tag k="restriction:conditional" v="no_left_turn @ (7:00-9:00)"/>'
    path = tmp_path / "street.osm"
    text = STREET_XML.replace('<tag k="width" v="3.8"/>', '<tag k="width" v="3.8"/>' + sometimes)
    path.write_text(text.replace('<tag k="restriction" v="no_left_turn"/>', turn), encoding="utf-8")
    found = read_roads(path)
    assert found.summary.conditional == {
        "access:conditional": 1,
        "oneway:conditional": 1,
        "restriction:conditional": 1,
    }
    assert found.summary.turns == {}
    plain = tmp_path / "plain.osm"
    plain.write_text(STREET_XML, encoding="utf-8")
    assert found.network.content_hash == read_roads(plain).network.content_hash


def test_a_bollard_in_a_file_stops_a_car_and_lets_a_person_pass(street: Path) -> None:
    model = ReachModel(read_roads(street).network)
    origins = [Origin(id=p, place=at(0, 0), profile=p, turnout_s=0) for p in ("car", "foot")]
    found = {r.origin_id: r for r in model.reach([at(294.9, 200)], origins, limit_s=3600).reached}
    assert [leg.mode for leg in found["car"].legs] == ["drive", "walk"]
    assert found["car"].stop is not None
    assert found["car"].stop.reason == "barrier"
    assert found["foot"].stop is None


@pytest.mark.parametrize(("suffix", "pack"), [(".osm.gz", gzip.compress), (".osm.bz2", bz2.compress)])
def test_compressed_files_are_read(tmp_path: Path, suffix: str, pack: object) -> None:
    path = tmp_path / f"street{suffix}"
    path.write_bytes(pack(STREET_XML.encode()))  # type: ignore[operator]
    assert read_roads(path).summary.ways_taken == 2


def test_the_content_tells_the_format_and_not_the_name(tmp_path: Path, street: Path) -> None:
    unnamed = tmp_path / "upload-7f3a"
    unnamed.write_bytes(street.read_bytes())
    misnamed = tmp_path / "street.pbf"
    misnamed.write_bytes(street.read_bytes())
    expected = read_roads(street).network.content_hash
    assert [read_roads(path).network.content_hash for path in (unnamed, misnamed)] == [expected, expected]


def test_only_roads_with_a_point_in_the_box_are_taken(street: Path) -> None:
    north = read_roads(street, bbox=(113.0025, 28.0015, 113.0035, 28.003))
    assert [road.width_m for road in north.network.display_lines()] == [2.5]
    with pytest.raises(UnreadableFileError, match="no road in the area"):
        read_roads(street, bbox=(10, 10, 11, 11))


def test_progress_is_told_from_start_to_end(street: Path) -> None:
    told: list[tuple[str, float]] = []
    read_roads(street, progress=lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("done", 1.0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="text"),
        pytest.param(b"<html><body/></html>", id="web page"),
        pytest.param(b"<?xml version='1.0'?><gpx/>", id="other XML"),
        pytest.param(STREET_XML.encode()[:700], id="XML cut short"),
        pytest.param(b"<?xml version='1.0'?><osm version='0.6'></osm>", id="no road"),
        pytest.param(gzip.compress(STREET_XML.encode())[:-30], id="gzip cut short"),
        pytest.param(gzip.compress(b"hello"), id="gzipped text"),
        pytest.param(b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"\xff" * 40, id="PBF of nonsense"),
        pytest.param(
            b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
            b"<osm version='0.6'>&b;</osm>",
            id="XML with entities",
        ),
    ],
)
def test_what_is_no_map_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload.osm"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        read_roads(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.osm", tmp_path):
        with pytest.raises(UnreadableFileError):
            read_roads(path)


@pytest.mark.shared_data
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_pbf_cut_short_is_refused(shared_data: Path, tmp_path: Path, share: float) -> None:
    whole = (shared_data / "osm" / "monaco-2021.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableFileError):
        read_roads(path)


@pytest.mark.shared_data
def test_a_map_without_tags_works_on_defaults(shared_data: Path) -> None:
    path = shared_data / "osm" / "changsha-roads-2019.osm.pbf"
    found = read_roads(path, bbox=(112.95, 28.13, 113.02, 28.19))
    assert found.summary.written_width_share == 0.0
    model = ReachModel(found.network)
    alley = LonLat(112.985, 28.158)
    nodes = found.network.node_vertices / 1e7
    station = LonLat(*nodes[np.argmin(np.hypot(*(nodes - (112.979, 28.164)).T))].tolist())
    origins = [Origin(id=p, place=station, profile=p, turnout_s=60) for p in model.profiles]
    result = model.reach([alley], origins, limit_s=1800)
    assert len(result.reached) == len(model.profiles)
    assert {one.default_share for one in result.reached} == {1.0}


def test_two_points_on_one_spot_do_not_tear_a_road(tmp_path: Path) -> None:
    """A bus stop drawn on the very spot of a crossing is one more point of the road that runs through it."""
    text = STREET_XML.replace('<way id="10">', '<node id="6" lat="28.0" lon="113.003"/><way id="10">')
    path = tmp_path / "street.osm"
    path.write_text(
        text.replace('<nd ref="2"/><nd ref="3"/>', '<nd ref="2"/><nd ref="6"/><nd ref="3"/>'), "utf-8"
    )
    model = ReachModel(read_roads(path).network)
    walker = Origin(id="unit", place=LonLat(113.006, 28.0), profile="foot", turnout_s=0)
    for end in (LonLat(113.0, 28.0), LonLat(113.003, 28.002)):
        assert [found.origin_id for found in model.reach([end], [walker], limit_s=3600).reached] == ["unit"]
