"""The pin of an open incident is moved: others are called, some are released, and all hear of it."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from responder.domain.errors import IncidentEndedError, InvalidValueError, NotAllowedError, NotFoundError
from responder.domain.ids import BuildingId
from responder.domain.incidents.alert import AlertCause, MessageType
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import IncidentMoved
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Unit
from responder.services.directing.end_incident import undo_alert
from responder.services.directing.move_pin import NewPlace, move_pin
from responder.services.incidents.queries import show_incident
from responder.store.transaction import PostgresTransaction
from tests.services.conftest import World
from tests.services.directing.acts import answered, recipients
from tests.services.log import addressed_events

SOUTH_EAST = LonLat(112.9884514, 28.1550222)
"""The post of the police."""
NORTH_WEST = LonLat(112.9826379, 28.1581263)
"""The post of the hospital."""


async def moved(
    world: World, detail: IncidentDetail, to: NewPlace, *, by: str = "community"
) -> IncidentDetail:
    return await move_pin(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        incident_id=detail.incident.id,
        to=to,
        clock=world.clock,
    )


async def limit_to(world: World, *, seconds: float) -> None:
    async with world.database.begin() as transaction:
        assert isinstance(transaction, PostgresTransaction)
        await transaction._connection.execute(  # noqa: SLF001 - nothing of ours changes it
            text("UPDATE circle SET limit_s = :seconds"), {"seconds": seconds}
        )


def members(detail: IncidentDetail) -> set[object]:
    return {member.unit_id for member in detail.response_circle.members}


def calls(detail: IncidentDetail) -> dict[object, DeliveryState]:
    return {
        each.recipient_id: each.state for each in detail.deliveries if each.alert_id == detail.alerts[0].id
    }


async def test_who_can_be_there_now_is_called_the_others_are_released_and_all_are_told(world: World) -> None:
    await limit_to(world, seconds=180)
    detail = await world.raise_at(at=SOUTH_EAST)
    called = recipients(detail, 0)
    accepted = await answered(world, detail.alerts[0].id, DeliveryState.ACCEPTED, by="police.tang")
    world.clock.move(minutes=1)
    after = await moved(world, detail, NewPlace(lonlat=NORTH_WEST))

    assert after.incident.place.lonlat == NORTH_WEST
    assert after.incident.place.label not in {"", detail.incident.place.label}
    gone, come = members(detail) - members(after), members(after) - members(detail)
    assert gone
    assert come
    assert calls(after)[accepted.recipient_id] is DeliveryState.RELEASED
    new = recipients(after, 0) - called
    assert new
    assert {calls(after)[each] for each in new} == {DeliveryState.QUEUED}
    stay = {
        each.recipient_id
        for each in after.deliveries
        if each.alert_id == after.alerts[0].id and not members(after).isdisjoint(each.unit_ids)
    }
    released = {each for each, state in calls(after).items() if state is DeliveryState.RELEASED}
    assert released == called - stay
    # The new ones are called by the alert itself; the update goes to exactly those who had it.
    update = after.alerts[-1]
    assert (update.message_type, update.cause) == (MessageType.UPDATE, AlertCause.MOVED)
    assert recipients(after, 1) == called
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert events[-1].recorded.event == IncidentMoved(detail=after)
    shown = await show_incident(
        world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
    )
    assert shown == after


async def test_who_was_released_is_called_again_when_the_pin_comes_back(world: World) -> None:
    await limit_to(world, seconds=180)
    detail = await world.raise_at(at=SOUTH_EAST)
    await answered(world, detail.alerts[0].id, DeliveryState.ACCEPTED, by="police.tang")
    away = await moved(world, detail, NewPlace(lonlat=NORTH_WEST))
    released = {each for each, state in calls(away).items() if state is DeliveryState.RELEASED}
    world.clock.move(minutes=1)
    back = await moved(world, detail, NewPlace(lonlat=SOUTH_EAST))
    assert released
    for each in back.deliveries:
        if each.alert_id == back.alerts[0].id and each.recipient_id in released:
            assert (each.state, each.times) == (DeliveryState.QUEUED, {"queued": world.clock.now()})
    # They are called, so that they need not be told beside.
    assert recipients(back, 2).isdisjoint(released)
    accepted = await answered(world, back.alerts[0].id, DeliveryState.ACCEPTED, by="police.tang")
    assert accepted.state is DeliveryState.ACCEPTED


async def test_one_person_with_a_unit_that_can_come_is_not_released(
    world: World,
) -> None:
    await limit_to(world, seconds=180)
    detail = await world.raise_at(at=SOUTH_EAST)
    async with world.database.snapshot() as transaction:
        units = {each.id: each for each in await transaction.layer(Unit).of_circle(world.circle.id)}
    after = await moved(world, detail, NewPlace(lonlat=NORTH_WEST))
    for each in after.deliveries:
        if each.alert_id == after.alerts[0].id and each.state is DeliveryState.RELEASED:
            assert members(after).isdisjoint(each.unit_ids), units[each.unit_id].name


async def test_a_building_is_a_place_too_and_the_same_place_changes_nothing(world: World) -> None:
    detail = await world.raise_at()
    building = await world.building("脑科巷9栋")
    after = await moved(world, detail, NewPlace(building_id=building.id))
    assert (after.incident.place.label, after.incident.place.building_id) == ("脑科巷9栋", building.id)
    assert await moved(world, detail, NewPlace(building_id=building.id)) == after
    assert len(await addressed_events(world.database, circle_id=world.circle.id, seq=0)) == 2


async def test_a_place_that_cannot_be_leaves_the_pin_where_it_was(world: World) -> None:
    detail = await world.raise_at()
    for place, refusal in (
        (NewPlace(), InvalidValueError),
        (NewPlace(entrance="南门"), InvalidValueError),
        (NewPlace(building_id=BuildingId(uuid4())), NotFoundError),
        (NewPlace(lonlat=LonLat(0, 0)), (NoRoadNearbyError, OutsideNetworkError)),
        (NewPlace(lonlat=NORTH_WEST, label="长" * 201), InvalidValueError),
    ):
        with pytest.raises(refusal):  # type: ignore[call-overload]
            await moved(world, detail, place)
    for by in ("hospital.wen", "planner", "observer"):
        with pytest.raises(NotAllowedError):
            await moved(world, detail, NewPlace(lonlat=NORTH_WEST), by=by)
    viewer = await world.viewer("community")
    shown = await show_incident(world.database, viewer=viewer, incident_id=detail.incident.id)
    assert shown == detail
    await undo_alert(world.database, viewer=viewer, incident_id=detail.incident.id, clock=world.clock)
    with pytest.raises(IncidentEndedError):
        await moved(world, detail, NewPlace(lonlat=NORTH_WEST))
