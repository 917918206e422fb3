"""A circle's own speeds, sizes and delays: checked before anything changes, and felt at once."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from geo.errors import InvalidProfileError
from geo.network.profiles import DEFAULT_PROFILES, DEFAULT_ROADS
from responder.domain.errors import EditConflictError, NotAllowedError
from responder.domain.incidents.event import ResponseCircleUpdated
from responder.domain.map.unit import Unit
from responder.domain.people.access import operator
from responder.domain.reach.profile_table import ProfileTable
from responder.services.incidents.queries import show_incident
from responder.services.reach.preview import show_reach
from responder.services.reach.profiles import (
    SHIPPED,
    ShownProfiles,
    checked_table,
    prepared_profiles,
    set_profiles,
    shipped_table,
    show_profiles,
)
from tests.circles import make_bare_circle
from tests.services.conftest import World

Change = Callable[[dict[str, Any]], object]


async def changed(
    world: World, table: dict[str, Any] | None, *, by: str = "community", expected_version: str | None = None
) -> ShownProfiles:
    return await set_profiles(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        table=table,
        expected_version=expected_version,
        clock=world.clock,
    )


async def times(world: World) -> dict[str, float]:
    building = await world.building("脑科巷7栋")
    found = await show_reach(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        building_id=building.id,
        clock=world.clock,
    )
    return {member.unit_name: member.response_s for member in found.members}


def slower_on_foot() -> dict[str, Any]:
    table = shipped_table()
    table["profiles"]["foot"]["speeds_kph"] = {"default": 2.16, "steps": 0.54}
    return table


async def test_figures_of_its_own_change_the_times_and_the_shipped_ones_bring_them_back(
    world: World,
) -> None:
    before = await times(world)

    shown = await changed(world, slower_on_foot())

    assert (shown.is_custom, shown.set_by_name) == (True, "示例·社区指挥席")
    after = await times(world)
    walkers = {"邻里志愿队", "物业秩序队", "院内急救步行组"} & set(before) & set(after)
    assert walkers
    for unit in walkers:
        # Half as fast: all but the turnout takes twice as long.
        async with world.database.begin() as transaction:
            [turnout_s] = [
                each.turnout_s
                for each in await transaction.layer(Unit).of_circle(world.circle.id)
                if each.name == unit
            ]
        assert after[unit] - turnout_s == pytest.approx(2 * (before[unit] - turnout_s), rel=0.01)

    assert not (await changed(world, None)).is_custom
    assert await times(world) == before


async def test_parts_that_are_left_out_are_those_that_are_shipped(world: World) -> None:
    profiles = shipped_table()["profiles"]
    profiles["fire_engine"]["clear_width_m"] = 2.0

    shown = await changed(world, {"profiles": profiles})

    assert shown.table == {**shipped_table(), "profiles": profiles}
    assert (await show_profiles(world.database, viewer=await world.viewer("observer"))) == shown


async def test_a_table_stored_before_there_were_surfaces_goes_by_those_that_are_shipped(world: World) -> None:
    before = shipped_table()
    del before["parked"]
    for row in before["profiles"].values():
        row.pop("surface_kph", None)
        row.get("sources", {}).pop("surface_kph", None)
    for source in ("surface", "surface_heavy", "parked", "parked_bays", "parked_left"):
        del before["sources"][source]
    before["profiles"]["car"]["weight_t"] = 2.5
    async with world.database.begin() as transaction:
        await transaction.profile_tables.put(
            ProfileTable(
                circle_id=world.circle.id,
                content_hash="0" * 64,
                table=before,
                set_at=world.clock.now(),
                set_by_name="",
            )
        )

    model = await world.roads.model(world.circle.id)
    shown = await show_profiles(world.database, viewer=await world.viewer("observer"))

    assert model.profiles["car"].weight_t == 2.5
    assert model.profiles["car"].surface_kph == DEFAULT_PROFILES["car"].surface_kph
    assert model.ground.defaults.parked_m == DEFAULT_ROADS.parked_m
    assert shown.table["parked"] == shipped_table()["parked"]
    assert (await changed(world, shown.table, expected_version=shown.version)).is_custom


async def test_another_circle_on_the_same_roads_goes_on_as_before(world: World) -> None:
    other = await make_bare_circle(world.database, name="别处", name_en="", centre=(113.0, 28.2))
    async with world.database.begin() as transaction:
        roads = await transaction.circles.roads(world.circle.id)
        assert roads is not None
        await transaction.circles.use_roads(other.id, roads)
    await changed(world, slower_on_foot())

    own = await world.roads.model(world.circle.id)
    shipped = await world.roads.model(other.id)

    assert own.profiles["foot"].speed_kph("footway") == 2.16
    assert shipped.profiles["foot"].speed_kph("footway") == 4.32
    # The arrays, which take most of the memory, are there once.
    assert own.network is shipped.network
    assert await world.roads.model(world.circle.id) is own


async def test_open_incidents_are_found_again(world: World) -> None:
    detail = await world.raise_at()

    await changed(world, slower_on_foot())

    viewer = operator(world.circle.id)
    now = await show_incident(world.database, viewer=viewer, incident_id=detail.incident.id)
    assert now.response_circle.members != detail.response_circle.members
    async with world.database.begin() as transaction:
        events = await transaction.events.after(world.circle.id, 0)
    assert any(isinstance(each.recorded.event, ResponseCircleUpdated) for each in events)


def test_a_table_from_before_a_figure_has_it_as_it_is_shipped() -> None:
    table = shipped_table()
    del table["profiles"]["car"]["u_turn_s"]
    assert prepared_profiles(table)[0]["car"].u_turn_s == shipped_table()["profiles"]["car"]["u_turn_s"] > 0
    table["profiles"]["car"]["u_turn_s"] = 3
    assert prepared_profiles(table)[0]["car"].u_turn_s == 3


def figure(profile: str, field: str, value: object) -> Change:
    return lambda table: table["profiles"][profile].__setitem__(field, value)


@pytest.mark.parametrize(
    "spoil",
    [
        figure("foot", "clear_width_m", -1),
        figure("foot", "clear_width_m", float("nan")),
        figure("car", "clear_width_m", "2"),
        figure("car", "clear_width_m", value=True),
        figure("car", "weight_t", 5000),
        figure("car", "u_turn_s", -1),
        figure("car", "u_turn_s", 31),
        figure("car", "speeds_kph", {"default": 0}),
        figure("car", "speeds_kph", {"default": 1e9}),
        figure("car", "speeds_kph", {}),
        figure("car", "speeds_kph", {"primary": 40}),
        figure("car", "mode", "boat"),
        figure("car", "on_foot", value=True),
        figure("car", "peaks", [{"days": [7], "from_hour": 7, "to_hour": 9, "factor": 2}]),
        figure("car", "peaks", [{"days": [1], "from_hour": 7, "to_hour": 9, "factor": 0.5}]),
        figure("car", "peaks", "rush hour"),
        figure("car", "sources", {"speeds_kph": "nobody"}),
        figure("car", "horn", value=True),
        figure("car", "surface_kph", {"soft": -1}),
        figure("car", "surface_kph", {"lava": 10}),
        figure("car", "surface_kph", [10]),
        lambda table: table["parked"].pop("parallel"),
        lambda table: table["parked"]["left"].update(width_m="2"),
        lambda table: table.update(parked=[]),
        lambda table: table["profiles"].pop("ebike"),
        lambda table: table["profiles"].update(boat=table["profiles"]["car"]),
        lambda table: table.update(profiles=[]),
        lambda table: table.update(more={}),
        lambda table: table.update(utc_offset_hours=99),
        lambda table: table["roads"]["alley"].update(width_m=-2),
        lambda table: table["roads"].pop("alley"),
        lambda table: table["barriers"]["gate"].update(foot=1e6),
        lambda table: table["barriers"].pop("gate"),
        lambda table: table["sources"]["speed"].update(standing="Z"),
        lambda table: table.clear(),
    ],
)
def test_what_cannot_be_is_refused(spoil: Change) -> None:
    table = shipped_table()
    spoil(table)

    with pytest.raises(InvalidProfileError):
        checked_table(table)


async def test_what_is_refused_changes_nothing(world: World) -> None:
    table = slower_on_foot()
    table["profiles"]["car"]["weight_t"] = -1

    with pytest.raises(InvalidProfileError):
        await changed(world, table)

    async with world.database.begin() as transaction:
        assert await transaction.profile_tables.get(world.circle.id) is None


async def test_the_shipped_figures_are_fit_to_be_given_back(world: World) -> None:
    before = await times(world)

    assert (await changed(world, shipped_table())).is_custom

    assert await times(world) == before


async def test_no_one_takes_back_without_knowing_what_another_person_changed(world: World) -> None:
    seen = await show_profiles(world.database, viewer=await world.viewer("planner"))
    by_others = await changed(world, slower_on_foot())
    theirs = shipped_table()
    theirs["profiles"]["car"]["weight_t"] = 3

    with pytest.raises(EditConflictError) as refused:
        await changed(world, theirs, by="planner", expected_version=seen.version)
    with pytest.raises(EditConflictError):
        await changed(world, None, by="planner", expected_version=seen.version)

    assert refused.value.detail == {"by": "示例·社区指挥席"}
    assert await show_profiles(world.database, viewer=await world.viewer("planner")) == by_others
    again = await changed(world, theirs, by="planner", expected_version=by_others.version)
    assert again.version not in {seen.version, by_others.version}
    assert (await changed(world, None, by="planner", expected_version=again.version)).version == seen.version


async def test_of_two_who_save_at_the_same_moment_one_is_told(world: World) -> None:
    tables = [shipped_table(), shipped_table()]
    for number, table in enumerate(tables):
        table["profiles"]["car"]["weight_t"] = 3 + number

    found = await asyncio.gather(
        *(changed(world, table, expected_version=SHIPPED) for table in tables), return_exceptions=True
    )

    assert {type(each) for each in found} == {ShownProfiles, EditConflictError}


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize(
    ("part", "at"),
    [
        ("clear_width_m", ("profiles", "car", "clear_width_m")),
        ("clear_height_m", ("profiles", "car", "clear_height_m")),
        ("weight_t", ("profiles", "car", "weight_t")),
        ("dismount_s", ("profiles", "car", "dismount_s")),
        ("against_factor", ("profiles", "ambulance", "against_factor")),
        ("speeds_kph", ("profiles", "car", "speeds_kph", "alley")),
        ("surface_kph", ("profiles", "car", "surface_kph", "soft")),
        ("parked", ("parked", "parallel", "width_m")),
        ("peaks", ("profiles", "car", "peaks", 0, "factor")),
        ("roads", ("roads", "alley", "width_m")),
        ("barriers", ("barriers", "gate", "motor")),
    ],
)
async def test_what_is_told_of_a_figures_range_is_true(
    world: World, part: str, at: tuple[str | int, ...], end: int
) -> None:
    shown = await show_profiles(world.database, viewer=await world.viewer("observer"))
    edge = (shown.ranges[part].min, shown.ranges[part].max)[end]

    def table_with(value: float) -> dict[str, Any]:
        table = shipped_table()
        row: Any = table
        for key in at[:-1]:
            row = row[key]
        row[at[-1]] = value
        return table

    checked_table(table_with(edge))
    with pytest.raises(InvalidProfileError) as refused:
        checked_table(table_with(edge + (1e-6 if end else -1e-6)))
    assert refused.value.field == ".".join(map(str, at))


async def test_only_who_may_edit_the_map_changes_them(world: World) -> None:
    with pytest.raises(NotAllowedError):
        await changed(world, slower_on_foot(), by="hospital")
