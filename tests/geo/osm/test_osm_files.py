"""OpenStreetMap files as editors save them, as Overpass answers, and as downloads break."""

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
from osmium.osm import mutable

from geo.errors import ChangeFileError, CutDownloadError, UnreadableFileError
from geo.osm.features import read_features_osm
from geo.osm.roads import read_roads

# What the hand-made file holds, thing by thing; each test puts them together in its own way.
NODES = {
    "1": 'lat="28.15" lon="112.98"',
    "2": 'lat="28.15" lon="112.983"',
    "3": 'lat="28.1502" lon="112.981"',
    "4": 'lat="28.1502" lon="112.9812"',
    "5": 'lat="28.1504" lon="112.9812"',
    "6": 'lat="28.1504" lon="112.981"',
    "7": 'lat="28.1501" lon="112.982"',
}
NODE_TAGS = {
    "3": '<tag k="entrance" v="main"/><tag k="name" v="East door"/>',
    "7": '<tag k="emergency" v="fire_hydrant"/>',
}
ROAD = '<tag k="highway" v="residential"/>'
BLOCK = '<tag k="building" v="apartments"/><tag k="name" v="Block 1"/>'
MULTIPOLYGON = '<tag k="type" v="multipolygon"/>'
REFS = {"10": ("1", "2"), "11": ("3", "4", "5", "6", "3")}


def nodes(sign: str = "", attributes: str = "") -> str:
    return "".join(
        f'<node id="{sign}{number}" {place} {attributes}>{NODE_TAGS.get(number, "")}</node>'
        for number, place in NODES.items()
    )


def way(number: str, tags: str, *, sign: str = "", geometry: bool = False, attributes: str = "") -> str:
    refs = "".join(f'<nd ref="{sign}{ref}" {NODES[ref] if geometry else ""}/>' for ref in REFS[number])
    bounds = '<bounds minlat="28" minlon="112" maxlat="29" maxlon="113"/>' if geometry else ""
    return f'<way id="{sign}{number}" {attributes}>{bounds}{refs}{tags}</way>'


def written(tmp_path: Path, *things: str, root: str = "osm", name: str = "a.osm") -> Path:
    path = tmp_path / name
    path.write_text(
        f'<?xml version="1.0"?><{root} version="0.6">{"".join(things)}</{root}>', encoding="utf-8"
    )
    return path


def assert_whole(path: Path) -> None:
    """One road of 294 m, one building with its door, one hydrant."""
    roads = read_roads(path)
    assert (roads.summary.ways_taken, roads.summary.missing_references) == (1, 0)
    assert roads.network.length_km == pytest.approx(0.294, abs=0.001)
    features = read_features_osm(path)
    assert features.summary.taken == {"building": 1, "hydrant": 1}
    assert features.summary.skipped == {}
    [building] = features.buildings
    assert building.names.zh == "Block 1"
    assert [(door.name, door.place.lon, door.place.lat) for door in building.entrances] == [
        ("East door", 112.981, 28.1502)
    ]


def test_ids_below_zero_are_those_of_an_editor(tmp_path: Path) -> None:
    assert_whole(written(tmp_path, nodes("-"), way("10", ROAD, sign="-"), way("11", BLOCK, sign="-")))


def test_ids_below_zero_of_two_files_are_different_things(tmp_path: Path) -> None:
    first = written(tmp_path, nodes("-"), way("11", BLOCK, sign="-"), name="first.osm")
    moved = first.read_text("utf-8").replace("28.15", "28.16")
    (tmp_path / "second.osm").write_text(moved, encoding="utf-8")

    ids = [
        [thing.osm_id for thing in (*found.buildings, *found.places)]
        for found in map(read_features_osm, (first, first, tmp_path / "second.osm"))
    ]

    assert ids[0] == ids[1] == ["way/-11@28.1502000,112.9810000", "node/-7@28.1501000,112.9820000"]
    assert not set(ids[0]) & set(ids[2])


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_does_not_matter(tmp_path: Path, *, turned: bool) -> None:
    things = [way("10", ROAD), way("11", BLOCK), nodes()]
    assert_whole(written(tmp_path, *(reversed(things) if turned else things)))


def test_relations_may_come_first(tmp_path: Path) -> None:
    relation = (
        '<relation id="5"><member type="way" ref="11" role="outer"/><tag k="type" v="multipolygon"/>'
        f"{BLOCK}</relation>"
    )
    assert_whole(written(tmp_path, relation, way("10", ROAD), way("11", ""), nodes()))


def test_coordinates_inside_ways_are_used(tmp_path: Path) -> None:
    tagged = "".join(
        f'<node id="{number}" {NODES[number]}>{tags}</node>' for number, tags in NODE_TAGS.items()
    )
    things = way("10", ROAD, geometry=True), way("11", BLOCK, geometry=True), tagged
    assert_whole(written(tmp_path, *things))


def test_coordinates_inside_relations_are_used(tmp_path: Path) -> None:
    halves = ("3", "4", "5"), ("5", "6", "3")
    members = "".join(
        f'<member type="way" ref="{20 + half}" role="outer">'
        + "".join(f"<nd {NODES[number]}/>" for number in numbers)
        + "</member>"
        for half, numbers in enumerate(halves)
    )
    relation = f'<relation id="5">{members}<tag k="type" v="multipolygon"/>{BLOCK}</relation>'
    assert_whole(written(tmp_path, nodes(), way("10", ROAD), relation))


def test_a_relation_whose_course_is_not_all_there_is_incomplete(tmp_path: Path) -> None:
    member = f'<member type="way" ref="20" role="outer"><nd {NODES["3"]}/><nd/><nd {NODES["5"]}/></member>'
    relation = f'<relation id="5">{member}<tag k="type" v="multipolygon"/>{BLOCK}</relation>'
    summary = read_features_osm(written(tmp_path, relation)).summary
    assert (summary.taken, summary.skipped) == ({}, {"incomplete": 1})


