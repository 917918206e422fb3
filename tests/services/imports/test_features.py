from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import GeometryCollection, LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.formats.source_table import ReadNote, RowProblem
from responder.domain.errors import NotAllowedError
from responder.domain.map.building import Building, Entrance
from responder.domain.map.circle import Circle
from responder.domain.map.facility import Facility
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.map.unit import Unit
from responder.domain.people.access import operator
from responder.services.imports.features import EVENTS_AT_MOST, ImportSummary, Noun, import_features
from responder.services.imports.row import Row
from responder.services.map.queries import list_layer
from tests.circles import make_bare_circle
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.log import addressed_events, log_head

BLOCK = box(112.985, 28.158, 112.9852, 28.1582)


async def load(
    world: World,
    noun: Noun,
    properties: list[dict[str, Any]],
    geometries: list[BaseGeometry] | None = None,
    *,
    by: str = "community",
) -> ImportSummary:
    return await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        noun=noun,
        table=table_of(properties, geometries),
        clock=world.clock,
    )


def codes(summary: ImportSummary) -> list[tuple[int, str]]:
    return [(skipped.row, skipped.code) for skipped in summary.skipped]


async def test_buildings_are_taken_with_their_entrances_and_wrong_rows_are_named(world: World) -> None:
    viewer = await world.viewer("community")
    before = {building.id for building in await list_layer(world.database, viewer=viewer, kind=Building)}
    summary = await load(
        world,
        Noun.BUILDINGS,
        [
            {
                "name": "新楼",
                "storeys": 7,
                "year": 1990,
                "households": "24",
                "entrances": '[{"name": "东门", "lon": 112.9852, "lat": 28.1581}]',
            },
            {"name": "高楼", "storeys": 1000},
            {"name": "半层", "storeys": 2.5},
            {"name": "负户", "households": -1},
            {"name": "点楼"},
            {"name": "x" * 201},
            {"name": "门坏", "entrances": [{"name": "东门", "lon": True, "lat": 28}]},
            {"name": "门坏", "entrances": "[[["},
            {"name": "太细"},
        ],
        [BLOCK] * 4 + [Point(112.985, 28.158)] + [BLOCK] * 3 + [BLOCK.buffer(0.001, quad_segs=600)],
    )
    assert summary.created == 1
    assert codes(summary) == [
        (2, "invalid_storeys"),
        (3, "invalid_storeys"),
        (4, "invalid_households"),
        (5, "wrong_geometry"),
        (6, "invalid_name"),
        (7, "invalid_entrances"),
        (8, "invalid_entrances"),
        (9, "geometry_too_large"),
    ]
    [new] = [
        each
        for each in await list_layer(world.database, viewer=viewer, kind=Building)
        if each.id not in before
    ]
    assert (new.name, new.storeys, new.households, new.use) == ("新楼", 7, 24, "residential")
    assert new.entrances == (Entrance(name="东门", lon=112.9852, lat=28.1581),)
    assert Polygon(new.geometry["coordinates"][0]).equals_exact(BLOCK, 0)


async def test_hazards_are_told_to_everyone_who_looks(world: World) -> None:
    summary = await load(
        world,
        Noun.HAZARDS,
        [
            {"name": "堆物", "kind": "stairwell_clutter", "grade": "major", "state": "fixing"},
            {"name": "飞线"},
            {"name": "占道", "kind": "blocked_lane", "grade": "terrible"},
        ],
        [Point(112.985, 28.158), Point(112.985, 28.158), LineString([(112.985, 28.158), (112.986, 28.158)])],
    )
    assert (summary.created, codes(summary)) == (1, [(2, "missing_kind"), (3, "unknown_grade")])
    [event] = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert event.recorded.event.kind == "hazard_changed"
    hazard = event.recorded.event.hazard
    assert (hazard.grade, hazard.state) == (HazardGrade.MAJOR, HazardState.MENDING)
    assert hazard in await list_layer(world.database, viewer=await world.viewer("observer"), kind=Hazard)


