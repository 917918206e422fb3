"""Help from a neighbouring circle: agreed on by both, that call only, and ended with what it helps."""

from functools import reduce
from uuid import UUID, uuid4

import psycopg
import pytest

from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import CircleId, UnitId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import CircleHelp, HelpState
from responder.domain.people.access import Role, Viewer
from responder.services.circles.snapshot import show_circle
from responder.services.directing.direct_incident import send_update, set_severity
from responder.services.directing.merge_incidents import merge_incidents
from responder.services.directing.move_pin import NewPlace, move_pin
from responder.services.ladder.neighbours import list_neighbours, remove_neighbour, set_neighbour
from tests.api.access.twin import MARK, make_twin
from tests.services.ladder.conftest import Night
from tests.services.log import events_after


class Twin:
    """Another circle of the installation, with the same units and people of its own."""

    def __init__(self, night: Night, circle_id: CircleId) -> None:
        self.night = night
        self.circle_id = circle_id

    @property
    def staff(self) -> Viewer:
        account_id = uuid4()
        return Viewer(
            account_id=account_id,  # type: ignore[arg-type]
            name="邻圈指挥席",
            circle_id=self.circle_id,
            role=Role.COORDINATOR,
        )

    async def unit_id(self, name: str) -> UnitId:
        snapshot = await show_circle(
            self.night.world.database, viewer=self.staff, clock=self.night.world.clock
        )
        return next(unit.id for unit in snapshot.units if name in unit.name)

    async def agrees(self, *units: str) -> None:
        world = self.night.world
        unit_ids = tuple([await self.unit_id(name) for name in units])
        await set_neighbour(
            world.database,
            viewer=self.staff,
            neighbour_id=world.circle.id,
            unit_ids=unit_ids,
            clock=world.clock,
        )

    async def is_named(self) -> None:
        world = self.night.world
        await set_neighbour(
            world.database,
            viewer=await world.viewer("community"),
            neighbour_id=self.circle_id,
            unit_ids=(),
            clock=world.clock,
        )


@pytest.fixture
async def twin(night: Night) -> Twin:
    dsn = night.world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(dsn) as connection:
        circle_id = make_twin(connection, night.world.circle.id)
    return Twin(night, CircleId(UUID(str(circle_id))))


async def helps(night: Night, detail: object) -> CircleHelp | None:
    ladder = (await night.now(detail)).ladder  # type: ignore[arg-type]
    assert ladder is not None
    return next((circle for step in ladder.steps for circle in step.circles), None)


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


async def theirs_now(night: Night, twin: Twin) -> tuple[IncidentDetail, ...]:
    shown = await show_circle(night.world.database, viewer=twin.staff, clock=night.world.clock)
    return shown.incidents


async def they_accept(night: Night, twin: Twin, call: IncidentDetail, number: int = 0) -> None:
    async with night.world.database.begin() as transaction:
        await transaction.circles.lock(twin.circle_id)
        accepted = call.deliveries[number].advance(DeliveryState.ACCEPTED, at=night.world.clock.now())
        await transaction.deliveries.put(twin.circle_id, [accepted])


