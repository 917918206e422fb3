from datetime import timedelta

import pytest

from geo.errors import InvalidCoordinatesError
from responder.domain.errors import InvalidValueError, NotAllowedError, NotFoundError, OffDutyError
from responder.domain.ids import UnitId
from responder.domain.incidents.incident import EndReason
from responder.domain.map.unit import FRESH_POSITION, POSITION_KEPT, Position
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.map.report_position import report_position
from responder.services.map.set_duty import set_duty
from responder.services.map.show_positions import open_audiences, positions_after
from tests.services.conftest import World
from tests.services.log import log_head

FAR = (112.9800, 28.1561)


async def report(world: World, *, by: str = "hospital.wen", age_s: float = 0.0, **changed: float) -> Position:
    viewer = await world.viewer(by)
    [unit_id] = viewer.unit_ids
    said = {"lon": FAR[0], "lat": FAR[1], "accuracy_m": 8.0, **changed}
    return await report_position(
        world.database,
        viewer=viewer,
        unit_id=unit_id,
        at=world.clock.now() - timedelta(seconds=age_s),
        clock=world.clock,
        **said,
    )


async def test_a_fresh_position_decides_the_way_and_a_stale_one_does_not(world: World) -> None:
    position = await report(world)
    ages: list[float | None] = []
    for _ in range(2):
        detail = await world.raise_at()
        [member] = [m for m in detail.response_circle.members if m.unit_id == position.unit_id]
        ages.append(member.position_age_s)
        start = member.legs[0].coordinates[0]
        post = (await world.unit(position.unit_id)).post
        expected = FAR if member.position_age_s is not None else post
        assert abs(start[0] - expected[0]) < 0.003
        assert abs(start[1] - expected[1]) < 0.003
        world.clock.move(seconds=FRESH_POSITION.total_seconds() + 1)
    assert ages == [0.0, None]


async def test_only_the_latest_position_is_kept_and_never_in_the_log(world: World) -> None:
    latest = await report(world)
    await report(world, age_s=60, lon=112.99)
    [shared] = await positions_after(world.database, circle_id=world.circle.id, stored_at=None)
    assert shared.position == latest
    assert await positions_after(world.database, circle_id=world.circle.id, stored_at=shared.stored_at) == ()
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == 0


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"age_s": 301}, InvalidValueError),
        ({"age_s": -31}, InvalidValueError),
        ({"lat": 999.0}, InvalidCoordinatesError),
        ({"lon": float("nan")}, InvalidCoordinatesError),
        ({"accuracy_m": float("nan")}, InvalidValueError),
        ({"accuracy_m": -1.0}, InvalidValueError),
    ],
)
async def test_a_position_that_cannot_be_is_refused(
    world: World, changed: dict[str, float], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await report(world, **changed)
    assert await positions_after(world.database, circle_id=world.circle.id, stored_at=None) == ()


async def test_another_persons_unit_is_not_there(world: World) -> None:
    [foreign] = (await world.viewer("police.tang")).unit_ids
    with pytest.raises(NotFoundError):
        await report_position(
            world.database,
            viewer=await world.viewer("hospital.wen"),
            unit_id=foreign,
            lon=FAR[0],
            lat=FAR[1],
            accuracy_m=5,
            at=world.clock.now(),
            clock=world.clock,
        )


async def test_where_a_unit_is_is_shown_to_its_own_and_to_those_called_with_it(world: World) -> None:
    position = await report(world)

    async def shown_to(username: str) -> bool:
        viewer = await world.viewer(username)
        snapshot = await show_circle(world.database, viewer=viewer, clock=world.clock)
        assert snapshot.positions in {(), (position,)}
        return bool(snapshot.positions)

    names = ("community", "hospital", "police", "police.tang", "volunteer.luo")
    assert [await shown_to(name) for name in names] == [True, True, False, False, False]
    detail = await world.raise_at()
    assert [await shown_to(name) for name in names] == [True, True, True, True, False]
    assert list(await open_audiences(world.database, circle_id=world.circle.id)) == [detail.incident.id]
    world.clock.move(seconds=POSITION_KEPT.total_seconds() + 1)
    assert not await shown_to("community")


async def test_duty_is_set_by_those_whose_it_is_and_told_once(world: World) -> None:
    [own] = (await world.viewer("hospital.wen")).unit_ids

    async def off_duty(username: str, unit_id: UnitId = own) -> bool:
        viewer = await world.viewer(username)
        unit = await set_duty(
            world.database,
            world.roads,
            viewer=viewer,
            unit_id=unit_id,
            on_duty=False,
            clock=world.clock,
        )
        return not unit.on_duty

    for stranger in ("police", "police.tang", "planner", "observer"):
        with pytest.raises(NotAllowedError):
            await off_duty(stranger)
    with pytest.raises(NotFoundError):
        await off_duty("community", UnitId(world.circle.id))
    for entitled in ("hospital.wen", "hospital", "community"):
        assert await off_duty(entitled)
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == 1
    assert own not in {m.unit_id for m in (await world.raise_at()).response_circle.members}


async def test_no_one_off_duty_is_followed_unless_on_an_alert(world: World) -> None:
    viewer = await world.viewer("hospital.wen")
    [unit_id] = viewer.unit_ids

    async def duty(*, on_duty: bool) -> None:
        await set_duty(
            world.database, world.roads, viewer=viewer, unit_id=unit_id, on_duty=on_duty, clock=world.clock
        )

    await duty(on_duty=False)
    with pytest.raises(OffDutyError):
        await report(world)
    assert await positions_after(world.database, circle_id=world.circle.id, stored_at=None) == ()
    await duty(on_duty=True)
    detail = await world.raise_at()
    await duty(on_duty=False)
    assert await report(world)
    coordinator = await world.viewer("community")
    await end_incident(
        world.database,
        viewer=coordinator,
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    with pytest.raises(OffDutyError):
        await report(world)


async def test_a_person_who_comes_on_duty_is_called_to_what_is_open(world: World) -> None:
    night_volunteer = await world.viewer("volunteer.luo")
    [unit_id] = night_volunteer.unit_ids
    detail = await world.raise_at()
    assert not {d.recipient_id for d in detail.deliveries} & night_volunteer.responder_ids
    await set_duty(
        world.database,
        world.roads,
        viewer=night_volunteer,
        unit_id=unit_id,
        on_duty=True,
        clock=world.clock,
    )
    shown = await show_circle(world.database, viewer=night_volunteer, clock=world.clock)
    [incident] = shown.incidents
    assert {d.recipient_id for d in incident.deliveries} >= night_volunteer.responder_ids