async def test_many_changes_make_all_clients_load_a_new_snapshot(world: World) -> None:
    before = await log_head(world.database, circle_id=world.circle.id)
    rows = [{"name": f"堆物 {number}", "kind": "clutter"} for number in range(EVENTS_AT_MOST + 1)]
    await load(world, Noun.HAZARDS, rows)
    after = await log_head(world.database, circle_id=world.circle.id)
    assert after.epoch != before.epoch
    assert after.seq == before.seq


async def test_facilities_belong_to_partners_that_are_known(world: World) -> None:
    summary = await load(
        world,
        Noun.FACILITIES,
        [
            {"name": "新栓", "kind": "hydrant", "partner": "省示例医院"},
            {"name": "新栓", "kind": "hydrant", "partner": "无此单位"},
            {"name": "喷泉", "kind": "fountain"},
        ],
    )
    assert codes(summary) == [(2, "unknown_partner"), (3, "unknown_kind")]
    [new] = [
        each
        for each in await list_layer(world.database, viewer=await world.viewer("community"), kind=Facility)
        if each.name == "新栓"
    ]
    assert new.partner_id == (await world.viewer("hospital")).partner_id


UNIT = {"name": "车", "kind": "ambulance", "profile": "ambulance", "turnout_s": 60, "partner": "省示例医院"}


async def test_units_name_a_partner_or_introduce_one(world: World) -> None:
    head = await log_head(world.database, circle_id=world.circle.id)
    summary = await load(
        world,
        Noun.UNITS,
        [
            UNIT,
            {**UNIT, "name": "远", "partner": "新来单位", "partner_kind": "volunteers", "on_duty": False},
            {**UNIT, "partner": "无此单位"},
            {**UNIT, "partner": None},
            {**UNIT, "profile": "hovercraft"},
            {**UNIT, "turnout_s": "soon"},
            {**UNIT, "turnout_s": None},
            {**UNIT, "on_duty": "perhaps"},
            {**UNIT, "partner": "另一单位", "partner_kind": "fire_brigade"},
            {**UNIT, "name": "近", "partner": "新来单位", "partner_kind": "fire_brigade"},
        ],
    )
    # Of a partner that is known, a wrong kind does no harm.
    assert summary.created == 3
    assert codes(summary) == [
        (3, "unknown_partner"),
        (4, "missing_partner"),
        (5, "unknown_profile"),
        (6, "invalid_turnout_s"),
        (7, "missing_turnout_s"),
        (8, "invalid_on_duty"),
        (9, "unknown_partner_kind"),
    ]
    units = {
        each.name: each
        for each in await list_layer(world.database, viewer=await world.viewer("police"), kind=Unit)
    }
    assert units["车"].partner_id == (await world.viewer("hospital")).partner_id
    assert not units["远"].on_duty
    # A partner is not in the log, so that clients load a new snapshot.
    assert (await log_head(world.database, circle_id=world.circle.id)).epoch != head.epoch


