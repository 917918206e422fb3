"""The preview says whom an alert would call, before it is raised."""

from collections import Counter
from datetime import UTC, datetime

from responder.domain.ids import AccountId
from responder.domain.incidents.response_circle import ReachPreview
from responder.domain.people.access import operator
from responder.services.people.change_person import PersonChange, change_person
from responder.services.reach.preview import show_reach
from tests.services.conftest import World


async def preview(world: World) -> ReachPreview:
    building = await world.building("脑科巷7栋")
    return await show_reach(
        world.database,
        world.roads,
        viewer=await world.viewer("observer"),
        building_id=building.id,
        clock=world.clock,
    )


async def test_it_counts_the_people_whom_an_alert_then_calls(world: World) -> None:
    before = await preview(world)

    detail = await world.raise_at()

    called = Counter(delivery.unit_id for delivery in detail.deliveries)
    in_time = {member.unit_id for member in before.members}
    assert called
    assert {unit_id: n for unit_id, n in before.people.items() if unit_id in in_time} == called
    assert set(before.people) == in_time | {out.unit_id for out in before.non_members}


async def test_a_unit_that_everyone_has_left_is_told_as_having_no_one(world: World) -> None:
    before = await preview(world)
    async with world.database.begin() as transaction:
        people = await transaction.responders.of_units(world.circle.id, before.people)
    unit_id = next(
        member.unit_id
        for member in before.members
        if all(person.account_id for person in people if person.unit_id == member.unit_id)
    )
    assert before.people[unit_id] > 0

    for person in people:
        if person.unit_id == unit_id:
            assert person.account_id is not None
            await leave_units(world, person.account_id)

    after = await preview(world)
    assert unit_id in {member.unit_id for member in after.members}
    assert after.people[unit_id] == 0


async def leave_units(world: World, account_id: AccountId) -> None:
    await change_person(
        world.database,
        viewer=operator(world.circle.id),
        account_id=account_id,
        change=PersonChange(fields=frozenset({"unit_ids"})),
        clock=world.clock,
    )


async def test_a_year_whose_working_days_are_not_announced_is_told(world: World) -> None:
    assert (await preview(world)).unannounced_year is None
    world.clock.time = datetime(2031, 3, 3, 8, 30, tzinfo=UTC)
    assert (await preview(world)).unannounced_year == 2031