async def test_what_the_people_of_an_incident_are_told_its_helpers_are_told(night: Night, twin: Twin) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    detail = await night.raises()
    await night.until(20)
    incident_id = detail.incident.id
    # Before they are called: they are called with it, and told nothing further.
    await send_update(world.database, viewer=staff, incident_id=incident_id, text="早", clock=world.clock)
    await night.until(182)
    await send_update(
        world.database, viewer=staff, incident_id=incident_id, text="从北门进", clock=world.clock
    )
    await night.until(183)
    [call] = await theirs_now(night, twin)
    assert [(each.cause, each.text) for each in call.alerts] == [
        (AlertCause.RAISED, ""),
        (AlertCause.TEXT, "从北门进"),
    ]
    await set_severity(
        world.database, viewer=staff, incident_id=incident_id, severity=Severity.RED, clock=world.clock
    )
    there = await world.building("脑科巷2栋")
    await move_pin(
        world.database,
        world.roads,
        viewer=staff,
        incident_id=incident_id,
        to=NewPlace(building_id=there.id),
        clock=world.clock,
    )
    before = await show_circle(world.database, viewer=twin.staff, clock=world.clock)
    await night.until(190)
    [call] = await theirs_now(night, twin)
    asked = await night.now(detail)
    assert [each.cause for each in call.alerts[2:]] == [AlertCause.LEVEL_RAISED, AlertCause.MOVED]
    assert call.incident.severity is Severity.RED
    assert (call.incident.place.lon, call.incident.place.lat) == (
        asked.incident.place.lon,
        asked.incident.place.lat,
    )
    # A building of theirs with the same id is another one.
    assert call.incident.place.building_id is None
    assert call.response_circle.members
    assert call.response_circle != before.incidents[0].response_circle
    told = [{each.recipient_id for each in call.deliveries if each.alert_id == a.id} for a in call.alerts]
    assert told == [told[0]] * 4
    assert len(told[0]) == 2
    assert str(incident_id) not in str(call)
    after = await show_circle(world.database, viewer=twin.staff, clock=world.clock)
    events = await events_after(
        world.database, viewer=twin.staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert events is not None
    assert reduce(apply, events, before) == after


async def test_who_helps_with_an_incident_that_is_merged_goes_on_with_the_other(
    night: Night, twin: Twin
) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    first = await night.raises()
    await night.until(100)
    second = await night.raises(severity=Severity.RED)
    await night.until(182)
    [call] = await theirs_now(night, twin)
    await they_accept(night, twin, call)
    await merge_incidents(
        world.database,
        viewer=staff,
        incident_id=first.incident.id,
        into=second.incident.id,
        clock=world.clock,
    )
    await night.until(185)
    [same] = await theirs_now(night, twin)
    assert same.incident.id == call.incident.id
    assert (same.incident.is_open, same.incident.severity) == (True, Severity.RED)
    assert [each.cause for each in same.alerts] == [AlertCause.RAISED, AlertCause.MERGED]
    helping = await helps(night, second)
    assert helping is not None
    assert (helping.state, helping.called, helping.coming) == (HelpState.CALLED, 2, 1)
    # The other's own time to ask comes: they are not called once more.
    await night.until(290)
    assert len(await theirs_now(night, twin)) == 1
    await night.ends(second)
    await night.until(292)
    [over] = await theirs_now(night, twin)
    assert over.incident.end_reason is EndReason.RESOLVED


async def test_help_for_both_of_two_that_are_merged_is_merged(night: Night, twin: Twin) -> None:
    world, staff = night.world, await night.world.viewer("community")
    await twin.agrees("急救车组")
    await twin.is_named()
    first, second = await night.raises(), await night.raises(severity=Severity.YELLOW)
    await night.until(182)
    calls = {each.incident.severity: each for each in await theirs_now(night, twin)}
    await they_accept(night, twin, calls[Severity.ORANGE])
    await merge_incidents(
        world.database,
        viewer=staff,
        incident_id=first.incident.id,
        into=second.incident.id,
        clock=world.clock,
    )
    await night.until(185)
    now = {each.incident.severity: each for each in await theirs_now(night, twin)}
    over, goes_on = now[Severity.ORANGE], now[Severity.YELLOW]
    assert over.incident.end_reason is EndReason.MERGED
    assert over.incident.merged_into == goes_on.incident.id
    assert goes_on.incident.is_open
    states = sorted(each.state for each in goes_on.deliveries)
    assert states == [DeliveryState.ACCEPTED, DeliveryState.QUEUED]
    helping = await helps(night, second)
    assert helping is not None
    assert (helping.state, helping.called, helping.coming) == (HelpState.CALLED, 2, 1)
