import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from responder.domain.errors import (
    IncidentEndedError,
    InvalidValueError,
    NotAllowedError,
    NotARecipientError,
    NotFoundError,
)
from responder.domain.ids import AlertId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.map.unit import Unit
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.acknowledge import acknowledge, acknowledge_all
from responder.services.incidents.mark_sent import mark_sent
from responder.services.incidents.queries import show_incident
from responder.services.incidents.receipt_batch import DeviceReceipt
from tests.services.conftest import World
from tests.services.log import addressed_events


async def answer(
    world: World,
    alert_id: AlertId,
    state: DeliveryState,
    *,
    by: str = "hospital.wen",
    action: UUID | None = None,
) -> Delivery:
    return await acknowledge(
        world.database,
        viewer=await world.viewer(by),
        alert_id=alert_id,
        state=state,
        action_id=action or uuid4(),
        device_at=world.clock.now() + timedelta(days=1),
        device="phone",
        clock=world.clock,
    )


async def test_a_receipt_that_comes_late_never_takes_a_delivery_back(world: World) -> None:
    detail = await world.raise_at()
    alert = detail.alerts[0].id
    raised_at = world.clock.now()
    world.clock.move(seconds=5)
    assert (await answer(world, alert, DeliveryState.ACCEPTED)).state is DeliveryState.ACCEPTED
    world.clock.move(seconds=5)
    late = await answer(world, alert, DeliveryState.DELIVERED)
    assert late.state is DeliveryState.ACCEPTED
    assert late.times == {
        "queued": raised_at,
        "accepted": raised_at + timedelta(seconds=5),
        "delivered": raised_at + timedelta(seconds=10),
    }
    stored = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    assert late in stored.deliveries


async def test_the_same_action_counts_once_however_often_it_is_sent(world: World) -> None:
    alert = (await world.raise_at()).alerts[0].id
    action = uuid4()
    answers = await asyncio.gather(
        *(answer(world, alert, DeliveryState.SEEN, action=action) for _ in range(20))
    )
    assert all(each == answers[0] for each in answers)
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert [event.recorded.event.kind for event in events] == ["alert_raised", "deliveries_updated"]


async def test_an_action_of_another_person_with_the_same_id_is_another_one(world: World) -> None:
    alert = (await world.raise_at()).alerts[0].id
    action = uuid4()
    await answer(world, alert, DeliveryState.SEEN, action=action)
    other = await answer(world, alert, DeliveryState.SEEN, by="community.zhou", action=action)
    assert other.state is DeliveryState.SEEN


async def test_who_was_not_called_is_told_so_and_a_stranger_learns_nothing(world: World) -> None:
    detail = await world.raise_at()
    called = {delivery.recipient_id for delivery in detail.deliveries}
    outsider = await world.viewer("volunteer.luo")
    assert not outsider.responder_ids & called, "the night volunteers are off duty"
    with pytest.raises(NotFoundError):
        await answer(world, detail.alerts[0].id, DeliveryState.ACCEPTED, by="volunteer.luo")
    with pytest.raises(NotFoundError):
        await answer(world, AlertId(uuid4()), DeliveryState.ACCEPTED)
    with pytest.raises(NotARecipientError):
        await answer(world, detail.alerts[0].id, DeliveryState.ACCEPTED, by="hospital")
    with pytest.raises(NotAllowedError):
        await answer(world, detail.alerts[0].id, DeliveryState.ACCEPTED, by="observer")


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.RELEASED])
async def test_a_device_cannot_report_what_is_not_its_to_report(world: World, state: DeliveryState) -> None:
    alert = (await world.raise_at()).alerts[0].id
    with pytest.raises(InvalidValueError):
        await answer(world, alert, state)


async def test_after_the_end_an_alert_can_still_arrive_but_no_one_sets_out(world: World) -> None:
    detail = await world.raise_at()
    ended = await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.FALSE_ALARM,
        clock=world.clock,
    )
    for alert in ended.alerts:
        assert (await answer(world, alert.id, DeliveryState.SEEN)).state is DeliveryState.SEEN
        with pytest.raises(IncidentEndedError):
            await answer(world, alert.id, DeliveryState.ACCEPTED)


