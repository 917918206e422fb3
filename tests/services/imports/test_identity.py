"""Ids of files are unique only within their source: what is the same thing, and what is another."""

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry

from geo.formats.read import read_features
from responder.domain.ids import FacilityId
from responder.domain.map.building import Building
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.map.feature_import import ImportMapping, ImportSource, default_source
from responder.services.imports.features import ImportSummary, Noun, import_features
from responder.services.map.queries import list_layer
from tests.services.conftest import World
from tests.services.feature_tables import table_of

FILES = Path(__file__).parent
HERE = (112.9855, 28.1585)


def at(east_m: float, north_m: float = 0.0) -> Point:
    return Point(HERE[0] + east_m / 98_000, HERE[1] + north_m / 111_000)


def block(east_m: float) -> BaseGeometry:
    corner = at(east_m)
    return box(corner.x, corner.y, corner.x + 1e-4, corner.y + 1e-4)


async def load(
    world: World,
    *rows: tuple[dict[str, Any], BaseGeometry],
    noun: Noun = Noun.FACILITIES,
    file: str = "",
    source: str | None = None,
    mapping: ImportMapping | None = None,
) -> ImportSummary:
    return await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=noun,
        table=table_of([row for row, _ in rows], [geometry for _, geometry in rows]),
        clock=world.clock,
        source=ImportSource(name=source or default_source(file), is_declared=source is not None),
        mapping=mapping,
    )


async def take_file(world: World, name: str, noun: Noun, *, source: str | None = None) -> ImportSummary:
    return await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=noun,
        table=read_features(FILES / name),
        clock=world.clock,
        source=ImportSource(name=source if source is not None else default_source(name)),
    )


def came(summary: ImportSummary) -> tuple[int, int, int]:
    assert summary.skipped == ()
    return summary.created, summary.updated, summary.unchanged


def doubts(summary: ImportSummary) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in summary.doubtful]


async def facilities(world: World) -> tuple[Facility, ...]:
    return await list_layer(world.database, viewer=await world.viewer("community"), kind=Facility)


# What a form calls its file is often the same for all: then only kind, name and place can tell.
@pytest.mark.parametrize("source", [None, "", "upload"])
async def test_numbers_of_another_file_are_other_things(world: World, source: str | None) -> None:
    before = await facilities(world)
    assert came(await take_file(world, "a1-hydrants.geojson", Noun.FACILITIES, source=source)) == (2, 0, 0)
    second = await take_file(world, "a2-aeds.geojson", Noun.FACILITIES, source=source)

    assert came(second) == (2, 0, 0)
    assert doubts(second) == ([] if source is None else [(1, "id_of_another"), (2, "id_of_another")])
    new = [each.kind.value for each in await facilities(world) if each not in before]
    assert sorted(new) == ["aed", "aed", "hydrant", "hydrant"]
    # Each file is known again, also by those that share a number.
    for name in ("a1-hydrants.geojson", "a2-aeds.geojson"):
        assert came(await take_file(world, name, Noun.FACILITIES, source=source)) == (0, 0, 2)


@pytest.mark.parametrize("source", [None, "", "upload"])
async def test_blocks_keep_their_households_when_others_come(world: World, source: str | None) -> None:
    await take_file(world, "a5-block-east.geojson", Noun.BUILDINGS, source=source)
    assert came(await take_file(world, "a6-block-west.geojson", Noun.BUILDINGS, source=source)) == (2, 0, 0)

    found = await list_layer(world.database, viewer=await world.viewer("community"), kind=Building)
    households = {each.name: each.households for each in found if each.name[:2] in ("东区", "西区")}
    assert households == {"东区1栋": 30, "东区2栋": 40, "西区1栋": 50, "西区2栋": 60}


