"""A sheet of households: told first, then brought in whole or not at all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from responder.domain.errors import EditConflictError, NotAllowedError
from responder.domain.registers.household import NO_DETAILS, HelpKind
from responder.services.registers.households import edit
from responder.services.registers.households.import_sheet import (
    SheetHousehold,
    SheetOutcome,
    import_households,
)
from tests.services.conftest import World
from tests.services.registers.test_households import DATA, TODAY, create, records, shown


def row(number: int, door: str, *, building: str = "脑科巷13栋", **values: object) -> SheetHousehold:
    return SheetHousehold(row=number, building=building, values={"door": door, "people": 2, **values})


async def bring(
    world: World,
    *rows: SheetHousehold,
    apply: bool = True,
    by: str = "community",
    expected_digest: str | None = None,
) -> SheetOutcome:
    return await import_households(
        world.database,
        viewer=await world.viewer(by),
        rows=rows,
        apply=apply,
        expected_digest=expected_digest,
        clock=world.clock,
    )


async def test_what_is_new_changed_and_unchanged_is_told_and_then_done(world: World) -> None:
    rows = (row(2, "101"), row(3, "102", consent_given_on=TODAY, help_kinds=(HelpKind.CARRYING,)))
    told = await bring(world, *rows, apply=False)
    assert (told.created, told.changed, told.unchanged, told.applied) == ((2, 3), (), 0, False)
    assert await shown(world, "脑科巷13栋") == ()

    done = await bring(world, *rows, expected_digest=told.digest)
    assert done.applied
    assert [each.door for each in await shown(world, "脑科巷13栋")] == ["101", "102"]
    assert (await world.building("脑科巷13栋")).households == 2
    assert next(each for each in await records(world) if "sheet" in each.action).detail["created"] == 2

    world.clock.move(days=1)
    again = await bring(world, row(2, "101"), row(3, "102", people=5), row(4, "103"))
    assert (again.created, again.changed, again.unchanged) == ((4,), (3,), 1)
    [_, second, _] = await shown(world, "脑科巷13栋")
    assert (second.people, second.details.help_kinds) == (5, (HelpKind.CARRYING,)), "no column, no change"


async def test_the_same_sheet_again_changes_nothing(world: World) -> None:
    rows = (row(2, "101"), row(3, "102", consent_given_on=TODAY, contact_name="测试"))
    await bring(world, *rows)
    before = await shown(world, "脑科巷13栋")
    world.clock.move(days=1)
    again = await bring(world, *rows)
    assert (again.created, again.changed, again.unchanged) == ((), (), 2)
    assert await shown(world, "脑科巷13栋") == before


async def test_one_wrong_row_and_nothing_is_brought_in(world: World) -> None:
    refused = await bring(
        world,
        row(2, "101"),
        row(3, "102", building="没有这栋"),
        row(4, "101 室"),
        row(5, "104", people=999),
        row(6, "105", consent_given_on=TODAY, contact_phone="x<>"),
    )
    assert not refused.applied
    assert {(each.code, each.row) for each in refused.notes} == {
        ("building_unknown", 3),
        ("door_repeated", 4),
        ("people_refused", 5),
        ("contact_phone_refused", 6),
    }
    assert await shown(world, "脑科巷13栋") == ()


async def test_details_without_consent_are_told_and_not_kept(world: World) -> None:
    done = await bring(world, row(2, "101", contact_name="测试", help_people=1))
    assert [(each.code, each.is_error) for each in done.notes] == [("details_not_kept", False)]
    [kept] = await shown(world, "脑科巷13栋")
    assert (kept.people, kept.details) == (2, NO_DETAILS)


async def test_an_old_sheet_does_not_bring_back_what_was_withdrawn(world: World) -> None:
    household = await create(world)
    viewer = await world.viewer("community")
    world.clock.move(days=2)
    await edit.withdraw_consent(world.database, viewer=viewer, household_id=household.id, clock=world.clock)
    done = await bring(world, row(2, "2单元301", consent_given_on=TODAY, contact_name="测试"))
    assert [each.code for each in done.notes] == ["details_not_kept"]
    [kept] = await shown(world, "脑科巷13栋")
    assert kept.details == NO_DETAILS
    world.clock.move(days=2)
    later = TODAY + timedelta(days=4)
    await bring(world, row(2, "2单元301", consent_given_on=later, contact_name="测试"))
    [kept] = await shown(world, "脑科巷13栋")
    assert kept.details.contact_name == "测试"


async def test_what_another_changed_since_the_preview_is_not_overwritten(world: World) -> None:
    household = await create(world, replace(DATA, door="101"))
    told = await bring(world, row(2, "101", people=9), apply=False)
    await edit.change_household(
        world.database,
        viewer=await world.viewer("community"),
        household_id=household.id,
        data=replace(DATA, door="101", people=1),
        clock=world.clock,
    )
    with pytest.raises(EditConflictError):
        await bring(world, row(2, "101", people=9), expected_digest=told.digest)


async def test_a_day_of_confirmation_counts_when_it_is_later(world: World) -> None:
    await bring(world, row(2, "101", confirmed_on=date(2025, 1, 10)))
    [kept] = await shown(world, "脑科巷13栋")
    assert kept.confirmed_on == date(2025, 1, 10)
    await bring(world, row(2, "101", confirmed_on=date(2025, 6, 1)))
    await bring(world, row(2, "101", confirmed_on=date(2024, 6, 1)))
    [kept] = await shown(world, "脑科巷13栋")
    assert kept.confirmed_on == date(2025, 6, 1)


async def test_only_coordinators_bring_sheets(world: World) -> None:
    with pytest.raises(NotAllowedError):
        await bring(world, row(2, "101"), by="planner")