async def test_receipts_of_many_are_stored_together_and_each_hears_its_own_answer(world: World) -> None:
    alert = (await world.raise_at()).alerts[0].id
    names = ["hospital.wen", "community.zhou", "volunteer.luo", "hospital.wen"]
    receipts = [
        DeviceReceipt(
            viewer=await world.viewer(name),
            action_id=uuid4(),
            alert_id=alert,
            state=state,
            device_at=world.clock.now(),
            device="",
        )
        for name, state in zip(
            names,
            [DeliveryState.SEEN, DeliveryState.DELIVERED, DeliveryState.SEEN, DeliveryState.ACCEPTED],
            strict=True,
        )
    ]
    first, second, refused, last = await acknowledge_all(
        world.database, circle_id=world.circle.id, receipts=receipts, clock=world.clock
    )
    assert isinstance(refused, NotFoundError)
    assert isinstance(first, Delivery)
    assert isinstance(second, Delivery)
    assert isinstance(last, Delivery)
    assert (first.state, second.state, last.state) == (
        DeliveryState.SEEN,
        DeliveryState.DELIVERED,
        DeliveryState.ACCEPTED,
    )
    [_, event] = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert event.recorded.event.kind == "deliveries_updated"
    assert sorted(event.recorded.event.deliveries, key=str) == sorted([second, last], key=str)


async def test_what_was_handed_to_a_socket_is_sent_once_and_only_while_it_is_queued(world: World) -> None:
    detail = await world.raise_at()
    alert = detail.alerts[0].id
    await answer(world, alert, DeliveryState.DELIVERED)
    pairs = [(alert, delivery.recipient_id) for delivery in detail.deliveries]
    for _ in range(2):
        await mark_sent(world.database, circle_id=world.circle.id, pairs=pairs, clock=world.clock)
    stored = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    own = (await world.viewer("hospital.wen")).responder_ids
    for delivery in stored.deliveries:
        expected = DeliveryState.DELIVERED if delivery.recipient_id in own else DeliveryState.SENT
        assert delivery.state is expected
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=2)
    assert [event.recorded.event.kind for event in events] == ["deliveries_updated"]


async def test_a_person_who_cannot_come_after_all_stays_so(world: World) -> None:
    detail = await world.raise_at()
    alert = detail.alerts[0].id
    await answer(world, alert, DeliveryState.EN_ROUTE)
    world.clock.move(seconds=5)

    gone = await answer(world, alert, DeliveryState.WITHDRAWN)

    assert (gone.state, gone.times["withdrawn"]) == (DeliveryState.WITHDRAWN, world.clock.now())
    # What the phone kept from before comes late, and is stored without taking them back.
    late = await answer(world, alert, DeliveryState.ON_SCENE)
    assert (late.state, "on_scene" in late.times) == (DeliveryState.WITHDRAWN, True)
    stored = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    assert [each.recipient_name for each in stored.deliveries if each.state is DeliveryState.WITHDRAWN] == [
        gone.recipient_name
    ]
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert any(gone in getattr(each.recorded.event, "deliveries", ()) for each in events)


async def test_a_unit_off_duty_is_followed_no_longer_when_all_of_it_have_withdrawn(world: World) -> None:
    detail = await world.raise_at()
    [unit_id] = {
        each.unit_id
        for each in detail.deliveries
        if each.recipient_id in (await world.viewer("hospital.wen")).responder_ids
    }
    async with world.database.begin() as transaction:
        unit = await transaction.layer(Unit).get(world.circle.id, unit_id)
        await transaction.layer(Unit).add(world.circle.id, [replace(unit, on_duty=False)])
        personal_data = transaction.personal_data
        assert await personal_data.may_be_followed(world.circle.id, unit_id)
        await transaction.deliveries.put(
            world.circle.id,
            [
                each.advance(DeliveryState.WITHDRAWN, at=world.clock.now())
                for each in detail.deliveries
                if each.unit_id == unit_id
            ],
        )
        assert not await personal_data.may_be_followed(world.circle.id, unit_id)
