"""One person in two called units is called, counted and answered for once; only one unit comes with them."""

from functools import reduce
from uuid import uuid4

import pytest

from responder.domain.errors import InvalidValueError
from responder.domain.ids import ResponderId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.access import Viewer
from responder.ports.audit import AuditQuery
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.acknowledge import acknowledge
from responder.services.incidents.queries import show_incident
from responder.services.map.set_duty import set_duty
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.remove_person import remove_person
from responder.services.reach.preview import show_reach
from tests.services.conftest import World
from tests.services.log import events_after

WHO = "hospital.wen"
CHOSEN = DeliveryState.ACCEPTED


async def two_units(world: World) -> tuple[UnitId, UnitId]:
    """The unit that the person is in, and another one of the same partner."""
    wen = await world.viewer(WHO)
    async with world.database.begin() as transaction:
        units = await transaction.layer(Unit).of_circle(world.circle.id)
    [own] = wen.unit_ids
    second = next(each.id for each in units if each.partner_id == wen.partner_id and each.id != own)
    return own, second


async def be_in(world: World, *unit_ids: UnitId) -> None:
    await change_person(
        world.database,
        viewer=await world.viewer("community"),
        account_id=(await world.viewer(WHO)).account_id,
        change=PersonChange(fields=frozenset({"unit_ids"}), unit_ids=unit_ids),
        clock=world.clock,
    )


async def in_both(world: World) -> tuple[UnitId, UnitId]:
    units = await two_units(world)
    await be_in(world, *units)
    return units


async def remove_others(world: World, *units: UnitId) -> None:
    """Let no one else be in the units."""
    wen = await world.viewer(WHO)
    async with world.database.begin() as transaction:
        people = await transaction.responders.of_units(world.circle.id, units)
    for account_id in {each.account_id for each in people} - {wen.account_id}:
        assert account_id is not None
        await remove_person(
            world.database, viewer=await world.viewer("community"), account_id=account_id, clock=world.clock
        )


async def on_duty(world: World, unit_id: UnitId, *, on_duty: bool) -> None:
    await set_duty(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        unit_id=unit_id,
        on_duty=on_duty,
        clock=world.clock,
    )


async def answer(
    world: World, detail: IncidentDetail, state: DeliveryState, *, unit_id: UnitId | None = None
) -> Delivery:
    return await acknowledge(
        world.database,
        viewer=await world.viewer(WHO),
        alert_id=detail.alerts[0].id,
        state=state,
        action_id=uuid4(),
        device_at=world.clock.now(),
        device="phone",
        unit_id=unit_id,
        clock=world.clock,
    )


async def now(world: World, detail: IncidentDetail) -> IncidentDetail:
    viewer = await world.viewer("community")
    return await show_incident(world.database, viewer=viewer, incident_id=detail.incident.id)


def own(detail: IncidentDetail, viewer: Viewer) -> Delivery:
    [delivery] = [each for each in detail.deliveries if each.recipient_id in viewer.responder_ids]
    return delivery


