"""Where units are: to those who may see it, at most once a second."""

import asyncio
import time

from tests.live.conftest import CLOCK, Start, World
from tests.patience import PATIENCE_S


async def test_positions_come_to_those_who_may_see_them_at_most_once_a_second(
    world: World, start: Start
) -> None:
    gateway = await start()
    person = world.responder(village=0)
    walking = await gateway.live(person)
    staff = await gateway.live(world.staff("coordinator"))
    colleague = await gateway.live(world.responder(village=0, number=2))
    stranger = await gateway.live(world.responder(village=1))
    unit_id = next(team.id for team in world.town.teams if person in team.people)
    detail = await world.raise_alert(village=0)

    async def walk() -> None:
        for step in range(30):
            await walking.send(
                type="report_position",
                unit_id=unit_id,
                lon=112.5 + step * 1e-5,
                lat=28.15,
                accuracy_m=5,
                at=CLOCK.now().isoformat(),
            )
            await asyncio.sleep(0.1)

    began = time.monotonic()
    await walk()
    last = 112.5 + 29 * 1e-5
    for device in (staff, colleague):
        async with asyncio.timeout(PATIENCE_S):
            while (await device.next("position"))["lon"] != last:
                pass
        positions = [message for message in device.heard if message["type"] == "position"]
        assert 2 <= len(positions) <= time.monotonic() - began + 1
    assert not [message for message in await stranger.silence(for_s=0.2) if message["type"] == "position"]
    await world.end(detail)


async def test_a_position_of_a_unit_of_others_is_refused(world: World, start: Start) -> None:
    gateway = await start()
    device = await gateway.live(world.responder(village=0))
    strange = next(team.id for team in world.town.teams if team.village == 1)
    await device.send(
        type="report_position",
        unit_id=strange,
        lon=112.5,
        lat=28.15,
        accuracy_m=5,
        at=CLOCK.now().isoformat(),
    )
    assert (await device.next("refused"))["code"] == "not_found"