async def test_nothing_is_half_imported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away after the first thing was written."""
    viewer = await world.viewer("community")
    before = await list_layer(world.database, viewer=viewer, kind=Unit)
    head = await log_head(world.database, circle_id=world.circle.id)
    units = [{**UNIT, "name": f"车{number}"} for number in range(5)]
    # A turnout that the rows let through, but the table does not.
    monkeypatch.setattr("responder.services.imports.rows.LONGEST_TURNOUT_S", float("inf"))
    units[4]["turnout_s"] = float("inf")
    with pytest.raises(Exception, match="turnout_s_finite"):
        await load(world, Noun.UNITS, units)
    assert await list_layer(world.database, viewer=viewer, kind=Unit) == before
    assert await log_head(world.database, circle_id=world.circle.id) == head


async def test_who_may_not_edit_the_map_changes_nothing(world: World) -> None:
    for by in ("hospital", "observer", "hospital.wen"):
        with pytest.raises(NotAllowedError):
            await load(world, Noun.HAZARDS, [{"name": "堆物", "kind": "clutter"}], by=by)


async def test_a_new_circle_takes_its_first_units_by_the_command_line(world: World) -> None:
    other: Circle = await make_bare_circle(
        world.database, name="别处", name_en="Elsewhere", centre=(112.9, 28.1)
    )
    summary = await import_features(
        world.database,
        world.roads,
        viewer=operator(other.id),
        noun=Noun.UNITS,
        table=table_of([{**UNIT, "partner": "一院", "partner_kind": "hospital"}]),
        clock=world.clock,
    )
    assert (summary.created, summary.skipped, summary.doubtful) == (1, (), ())
    assert len(await list_layer(world.database, viewer=operator(other.id), kind=Unit)) == 1


async def test_a_row_with_a_problem_is_named_and_the_others_are_taken(world: World) -> None:
    table = replace(
        table_of([{"name": "甲"}, {"name": "乙"}], [BLOCK, GeometryCollection()]),
        problems={2: RowProblem(code="far_from_circle", detail="98 km from the circle")},
        notes=(ReadNote(code="text_cut", detail="1"),),
    )
    summary = await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=Noun.BUILDINGS,
        table=table,
        clock=world.clock,
    )
    assert summary.created == 1
    [skipped] = summary.skipped
    assert (skipped.row, skipped.code, skipped.detail) == (2, "far_from_circle", "98 km from the circle")
    assert summary.notes == (ReadNote(code="text_cut", detail="1"),)


async def test_columns_cut_after_ten_letters_are_the_fields_that_they_begin(world: World) -> None:
    summary = await load(world, Noun.BUILDINGS, [{"NAME": "老楼", "fire_ratin": 3, "households": 2}], [BLOCK])
    assert summary.created == 1
    assert summary.notes == (ReadNote(code="columns_completed", detail="fire_ratin → fire_rating"),)
    buildings = await list_layer(world.database, viewer=await world.viewer("community"), kind=Building)
    [building] = [each for each in buildings if each.name == "老楼"]
    assert building.fire_rating == 3
    unit = {
        "name": "一号车",
        "kind": "engine",
        "profile": "mini_engine",
        "turnout_s": 60,
        "partner": "新来的微型站",
        "partner_ki": "mini_fire_station",
        "capabiliti": '["ladder"]',
    }
    summary = await load(world, Noun.UNITS, [unit])
    assert (summary.created, summary.skipped) == (1, ())
    units = await list_layer(world.database, viewer=await world.viewer("community"), kind=Unit)
    [taken] = [each for each in units if each.name == "一号车"]
    assert taken.capabilities == ("ladder",)


async def test_whole_numbers_in_any_column_of_text_stay_whole(world: World) -> None:
    rows = [{"id": 7.0, "name": 3.0, "households": 4}, {"id": None, "name": None}]
    others = [BLOCK, box(112.9854, 28.158, 112.9856, 28.1582)]
    assert (await load(world, Noun.BUILDINGS, rows, others)).created == 2
    again = await load(world, Noun.BUILDINGS, [{"id": 7, "name": 3, "households": 4}], [BLOCK])
    assert (again.created, again.unchanged) == (0, 1)
    buildings = await list_layer(world.database, viewer=await world.viewer("community"), kind=Building)
    assert [each.households for each in buildings if each.name == "3"] == [4]
    assert not [each for each in buildings if each.name == "3.0"]


async def test_a_facility_out_of_service_is_kept_as_such_until_a_file_says_otherwise(world: World) -> None:
    async def state_after(**said: object) -> bool:
        row = {"id": "H 1", "kind": "hydrant", "name": "停用栓", **said}
        assert (await load(world, Noun.FACILITIES, [row])).skipped == ()
        facilities = await list_layer(world.database, viewer=await world.viewer("community"), kind=Facility)
        [found] = [each for each in facilities if each.name == "停用栓"]
        return not found.in_service

    assert await state_after(out_of_serv="True") is False
    assert await state_after(out_of_ser="True") is True
    assert await state_after() is True
    assert await state_after(out_of_service="否") is False


@pytest.mark.parametrize(
    ("written", "on_duty"),
    [("是", True), ("否", False), ("Y", True), ("F", False), (1.0, True), ("", True), ("Yes ", True)],
)
def test_yes_and_no_are_read_as_databases_and_people_write_them(written: object, *, on_duty: bool) -> None:
    assert Row({"on_duty": written}, BLOCK).flag("on_duty", default=True) is on_duty
