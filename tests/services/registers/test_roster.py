"""Who is on call: units' duty follows, hands overrule it until the shift changes, and swaps take two taps."""

from datetime import UTC, datetime, time, timedelta

import pytest

from responder.domain.errors import EditConflictError, InvalidValueError, NotAllowedError
from responder.domain.ids import ResponderId, UnitId
from responder.domain.map.unit import Unit
from responder.domain.people.access import Viewer
from responder.domain.registers.pact.roster import Shift
from responder.ports.audit import AuditQuery
from responder.services.map.set_duty import set_duty
from responder.services.people.erase_person import erase_person
from responder.services.registers.pact.follow_roster import extend_rosters_when_due, follow_rosters
from responder.services.registers.pact.roster import (
    NewPattern,
    add_pattern,
    add_shift,
    answer_swap,
    ask_for_swap,
    assign_shift,
    remove_pattern,
    remove_shift,
)
from responder.services.registers.pact.show_roster import ShownRoster, show_roster
from tests.services.conftest import World
from tests.services.log import log_head


async def me(world: World, username: str) -> ResponderId:
    [own] = (await world.viewer(username)).responder_ids
    return own


async def unit_of(world: World, username: str) -> Unit:
    [unit_id] = (await world.viewer(username)).unit_ids
    return await world.unit(unit_id)


async def put_on_call(
    world: World, username: str, *, begins_h: float, lasts_h: float, by: str = "community"
) -> Shift:
    starts_at = world.clock.now() + timedelta(hours=begins_h)
    return await add_shift(
        world.database,
        viewer=await world.viewer(by),
        responder_id=await me(world, username),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=lasts_h),
        clock=world.clock,
    )


async def follow(world: World, **by: float) -> None:
    world.clock.move(**by)
    await follow_rosters(world.database, world.roads, clock=world.clock)


async def set_by_hand(world: World, unit_id: UnitId, *, on_duty: bool) -> None:
    await set_duty(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        unit_id=unit_id,
        on_duty=on_duty,
        clock=world.clock,
    )


async def roster(world: World, by: str = "observer", *, days: int = 7) -> ShownRoster:
    return await show_roster(
        world.database, viewer=await world.viewer(by), first=None, days=days, clock=world.clock
    )


async def test_a_unit_is_on_duty_from_a_shifts_begin_to_its_end(world: World) -> None:
    luo = "volunteer.luo"
    assert not (await unit_of(world, luo)).on_duty
    await put_on_call(world, luo, begins_h=1, lasts_h=2)
    for move_h, is_on_duty in ((0, False), (1, True), (1.9, True), (0.1, False)):
        await follow(world, hours=move_h)
        assert (await unit_of(world, luo)).on_duty is is_on_duty


async def test_it_comes_on_duty_by_the_same_event_and_reach_version_as_by_hand(world: World) -> None:
    await put_on_call(world, "volunteer.luo", begins_h=0, lasts_h=2)
    before = await log_head(world.database, circle_id=world.circle.id)
    await follow(world)
    after = await log_head(world.database, circle_id=world.circle.id)
    assert after.reach_version == before.reach_version + 1
    async with world.database.begin() as transaction:
        newest, *_ = await transaction.audit.search(world.circle.id, AuditQuery())
    assert newest.detail == {"on_duty": True, "by_roster": True}


async def test_what_is_set_by_hand_during_a_shift_stays_until_the_next_begins(world: World) -> None:
    wen = "hospital.wen"
    await put_on_call(world, wen, begins_h=0, lasts_h=2)
    await put_on_call(world, "hospital.liao", begins_h=2, lasts_h=2)
    await follow(world)
    unit = await unit_of(world, wen)
    await set_by_hand(world, unit.id, on_duty=False)
    await follow(world, hours=1)
    assert not (await world.unit(unit.id)).on_duty
    await follow(world, hours=1)
    assert (await world.unit(unit.id)).on_duty


async def test_what_fell_due_while_nothing_ran_is_made_up_for(world: World) -> None:
    luo = "volunteer.luo"
    await put_on_call(world, luo, begins_h=1, lasts_h=1)
    await follow(world, hours=5)
    assert not (await unit_of(world, luo)).on_duty
    await put_on_call(world, luo, begins_h=1, lasts_h=9)
    await follow(world, hours=5)
    assert (await unit_of(world, luo)).on_duty