async def test_blocks_of_the_same_name_in_another_estate_are_other_blocks(world: World) -> None:
    """Every estate has a block 1, its file calls it 1, and both files are called `buildings`."""
    first = ({"id": 1, "name": "1栋", "households": 30}, block(0))
    second = ({"id": 1, "name": "1栋", "households": 50}, block(600))

    assert came(await load(world, first, noun=Noun.BUILDINGS, file="buildings.geojson")) == (1, 0, 0)
    other = await load(world, second, noun=Noun.BUILDINGS, file="buildings.geojson")

    assert (came(other), doubts(other)) == ((1, 0, 0), [(1, "id_of_another")])


async def test_a_renamed_file_updates_what_it_took(world: World) -> None:
    row = {"id": 4, "kind": "hydrant", "name": "东口栓"}
    assert came(await load(world, (row, at(0)), file="hydrants.geojson")) == (1, 0, 0)
    assert came(await load(world, (row, at(0)), file="栓 新.geojson")) == (0, 0, 1)
    # And by then it is known under that name too.
    again = await load(world, ({**row, "name": "东门栓"}, at(0)), file="栓 新.geojson")
    assert came(again) == (0, 1, 0)
    moved = await load(world, ({**row, "name": "东门栓", "note": "修"}, at(5)), file="third.geojson")
    assert came(moved) == (0, 1, 0)


async def test_a_source_that_is_named_outlasts_names_of_files(world: World) -> None:
    """One register: its number stays when a hydrant is moved 80 metres and renamed."""
    row = {"id": 4, "kind": "hydrant", "name": "东口栓"}
    assert came(await load(world, (row, at(0)), source="消防栓台账")) == (1, 0, 0)
    moved = await load(world, ({**row, "name": "南口栓"}, at(80)), source="消防栓台账")
    assert (came(moved), doubts(moved)) == ((0, 1, 0), [])
    far = await load(world, ({**row, "name": "南口栓"}, at(900)), source="消防栓台账")
    assert (came(far), doubts(far)) == ((0, 1, 0), [(1, "moved_far")])


async def test_a_source_that_is_named_still_does_not_make_a_block_another(world: World) -> None:
    await load(world, ({"id": 1, "name": "东区1栋"}, block(0)), noun=Noun.BUILDINGS, source="楼栋")
    other = await load(world, ({"id": 1, "name": "西区1栋"}, block(700)), noun=Noun.BUILDINGS, source="楼栋")
    assert (came(other), doubts(other)) == ((1, 0, 0), [(1, "id_of_another")])


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("hydrants-2026-10.geojson", "hydrants-2026-11.geojson"),
        ("消防栓2026年10月.zip", "消防栓2026年11月.zip"),
        ("消防栓_20261031.gpkg", "消防栓_20261130.gpkg"),
        ("hydrants 2026.10.31 1530.geojson", "hydrants 2026.11.30 0900.geojson"),
        ("export_20261031T153000.geojson", "export_20261130T090000.geojson"),
        ("台账（10月）.geojson", "台账（11月）.geojson"),
        ("hydrants.geojson", "hydrants (2).geojson"),
        ("hydrants.geojson", "Hydrants - 副本.geojson"),
        ("hydrants.geojson", "hydrants copy.geojson"),
        ("C:\\Users\\x\\hydrants.shp.zip", "hydrants.zip"),
    ],
)
def test_an_export_of_every_month_is_one_source(first: str, later: str) -> None:
    assert default_source(first) == default_source(later) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("block-1.geojson", "block-2.geojson"),
        ("hydrants.geojson", "aeds.geojson"),
        ("6001.geojson", "6002.geojson"),
        ("5栋.geojson", "6栋.geojson"),
        ("2026-10.geojson", "2026-11.geojson"),
    ],
)
def test_other_names_are_other_sources(one: str, other: str) -> None:
    assert default_source(one) != default_source(other)


async def test_rows_that_moved_a_few_metres_are_the_same(world: World) -> None:
    rows = [({"id": n, "kind": "hydrant"}, at(n * 60)) for n in range(5)]
    assert came(await load(world, *rows, file="h.geojson")) == (5, 0, 0)
    moved = [(row, Point(place.x + 4e-5, place.y)) for row, place in rows]
    assert came(await load(world, *moved, file="h.geojson")) == (0, 5, 0)