async def replays(world: World, before: CircleSnapshot) -> bool:
    """Whether a client that follows the log from before sees what the database says now."""
    staff = await world.viewer("community")
    events = await events_after(
        world.database, viewer=staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert events is not None
    return reduce(apply, events, before) == await show_circle(world.database, viewer=staff, clock=world.clock)


def slot(detail: IncidentDetail, *units: UnitId) -> list[UnitId]:
    """The units in the order in which they could be there."""
    return [each.unit_id for each in detail.response_circle.members if each.unit_id in units]


async def test_the_person_is_called_once_with_the_quickest_unit(world: World) -> None:
    called_before = len((await world.raise_at()).deliveries)
    units = await in_both(world)
    wen = await world.viewer(WHO)
    detail = await world.raise_at()
    assert len(detail.deliveries) == called_before
    call = own(detail, wen)
    assert list(call.unit_ids) == slot(detail, *units)
    assert len(call.unit_ids) == 2
    assert call.unit_id == call.unit_ids[0]
    async with world.database.begin() as transaction:
        newest, *_ = await transaction.audit.search(world.circle.id, AuditQuery())
    assert newest.detail["called"] == called_before


async def test_the_preview_counts_the_person_once_and_each_unit_as_having_a_person(world: World) -> None:
    building = await world.building("脑科巷7栋")

    async def preview() -> tuple[int, int]:
        found = await show_reach(
            world.database,
            world.roads,
            viewer=await world.viewer("community"),
            building_id=building.id,
            clock=world.clock,
        )
        members = {member.unit_id for member in found.members}
        return found.called, sum(found.people[unit] for unit in members)

    called_before, places_before = await preview()
    assert called_before == places_before
    await in_both(world)
    assert await preview() == (called_before, places_before + 1)
    assert len((await world.raise_at()).deliveries) == called_before


async def test_one_acceptance_is_one_and_the_person_says_with_which_unit(world: World) -> None:
    await in_both(world)
    staff = await world.viewer("community")
    detail = await world.raise_at()
    before = await show_circle(world.database, viewer=staff, clock=world.clock)
    first, second = own(detail, await world.viewer(WHO)).unit_ids
    assert (await answer(world, detail, CHOSEN)).unit_id == first
    coming = [each for each in (await now(world, detail)).deliveries if each.state is CHOSEN]
    assert [each.unit_id for each in coming] == [first]

    assert (await answer(world, detail, CHOSEN, unit_id=second)).unit_id == second
    assert (await answer(world, detail, DeliveryState.EN_ROUTE)).unit_id == second, "what was said holds"
    assert (await answer(world, detail, CHOSEN, unit_id=first)).unit_id == second, "that came late"
    assert (await answer(world, detail, DeliveryState.ON_SCENE, unit_id=first)).unit_id == first
    stored = own(await now(world, detail), await world.viewer(WHO))
    assert (stored.unit_id, stored.unit_ids) == (first, (first, second))
    assert await replays(world, before)


async def test_no_one_goes_with_a_unit_that_they_were_not_called_in(world: World) -> None:
    detail = await world.raise_at()
    _, other = await two_units(world)
    for state, unit_id in ((CHOSEN, other), (CHOSEN, UnitId(uuid4())), (DeliveryState.SEEN, other)):
        with pytest.raises(InvalidValueError) as refused:
            await answer(world, detail, state, unit_id=unit_id)
        assert refused.value.detail == {"field": "unit_id"}
    assert own(await now(world, detail), await world.viewer(WHO)).state is DeliveryState.QUEUED


@pytest.mark.parametrize("goes_with", [0, 1])
@pytest.mark.parametrize("leaves", [0, 1])
@pytest.mark.parametrize("state", [DeliveryState.QUEUED, CHOSEN, DeliveryState.DECLINED])
async def test_a_person_who_leaves_one_of_the_units_stays_called_in_the_other(
    world: World, leaves: int, goes_with: int, state: DeliveryState
) -> None:
    await in_both(world)
    staff = await world.viewer("community")
    detail = await world.raise_at()
    units = own(detail, await world.viewer(WHO)).unit_ids
    if state is not DeliveryState.QUEUED:
        unit_id = units[goes_with] if state is CHOSEN else None
        await answer(world, detail, state, unit_id=unit_id)
    before = await show_circle(world.database, viewer=staff, clock=world.clock)
    world.clock.move(seconds=7)
    kept = units[1 - leaves]
    await be_in(world, kept)

    call = own(await now(world, detail), await world.viewer(WHO))
    assert (call.unit_id, call.unit_ids, call.state) == (kept, (kept,), state)
    assert len((await now(world, detail)).deliveries) == len(detail.deliveries)
    assert await replays(world, before)
    assert (await answer(world, detail, DeliveryState.EN_ROUTE)).state is DeliveryState.EN_ROUTE
    await be_in(world)
    gone = [each for each in (await now(world, detail)).deliveries if each.unit_id == kept]
    assert DeliveryState.WITHDRAWN in {each.state for each in gone}


async def test_leaving_a_unit_that_was_not_called_changes_no_call(world: World) -> None:
    called, other = await in_both(world)
    await on_duty(world, other, on_duty=False)
    detail = await world.raise_at()
    await answer(world, detail, CHOSEN)
    before = own(await now(world, detail), await world.viewer(WHO))
    assert before.unit_ids == (called,)
    await be_in(world, called)
    assert own(await now(world, detail), await world.viewer(WHO)) == before
    async with world.database.begin() as transaction:
        newest, *_ = await transaction.audit.search(world.circle.id, AuditQuery())
    assert newest.detail["withdrawn"] == 0


@pytest.mark.parametrize("alone", [True, False])
async def test_a_unit_that_comes_within_reach_later_is_offered_and_calls_no_one_twice(
    world: World, *, alone: bool
) -> None:
    if alone:
        await remove_others(world, *await two_units(world))
    units = await in_both(world)
    staff = await world.viewer("community")
    quick, slow = slot(await world.raise_at(), *units)
    await on_duty(world, quick, on_duty=False)
    detail = await world.raise_at("脑科巷2栋")
    call = own(detail, await world.viewer(WHO))
    assert call.unit_ids == (slow,)
    before = await show_circle(world.database, viewer=staff, clock=world.clock)
    await on_duty(world, quick, on_duty=True)
    offered = own(await now(world, detail), await world.viewer(WHO))
    assert set(offered.unit_ids) == {quick, slow}
    assert offered.unit_id == offered.unit_ids[0], "the quickest, while nothing was said"
    assert len((await now(world, detail)).deliveries) == len(detail.deliveries) + (not alone)
    assert await replays(world, before)

    await answer(world, detail, CHOSEN, unit_id=slow)
    await on_duty(world, quick, on_duty=False)
    await on_duty(world, quick, on_duty=True)
    assert own(await now(world, detail), await world.viewer(WHO)).unit_id == slow, "what was said holds"
    assert await replays(world, before)


async def test_a_person_who_left_and_comes_back_is_called_again_and_counted_once(world: World) -> None:
    first, second = await in_both(world)
    staff = await world.viewer("community")
    detail = await world.raise_at()
    await answer(world, detail, CHOSEN)
    await be_in(world)
    before = await show_circle(world.database, viewer=staff, clock=world.clock)
    await be_in(world, first)
    await on_duty(world, second, on_duty=False)
    call = own(await now(world, detail), await world.viewer(WHO))
    assert (call.state, list(call.times)) == (DeliveryState.QUEUED, ["queued"])
    assert len((await now(world, detail)).deliveries) == len(detail.deliveries)
    assert await replays(world, before)


async def test_the_end_is_told_once(world: World) -> None:
    await in_both(world)
    detail = await world.raise_at()
    ended = await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    wen = await world.viewer(WHO)
    told = [each for each in ended.deliveries if each.recipient_id in wen.responder_ids]
    assert len(told) == 2, "the call and its end"


@pytest.mark.parametrize(("phone", "called"), [("0731-1", 1), ("", 2)])
async def test_without_an_account_the_same_name_and_number_is_one_person(
    world: World, phone: str, called: int
) -> None:
    units = await two_units(world)
    partner = (await world.viewer(WHO)).partner_id
    assert partner is not None
    async with world.database.begin() as transaction:
        await transaction.responders.add(
            world.circle.id,
            [
                Responder(
                    id=ResponderId(uuid4()),
                    unit_id=unit_id,
                    partner_id=partner,
                    account_id=None,
                    name="值班员",
                    phone=phone,
                )
                for unit_id in units
            ],
        )
    detail = await world.raise_at()
    assert len([each for each in detail.deliveries if each.recipient_name == "值班员"]) == called
