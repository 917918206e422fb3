"""Rows of a file that say that a facility does not work: it is not offered, nor any longer."""

from typing import Any

import pytest
from shapely.geometry import Point

from responder.domain.map.facility import Facility
from responder.domain.map.feature_import import ImportMapping, ImportSource
from responder.services.imports.features import ImportSummary, Noun, import_features
from responder.services.map.queries import list_layer
from tests.services.conftest import World
from tests.services.feature_tables import table_of

FAR_NORTH = 28.1999


async def load(world: World, *rows: dict[str, Any], mapping: ImportMapping | None = None) -> ImportSummary:
    return await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=Noun.FACILITIES,
        table=table_of(list(rows), [Point(112.985 + n / 1000, FAR_NORTH) for n in range(len(rows))]),
        clock=world.clock,
        source=ImportSource(name="register", is_declared=True),
        mapping=mapping,
    )


async def names(world: World) -> list[str]:
    found = await list_layer(world.database, viewer=await world.viewer("community"), kind=Facility)
    return sorted(each.name for each in found if each.lat == pytest.approx(FAR_NORTH))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("disused", "yes"),
        ("disused", True),
        ("abandoned", 1.0),
        ("operational_status", "out_of_order"),
        ("fire_hydrant:state", "broken"),
        ("operationa", "broken"),
        ("status", "out_of_service"),
        ("是否停用", "是"),
        ("状态", "停用"),
        ("是否可用", "否"),
        ("working", False),
        ("tags", {"disused": "yes"}),
    ],
)
async def test_a_row_that_is_out_of_use_is_left_out_and_named(
    world: World, column: str, value: object
) -> None:
    done = await load(
        world,
        {"id": 1, "kind": "hydrant", "name": "坏", column: value},
        {"id": 2, "kind": "hydrant", "name": "好"},
    )
    assert [(one.row, one.code) for one in done.skipped] == [(1, "out_of_use")]
    assert done.created == 1
    assert await names(world) == ["好"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("disused", False),
        ("disused", 0.0),
        ("是否停用", "否"),
        ("状态", "正常"),
        ("status", None),
        ("disused", ""),
    ],
)
async def test_a_row_that_says_that_it_works_is_taken(world: World, column: str, value: object) -> None:
    done = await load(world, {"id": 1, "kind": "hydrant", "name": "好", column: value})
    assert (done.created, done.skipped) == (1, ())


async def test_a_defibrillator_behind_a_door_is_named_as_that(world: World) -> None:
    done = await load(
        world,
        {"id": 1, "kind": "aed", "name": "私", "access": "private"},
        {"id": 2, "kind": "hydrant", "name": "厂", "access": "private"},
    )
    assert [(one.row, one.code) for one in done.skipped] == [(1, "no_access")]
    assert await names(world) == ["厂"]


async def test_what_was_taken_goes_when_it_breaks_and_comes_when_it_is_mended(world: World) -> None:
    works = {"id": 1, "kind": "hydrant", "name": "一号"}, {"id": 2, "kind": "hydrant", "name": "二号"}
    await load(world, *works)
    assert await names(world) == ["一号", "二号"]

    broken = await load(world, works[0] | {"status": "broken"}, works[1])
    assert [(one.row, one.code) for one in broken.skipped] == [(1, "out_of_use")]
    assert (broken.created, broken.updated, broken.unchanged) == (0, 0, 1)
    assert await names(world) == ["二号"]

    mended = await load(world, *works)
    assert (mended.created, mended.unchanged) == (1, 1)
    assert await names(world) == ["一号", "二号"]


async def test_a_column_can_be_said_to_be_the_status(world: World) -> None:
    mapping = ImportMapping(columns={"status": "备注2"}, values={"status": {"停": "out_of_service"}})
    row = {"id": 1, "kind": "hydrant", "name": "一号"}
    done = await load(
        world, row | {"备注2": "停"}, row | {"id": 2, "name": "二号", "备注2": ""}, mapping=mapping
    )
    assert [(one.row, one.code) for one in done.skipped] == [(1, "out_of_use")]
    assert await names(world) == ["二号"]


async def test_rows_of_openstreetmap_behind_a_prefix_are_named(world: World) -> None:
    done = await load(
        world,
        {"@id": "node/1", "disused:emergency": "fire_hydrant"},
        {"@id": "node/2", "emergency": "fire_hydrant"},
    )
    assert [(one.row, one.code) for one in done.skipped] == [(1, "out_of_use")]
    assert done.created == 1


async def test_a_preview_says_so_and_removes_nothing(world: World) -> None:
    row = {"id": 1, "kind": "hydrant", "name": "一号"}
    await load(world, row)
    shown = await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=Noun.FACILITIES,
        table=table_of([row | {"disused": "yes"}], [Point(112.985, FAR_NORTH)]),
        clock=world.clock,
        source=ImportSource(name="register", is_declared=True),
        preview=True,
    )
    assert [(one.row, one.code) for one in shown.skipped] == [(1, "out_of_use")]
    assert await names(world) == ["一号"]