async def test_renumbered_rows_do_not_shift_things(world: World) -> None:
    """A row was put in at the top: every `fid` is one more, the hydrants are where they were."""
    rows = [({"id": n, "kind": "hydrant"}, at(n * 20)) for n in range(1, 6)]
    await load(world, *rows, file="h.geojson")
    before = set(await facilities(world))
    shifted = [({"id": 1, "kind": "hydrant"}, at(-300))]
    shifted += [({"id": n + 1, "kind": "hydrant"}, at(n * 20)) for n in range(1, 6)]

    assert came(await load(world, *shifted, file="h.geojson")) == (1, 0, 5)
    assert before < set(await facilities(world))


async def test_rows_that_lost_their_id_are_known_by_name_and_place(world: World) -> None:
    row = {"kind": "hydrant", "name": "东口栓"}
    await load(world, ({"id": 4, **row}, at(0)), file="h.geojson")
    assert came(await load(world, (row, at(0)), file="h.geojson")) == (0, 0, 1)
    near = await load(world, (row, at(6)), file="h.geojson")
    assert (came(near), doubts(near)) == ((0, 1, 0), [(1, "known_by_name")])
    assert came(await load(world, ({"id": 4, **row}, at(6)), file="h.geojson")) == (0, 0, 1)


async def test_a_common_name_nearby_does_not_tell(world: World) -> None:
    """Ten extinguishers along a corridor are all called the same."""
    rows = [({"kind": "extinguisher", "name": "灭火器"}, at(n * 5)) for n in range(10)]
    assert came(await load(world, *rows, file="e.geojson")) == (10, 0, 0)
    others = [({"kind": "extinguisher", "name": "灭火器"}, at(n * 5 + 2.5)) for n in range(10)]
    second = await load(world, *others, file="f.geojson")
    assert came(second) == (10, 0, 0)
    assert {code for _, code in doubts(second)} == {"near_another"}


async def test_a_unit_may_be_known_by_its_name_when_that_is_said(world: World) -> None:
    row = {"kind": "hydrant", "name": "东口栓"}
    by_name = ImportMapping(identity="name")
    assert came(await load(world, (row, at(0)), source="台账", mapping=by_name)) == (1, 0, 0)
    assert came(await load(world, (row, at(200)), source="台账")) == (0, 1, 0)


async def test_two_rows_with_one_id_are_one_thing_or_two(world: World) -> None:
    hydrant = {"id": 5, "kind": "hydrant"}
    summary = await load(
        world,
        (hydrant, at(0)),
        (hydrant, at(0)),
        (hydrant, at(100)),
        ({**hydrant, "kind": "aed"}, at(0)),
        file="h.geojson",
    )
    assert [(one.row, one.code) for one in summary.skipped] == [(2, "duplicate_row")]
    assert (summary.created, doubts(summary)) == (3, [(3, "id_of_another"), (4, "id_of_another")])


async def test_rows_without_id_that_look_alike_but_say_something_else_are_all_taken(world: World) -> None:
    rows = [({"kind": "hydrant", "name": "第一分队", "自编号": f"A{n}"}, at(0)) for n in range(3)]
    summary = await load(world, *rows, rows[0], file="h.geojson")
    assert [(one.row, one.code) for one in summary.skipped] == [(4, "duplicate_row")]
    assert doubts(summary) == [(1, "shares_place"), (2, "shares_place"), (3, "shares_place")]
    assert came(await load(world, *rows, file="h.geojson")) == (0, 0, 3)


async def test_a_new_hydrant_beside_one_of_another_file_is_named(world: World) -> None:
    await load(world, ({"@id": "node/17", "kind": "hydrant"}, at(0)), file="osm.geojson")
    second = await load(world, ({"id": 1, "kind": "hydrant", "name": "东口栓"}, at(4)), file="h.geojson")
    assert (came(second), doubts(second)) == ((1, 0, 0), [(1, "near_another")])


