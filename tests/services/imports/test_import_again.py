"""A file that comes twice: known again by its ids, or by kind, name and place; what it does not say stays."""

from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from responder.domain.map.building import Building
from responder.domain.map.facility import Facility
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.services.imports.features import ImportSummary, Noun, import_features
from responder.services.map.queries import list_layer
from tests.services.conftest import World
from tests.services.feature_tables import table_of

BLOCK = box(112.985, 28.158, 112.9852, 28.1582)
ELSEWHERE = box(113.2, 28.3, 113.2002, 28.3002)
HERE = Point(112.9855, 28.1585)
UNIT = {"name": "新队", "kind": "team", "profile": "foot", "turnout_s": 60, "partner": "示例医院"}


async def load(
    world: World, noun: Noun, *rows: tuple[dict[str, Any], BaseGeometry]
) -> tuple[int, int, int, list[str]]:
    summary: ImportSummary = await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=noun,
        table=table_of([row for row, _ in rows], [geometry for _, geometry in rows]),
        clock=world.clock,
    )
    codes = [skipped.code for skipped in summary.skipped]
    return summary.created, summary.updated, summary.unchanged, codes


async def partner_name(world: World) -> str:
    async with world.database.begin() as transaction:
        return (await transaction.partners.of_circle(world.circle.id))[0].name


@pytest.mark.parametrize("key", ["id", "@id", "osm_id"])
async def test_an_id_is_known_again_whatever_else_changes(world: World, key: str) -> None:
    viewer = await world.viewer("community")
    before = len(await list_layer(world.database, viewer=viewer, kind=Building))
    row = {key: "way/77", "name": "新楼", "households": 24, "storeys": 6}

    assert await load(world, Noun.BUILDINGS, (row, BLOCK)) == (1, 0, 0, [])
    assert await load(world, Noun.BUILDINGS, (row, BLOCK)) == (0, 0, 1, [])
    moved = box(112.986, 28.158, 112.9862, 28.1582)
    assert await load(world, Noun.BUILDINGS, ({key: "way/77", "name": "改名"}, moved)) == (0, 1, 0, [])

    buildings = await list_layer(world.database, viewer=viewer, kind=Building)
    assert len(buildings) == before + 1
    [found] = [building for building in buildings if building.name == "改名"]
    # Nothing was said of households and storeys, so they are as they were.
    assert (found.households, found.storeys) == (24, 6)
    assert found.geometry["coordinates"][0][0][0] > 112.9859


async def test_without_an_id_kind_name_and_place_tell(world: World) -> None:
    viewer = await world.viewer("community")
    row = {"name": "杂物", "kind": "clutter", "note": "一"}

    assert await load(world, Noun.HAZARDS, (row, HERE)) == (1, 0, 0, [])
    assert await load(world, Noun.HAZARDS, (row, HERE)) == (0, 0, 1, [])
    assert await load(world, Noun.HAZARDS, ({**row, "note": "二"}, HERE)) == (0, 1, 0, [])
    elsewhere = Point(112.9857, 28.1585)
    assert await load(world, Noun.HAZARDS, (row, elsewhere)) == (1, 0, 0, [])
    assert await load(world, Noun.HAZARDS, ({**row, "name": "别的"}, HERE)) == (1, 0, 0, [])

    notes = [h.note for h in await list_layer(world.database, viewer=viewer, kind=Hazard) if h.name == "杂物"]
    assert sorted(notes) == ["一", "二"]


async def test_what_was_there_before_is_known_by_our_own_id(world: World) -> None:
    viewer = await world.viewer("community")
    facility: Facility = (await list_layer(world.database, viewer=viewer, kind=Facility))[0]
    row = {"id": str(facility.id), "name": "改名", "kind": facility.kind.value}

    assert await load(world, Noun.FACILITIES, (row, Point(facility.lon, facility.lat))) == (0, 1, 0, [])

    now = await list_layer(world.database, viewer=viewer, kind=Facility)
    assert replace(facility, name="改名") in now


async def test_one_file_does_not_say_the_same_twice(world: World) -> None:
    row = {"id": 5, "name": "新楼"}

    told = await load(world, Noun.BUILDINGS, (row, BLOCK), (row, BLOCK), ({"id": 5.0, "name": "新楼"}, BLOCK))

    assert told == (1, 0, 0, ["duplicate_row", "duplicate_row"])


async def test_running_numbers_of_another_file_do_not_overwrite(world: World) -> None:
    assert await load(world, Noun.BUILDINGS, ({"id": 1, "name": "甲栋"}, BLOCK)) == (1, 0, 0, [])

    told = await load(world, Noun.BUILDINGS, ({"id": 1, "name": "远处的楼"}, ELSEWHERE))

    assert told == (1, 0, 0, [])
    names = {
        b.name
        for b in await list_layer(world.database, viewer=await world.viewer("community"), kind=Building)
    }
    assert "甲栋" in names
    assert "远处的楼" in names


async def test_a_unit_that_is_off_duty_stays_so_unless_the_file_says_otherwise(world: World) -> None:
    viewer = await world.viewer("community")
    row = {**UNIT, "id": "team-1", "partner": await partner_name(world)}

    async def unit() -> Unit:
        return next(
            each for each in await list_layer(world.database, viewer=viewer, kind=Unit) if each.name == "新队"
        )

    assert await load(world, Noun.UNITS, ({**row, "on_duty": False}, HERE)) == (1, 0, 0, [])
    assert await load(world, Noun.UNITS, ({**row, "turnout_s": 30}, HERE)) == (0, 1, 0, [])
    assert ((await unit()).on_duty, (await unit()).turnout_s) == (False, 30)
    assert await load(world, Noun.UNITS, ({**row, "turnout_s": 30, "on_duty": True}, HERE)) == (0, 1, 0, [])
    assert (await unit()).on_duty


async def test_many_ids_are_looked_up_at_once(world: World) -> None:
    rows = [({"id": number, "name": f"楼 {number}"}, BLOCK) for number in range(70)]

    assert await load(world, Noun.BUILDINGS, *rows) == (70, 0, 0, [])
    assert await load(world, Noun.BUILDINGS, *rows) == (0, 0, 70, [])
