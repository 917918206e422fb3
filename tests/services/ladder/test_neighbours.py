"""Help from a neighbouring circle: agreed on by both, that call only, and ended with what it helps."""

from uuid import uuid4

import pytest

from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import CircleId, UnitId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.ladder.ladder import HelpState
from responder.services.circles.snapshot import show_circle
from responder.services.ladder.neighbours import list_neighbours, remove_neighbour, set_neighbour
from tests.api.access.twin import MARK
from tests.services.ladder.conftest import Night
from tests.services.ladder.twin import Twin, helps


async def test_neighbours_are_called_when_no_one_comes_and_get_that_call_only(
    night: Night, twin: Twin
) -> None:
    await twin.agrees("急救车组")
    await twin.is_named()
    detail = await night.raises()
    await night.until(179)
    assert await helps(night, detail) is None
    await night.until(181)
    asked = await helps(night, detail)
    assert asked is not None
    assert (asked.state, asked.called, asked.coming) == (HelpState.CALLED, 2, 0)
    theirs = await show_circle(night.world.database, viewer=twin.staff, clock=night.world.clock)
    [call] = theirs.incidents
    assert {each.recipient_name.removeprefix(MARK) for each in call.deliveries} == {"示例·文静", "示例·廖川"}
    assert call.incident.place.lon == detail.incident.place.lon
    assert call.incident.raised_by_name == night.world.circle.name
    # Nothing of those who ask: neither their people nor their incident.
    asking = str(call)
    assert str(detail.incident.id) not in asking
    assert str(detail.incident.raised_by) not in asking

    async with night.world.database.begin() as transaction:
        await transaction.circles.lock(twin.circle_id)
        accepted = call.deliveries[0].advance(DeliveryState.ACCEPTED, at=night.world.clock.now())
        await transaction.deliveries.put(twin.circle_id, [accepted])
    await night.until(183)
    coming = await helps(night, detail)
    assert coming is not None
    assert coming.coming == 1

    await night.ends(detail, EndReason.FALSE_ALARM)
    await night.until(185)
    theirs = await show_circle(night.world.database, viewer=twin.staff, clock=night.world.clock)
    [ended] = theirs.incidents
    assert ended.incident.end_reason is EndReason.FALSE_ALARM
    call_to, cancel_to = (
        {each.recipient_id for each in ended.deliveries if each.alert_id == alert.id}
        for alert in ended.alerts
    )
    assert call_to == cancel_to
    over = await helps(night, detail)
    assert over is not None
    assert over.state is HelpState.ENDED


@pytest.mark.parametrize("who", ["they", "we"])
async def test_one_side_alone_agrees_on_nothing(night: Night, twin: Twin, who: str) -> None:
    if who == "they":
        await twin.agrees("急救车组")
    else:
        await twin.is_named()
        staff = await night.world.viewer("community")
        [named] = await list_neighbours(night.world.database, viewer=staff)
        assert (named.is_agreed, named.name, named.units) == (False, "", 0)
    detail = await night.raises()
    await night.until(182)
    assert await helps(night, detail) is None
    theirs = await show_circle(night.world.database, viewer=twin.staff, clock=night.world.clock)
    assert theirs.incidents == ()


async def test_whether_a_circle_exists_is_not_told(night: Night) -> None:
    world, staff = night.world, await night.world.viewer("community")
    shown = await set_neighbour(
        world.database, viewer=staff, neighbour_id=CircleId(uuid4()), unit_ids=(), clock=world.clock
    )
    assert [(each.is_agreed, each.name) for each in shown] == [(False, "")]
    with pytest.raises(NotFoundError):
        await remove_neighbour(
            world.database, viewer=staff, neighbour_id=CircleId(uuid4()), clock=world.clock
        )
    with pytest.raises(InvalidValueError):
        await set_neighbour(
            world.database, viewer=staff, neighbour_id=world.circle.id, unit_ids=(), clock=world.clock
        )
    with pytest.raises(InvalidValueError):
        await set_neighbour(
            world.database,
            viewer=staff,
            neighbour_id=CircleId(uuid4()),
            unit_ids=(UnitId(uuid4()),),
            clock=world.clock,
        )