async def test_what_an_older_version_took_is_known_by_its_number(world: World) -> None:
    """Up to now the id was made of the number alone."""
    old = Facility(
        id=FacilityId(uuid5(world.circle.id, "facility/4")),
        circle_id=world.circle.id,
        kind=FacilityKind.HYDRANT,
        name="东口栓",
        name_en="",
        lon=at(0).x,
        lat=at(0).y,
    )
    async with world.database.begin() as transaction:
        await transaction.layer(Facility).add(world.circle.id, [old])
    row = {"id": 4, "kind": "hydrant", "name": "东门栓"}
    assert came(await load(world, (row, at(3)), file="h.geojson")) == (0, 1, 0)
    assert old.id in {each.id for each in await facilities(world)}
    other = await load(world, ({"id": 4, "kind": "aed"}, at(500)), file="aeds.geojson")
    assert (came(other), doubts(other)) == ((1, 0, 0), [(1, "id_of_another")])


async def test_eight_times_the_rows_with_one_id_cost_about_eight_times_as_much(world: World) -> None:
    async def spent_s(count: int, north_m: float) -> float:
        rows = [
            ({"id": 1, "kind": "hydrant", "name": f"栓{n}"}, at(n % 200 * 40, north_m + n // 200 * 40))
            for n in range(count)
        ]
        began_s = time.process_time()
        summary = await load(world, *rows, file=f"{count}.geojson")
        assert summary.created == count
        return time.process_time() - began_s

    await spent_s(100, 20_000.0)  # What is loaded and compiled once is no part of it.
    # Of this process alone: on a machine with much else to do it varies twofold. If each row looked at all
    # others it were 64.
    few_s = await spent_s(750, 30_000.0)
    assert await spent_s(6000, 40_000.0) < 24 * few_s


def brigade() -> list[tuple[dict[str, Any], BaseGeometry]]:
    features = json.loads((FILES / "hydrants-brigade.geojson").read_text(encoding="utf-8"))["features"]
    return [(each["properties"], shape(each["geometry"])) for each in features]


async def test_a_register_is_read_by_a_mapping_that_is_kept(world: World) -> None:
    mapping = ImportMapping(
        fixed={"kind": "hydrant"},
        columns={"name": "自编号", "note": "消防栓位置", "out_of_service": "是否停用"},
        identity="消防栓编号",
    )
    first = await load(world, *brigade(), file="hydrants-brigade.geojson", mapping=mapping)
    assert came(first) == (6, 0, 0)
    assert doubts(first) == [(4, "shares_place"), (5, "shares_place"), (6, "shares_place")]
    notes = {each.name: each.note for each in await facilities(world) if each.name.startswith("A")}
    assert notes["A6"] == "示例路6号"
    # It is there and does not work.
    assert [each.name for each in await facilities(world) if not each.in_service] == ["A3"]
    # Of the next file nothing has to be said, though its numbers are numbers now and a hydrant moved.
    rows = [({**row, "消防栓编号": 6001 + n}, place) for n, (row, place) in enumerate(brigade())]
    rows[5] = (rows[5][0], Point(112.9861, 28.1589))
    later = await load(world, *rows, file="hydrants-brigade 2026-12.geojson")
    assert came(later) == (0, 1, 5)


async def test_values_of_a_register_mean_what_is_said(world: World) -> None:
    mapping = ImportMapping(
        fixed={"kind": "hydrant"},
        columns={"name": "自编号", "out_of_service": "水压不足"},
        values={"out_of_service": {"已停用": "true", "在用": "false"}},
        identity="消防栓编号",
    )
    said = ["在用", "已停用", "在用", "在用", "在用", "不明"]
    rows = [
        ({**row, "是否停用": None, "水压不足": said[n]}, place) for n, (row, place) in enumerate(brigade())
    ]
    summary = await load(world, *rows, source="台账", mapping=mapping)
    refused = [(one.row, one.code) for one in summary.skipped]
    assert (summary.created, refused) == (5, [(6, "invalid_out_of_service")])
    assert [each.name for each in await facilities(world) if not each.in_service] == ["A2"]