@pytest.mark.parametrize("mark", ['action="delete"', 'visible="false"', 'action="delete" visible="true"'])
def test_what_is_deleted_stays_out(tmp_path: Path, mark: str) -> None:
    gone = [
        f'<node id="70" {NODES["7"]} {mark}>{NODE_TAGS["7"]}</node>',
        way("10", ROAD, attributes=mark).replace('id="10"', 'id="100"'),
        way("11", BLOCK, attributes=mark).replace('id="11"', 'id="110"'),
        f'<relation id="5" {mark}><member type="way" ref="11" role="outer"/>{MULTIPOLYGON}{BLOCK}</relation>',
    ]
    assert_whole(written(tmp_path, nodes(), way("10", ROAD), way("11", BLOCK), *gone))


def test_what_an_editor_has_changed_is_taken_as_it_is_now(tmp_path: Path) -> None:
    changed = 'action="modify" visible="true" version="3"'
    things = nodes(attributes=changed), way("10", ROAD, attributes=changed), way("11", BLOCK)
    assert_whole(written(tmp_path, *things))


def test_the_same_thing_twice_is_one_and_the_one_that_says_more(tmp_path: Path) -> None:
    bare = "".join(f'<node id="{number}" {place}/>' for number, place in NODES.items())
    things = bare, way("10", ROAD), way("11", BLOCK), nodes(), way("11", ""), way("10", ROAD)
    assert_whole(written(tmp_path, *things))


def test_a_download_that_says_that_it_is_not_whole_is_refused(tmp_path: Path) -> None:
    remark = '<remark> runtime error: Query timed out in "query" at line 3 after 26 seconds. </remark>'
    path = written(tmp_path, nodes(), way("10", ROAD), way("11", BLOCK), remark)
    for read in (read_roads, read_features_osm):
        with pytest.raises(CutDownloadError, match=r"timed out in .* after 26 seconds") as refused:
            read(path)
        assert refused.value.code == "cut_download"


def test_a_note_is_no_remark(tmp_path: Path) -> None:
    note = "<note>The data is under ODbL.</note><meta osm_base='2026-01-01T00:00:00Z'/>"
    assert_whole(written(tmp_path, note, nodes(), way("10", ROAD), way("11", BLOCK)))


def change_file(tmp_path: Path) -> Path:
    return written(tmp_path, f"<create>{nodes()}</create>", root="osmChange", name="a.osc")


def history_file(tmp_path: Path) -> Path:
    versions = [
        f'<node id="7" {NODES["7"]} version="{n}" visible="{v}"/>' for n, v in ((1, "true"), (2, "false"))
    ]
    return written(tmp_path, nodes().replace(f'<node id="7" {NODES["7"]}', '<node id="8"'), *versions)


@pytest.mark.parametrize("made", [change_file, history_file])
def test_changes_and_histories_are_refused(tmp_path: Path, made: Callable[[Path], Path]) -> None:
    path = made(tmp_path)
    for read in (read_roads, read_features_osm):
        with pytest.raises(ChangeFileError, match="download the") as refused:
            read(path)
        assert refused.value.code == "change_file"


@pytest.mark.parametrize("sign", [1, -1])
def test_binary_files_may_be_in_any_order_too(tmp_path: Path, sign: int) -> None:
    path = tmp_path / "a.osm.pbf"
    with osmium.SimpleWriter(path) as writer:
        for number, tags in (
            ("10", {"highway": "residential"}),
            ("11", {"building": "yes", "name": "Block 1"}),
        ):
            refs = [sign * int(ref) for ref in REFS[number]]
            writer.add_way(mutable.Way(id=sign * int(number), nodes=refs, tags=tags))
        for number, place in NODES.items():
            lat, lon = (float(part.split('"')[1]) for part in place.split())
            tags = dict(part.split('"')[1::2] for part in NODE_TAGS.get(number, "").split("/>") if part)
            writer.add_node(mutable.Node(id=sign * int(number), location=(lon, lat), tags=tags))
    assert_whole(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_a_file_cut_short_is_called_that(
    tmp_path: Path, pack: Callable[[bytes], bytes], share: float
) -> None:
    path = written(tmp_path, nodes(), way("10", ROAD), way("11", BLOCK))
    whole = pack(path.read_bytes())
    path.write_bytes(whole[: int(len(whole) * share)])
    for read in (read_roads, read_features_osm):
        with pytest.raises(UnreadableFileError, match=r"cut short|neither"):
            read(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04....", "zip archive"),
        (b'{"version": 0.6, "elements": []}', "JSON"),
        (b"<!DOCTYPE html><html><body>504 Gateway Timeout</body></html>", "a web page"),
        (b'<?xml version="1.0"?><html><p>runtime error</p></html>', "a web page"),
        (b'<?xml version="1.0"?><gpx/>', "<gpx>"),
        (
            b'<?xml version="1.0"?><osm><node id="x" lat="1" lon="2"/></osm>',
            "line 1 has no whole number as its id",
        ),
        (b'<?xml version="1.0"?><osm><node lat="1" lon="2"/></osm>', "line 1 has no whole number as its id"),
        (b'<!DOCTYPE o [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><osm>&b;</osm>', "entities"),
        (b"\0\0\0\x0d\x0a\x09OSMHeader junk and junk", "damaged or cut short"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_of_ours(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "upload.osm"
    path.write_bytes(content)
    for read in (read_roads, read_features_osm):
        with pytest.raises(UnreadableFileError, match=words) as refused:
            read(path)
        assert "PBF error" not in str(refused.value)
        assert "XML parsing error" not in str(refused.value)