async def test_a_weekly_pattern_makes_shifts_ahead_in_the_circles_time_and_once(world: World) -> None:
    world.clock.time = datetime(2025, 11, 3, 0, 0, tzinfo=UTC)
    pattern = await add_pattern(
        world.database,
        viewer=await world.viewer("community"),
        new=NewPattern(
            responder_id=await me(world, "volunteer.luo"), weekdays=(0, 4), starts=time(20), ends=time(8)
        ),
        clock=world.clock,
    )
    shown = await roster(world)
    assert [(each.starts_at, each.ends_at) for each in shown.shifts] == [
        (datetime(2025, 11, 3, 12, tzinfo=UTC), datetime(2025, 11, 4, 0, tzinfo=UTC)),
        (datetime(2025, 11, 7, 12, tzinfo=UTC), datetime(2025, 11, 8, 0, tzinfo=UTC)),
    ]
    assert len((await roster(world, days=35)).shifts) == 10
    assert [each.responder_id for each in shown.tonight] == [pattern.responder_id]

    await remove_shift(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        shift_id=shown.shifts[1].id,
        clock=world.clock,
    )
    world.clock.move(days=1)
    await extend_rosters_when_due(world.database, clock=world.clock)
    world.clock.move(days=1)
    await extend_rosters_when_due(world.database, clock=world.clock)
    assert len((await roster(world)).shifts) == 1  # the Monday after; this Friday was taken off

    await remove_pattern(
        world.database, viewer=await world.viewer("community"), pattern_id=pattern.id, clock=world.clock
    )
    assert (await roster(world, days=35)).shifts == ()


async def test_a_swap_is_two_taps_and_only_the_one_who_was_asked_accepts(world: World) -> None:
    shift = await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=8)
    liao = await me(world, "hospital.liao")
    await ask(world, "hospital.wen", shift, liao)
    assert [each.id for each in (await roster(world, "hospital.liao")).asked] == [shift.id]
    assert (await roster(world, "hospital.ouyang")).asked == ()
    with pytest.raises(EditConflictError):
        await answer(world, "hospital.ouyang", shift)

    swapped = await answer(world, "hospital.liao", shift)

    assert (swapped.responder_id, swapped.asked_id) == (liao, None)
    assert (await answer(world, "hospital.liao", shift)).responder_id == liao  # sent twice


async def ask(world: World, by: str, shift: Shift, whom: ResponderId | None) -> Shift:
    return await ask_for_swap(
        world.database,
        viewer=await world.viewer(by),
        shift_id=shift.id,
        responder_id=whom,
        clock=world.clock,
    )


async def answer(world: World, by: str, shift: Shift, *, accept: bool = True) -> Shift:
    return await answer_swap(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        shift_id=shift.id,
        accept=accept,
        clock=world.clock,
    )


async def test_who_declines_is_not_asked_any_more_and_the_shift_stays(world: World) -> None:
    shift = await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=8)
    await ask(world, "hospital.wen", shift, await me(world, "hospital.liao"))
    declined = await answer(world, "hospital.liao", shift, accept=False)
    assert (declined.responder_id, declined.asked_id) == (shift.responder_id, None)


async def test_a_swap_during_a_shift_moves_duty_to_the_others_unit(world: World) -> None:
    await set_by_hand(world, (await unit_of(world, "volunteer.luo")).id, on_duty=False)
    shift = await put_on_call(world, "volunteer.yi", begins_h=0, lasts_h=8)
    await follow(world)
    assigned = await assign_shift(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        shift_id=shift.id,
        responder_id=await me(world, "volunteer.luo"),
        clock=world.clock,
    )
    assert assigned.unit_id == (await unit_of(world, "volunteer.luo")).id
    assert (await unit_of(world, "volunteer.luo")).on_duty
    assert not (await unit_of(world, "volunteer.yi")).on_duty


async def test_dispatchers_set_their_own_partners_roster_and_no_other(world: World) -> None:
    await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=2, by="hospital")
    with pytest.raises(NotAllowedError):
        await put_on_call(world, "police.tang", begins_h=1, lasts_h=2, by="hospital")
    with pytest.raises(NotAllowedError):
        await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=2, by="hospital.wen")
    shift = await put_on_call(world, "police.tang", begins_h=1, lasts_h=2)
    with pytest.raises(NotAllowedError):
        await ask(world, "hospital.wen", shift, await me(world, "police.jiang"))
    with pytest.raises(InvalidValueError):
        await ask(world, "police.tang", shift, await me(world, "hospital.wen"))


@pytest.mark.parametrize(("begins_h", "lasts_h"), [(1, 0), (1, -1), (1, 37), (-3, 2), (24 * 400, 1)])
async def test_a_time_that_cannot_be_is_refused(world: World, begins_h: float, lasts_h: float) -> None:
    with pytest.raises(InvalidValueError):
        await put_on_call(world, "hospital.wen", begins_h=begins_h, lasts_h=lasts_h)


async def test_the_same_shift_twice_is_one(world: World) -> None:
    await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=2)
    await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=2)
    assert len((await roster(world)).shifts) == 1


async def test_of_an_erased_person_no_shift_is_left(world: World) -> None:
    await put_on_call(world, "hospital.wen", begins_h=1, lasts_h=2)
    await erase_person(world.database, username="hospital.wen", clock=world.clock)
    assert (await roster(world)).shifts == ()
    assert await patterns_of(world, await world.viewer("community")) == 7


async def patterns_of(world: World, viewer: Viewer) -> int:
    shown = await show_roster(world.database, viewer=viewer, first=None, days=1, clock=world.clock)
    return len(shown.patterns)
