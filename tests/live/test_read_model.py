"""The golden rule on the wire: an old snapshot and the events since make the new snapshot, for every role."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from responder.domain.ids import CircleId
from responder.domain.incidents import fold
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.snapshot import ENDED_KEPT, CircleSnapshot, IncidentDetail
from responder.live.circle.audience import CROWD, shown_snapshot
from responder.live.circle.read_model import ENDED_HELD, CircleReadModel, load
from responder.live.protocol.messages import SERVER_MESSAGE, EventMessage, Snapshot
from responder.services.circles.snapshot import show_circle
from responder.services.incidents.acknowledge import acknowledge
from responder.services.map.closures import NewClosure, lift_closure, set_closure
from responder.services.map.set_duty import set_duty
from responder.store.database import connect
from responder.store.road_cache import StoredRoads
from tests.faults.rig.build import build_town
from tests.faults.rig.town import LAT, Person, lon_at, plan_town
from tests.live.conftest import CLOCK, Device, Start, World
from tests.patience import PATIENCE_S

CIRCLE = TypeAdapter(CircleSnapshot)
STATES = [DeliveryState.DELIVERED, DeliveryState.SEEN, DeliveryState.DECLINED, DeliveryState.ACCEPTED]


@pytest.fixture(scope="module")
async def world(database_url: str) -> AsyncIterator[World]:
    """Give a town with a village of few and a village of a crowd."""
    database = connect(database_url)
    few = plan_town(villages=2, teams=2, people_per_team=2)
    many = plan_town(villages=2, teams=3, people_per_team=CROWD // 3 + 1)
    teams = [team for team in few.teams if team.village == 0]
    teams += [
        replace(
            team,
            partner_id=few.partners[1],
            people=tuple(replace(person, partner_id=few.partners[1]) for person in team.people),
        )
        for team in many.teams
        if team.village == 1
    ]
    town = await build_town(database, replace(few, teams=tuple(teams)))
    yield World(database=database, url=database_url, town=town, roads=StoredRoads(database))
    await database.dispose()


def one_of_each_role(world: World) -> list[Person]:
    return [
        *world.town.staff,
        world.responder(village=0),
        world.responder(village=0, on_duty=False),
        world.responder(village=1),
        world.responder(village=1, number=1),
    ]


class Happenings:
    """Things that people do, in a random order."""

    def __init__(self, world: World, *, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.open: list[IncidentDetail] = []
        self.closures: list[object] = []

    async def one(self) -> None:
        await self.random.choices(
            [self.call, self.answer, self.end, self.close, self.lift, self.duty], [3, 12, 2, 1, 1, 1]
        )[0]()

    async def call(self) -> None:
        self.open.append(await self.world.raise_alert(village=self.random.randrange(2)))

    async def end(self) -> None:
        if self.open:
            await self.world.end(self.open.pop(self.random.randrange(len(self.open))))

    async def answer(self) -> None:
        if not self.open:
            return
        detail = self.random.choice(self.open)
        delivery = self.random.choice(detail.deliveries[:6])
        person = next(p for p in self.world.town.people if p.responder_id == delivery.recipient_id)
        await acknowledge(
            self.world.database,
            viewer=await self.world.viewer(person),
            alert_id=delivery.alert_id,
            state=self.random.choice(STATES),
            action_id=uuid4(),
            device_at=CLOCK.now(),
            device="",
            clock=CLOCK,
        )

    async def close(self) -> None:
        east_m = self.random.uniform(0, 200)
        line = {"type": "LineString", "coordinates": [[lon_at(east_m), LAT], [lon_at(east_m + 5), LAT]]}
        staff = await self.world.viewer(self.world.staff("coordinator"))
        closure = await set_closure(
            self.world.database,
            self.world.roads,
            viewer=staff,
            new=NewClosure(name="路堵了", geometry=line, wider_than_m=2.0),
            clock=CLOCK,
        )
        self.closures.append(closure.id)

    async def lift(self) -> None:
        if self.closures:
            staff = await self.world.viewer(self.world.staff("coordinator"))
            await lift_closure(
                self.world.database,
                self.world.roads,
                viewer=staff,
                closure_id=self.closures.pop(),  # type: ignore[arg-type]
                clock=CLOCK,
            )

    async def duty(self) -> None:
        team = self.random.choice(self.world.town.teams)
        staff = await self.world.viewer(self.world.staff("coordinator"))
        await set_duty(
            self.world.database,
            self.world.roads,
            viewer=staff,
            unit_id=team.id,
            on_duty=self.random.random() < 0.8,
            clock=CLOCK,
        )


def folded(device: Device) -> CircleSnapshot:
    """Return what a device knows: its snapshot, and every event after it."""
    first = SERVER_MESSAGE.validate_json(json.dumps(device.heard[0]))
    assert isinstance(first, Snapshot)
    snapshot = first.snapshot
    for heard in device.heard[1:]:
        message = SERVER_MESSAGE.validate_json(json.dumps(heard))
        if isinstance(message, EventMessage):
            recorded = RecordedEvent(
                circle_id=snapshot.circle.id,
                seq=message.seq,
                id=message.id,
                at=message.at,
                event=message.event,
                reach_version=message.reach_version,
            )
            snapshot = fold.apply(snapshot, recorded)
    return snapshot


def comparable(snapshot: CircleSnapshot) -> object:
    """Leave out the number, which jumps over what is not the viewer's business, and positions."""
    return json.loads(CIRCLE.dump_json(replace(snapshot, seq=0, event_id=None, positions=())))


@pytest.mark.parametrize("seed", [1, 2])
async def test_old_snapshot_and_events_make_the_new_snapshot(world: World, start: Start, seed: int) -> None:
    gateway = await start()
    devices = [(person, await gateway.live(person)) for person in one_of_each_role(world)]
    happenings = Happenings(world, seed=seed)
    for _ in range(60):
        await happenings.one()
    fresh_gateway = await start()
    deadline_s = time.monotonic() + PATIENCE_S
    for person, device in devices:
        while True:
            # What was sent is marked as such a moment later, which is told to those who are there.
            await device.silence(for_s=0.1)
            fresh = await fresh_gateway.live(person)
            expected = SERVER_MESSAGE.validate_json(json.dumps(fresh.heard[0]))
            assert isinstance(expected, Snapshot)
            theirs, ours = comparable(folded(device)), comparable(expected.snapshot)
            if theirs == ours or time.monotonic() > deadline_s:
                break
        assert theirs == ours, person.role


@pytest.mark.parametrize("seed", [3])
async def test_a_mirror_shows_what_the_database_shows(world: World, seed: int) -> None:
    circle_id = CircleId(world.town.circle_id)
    async with world.database.snapshot() as transaction:
        read_model = await load(transaction, circle_id)
    happenings = Happenings(world, seed=seed)
    for _ in range(40):
        await happenings.one()
    async with world.database.snapshot() as transaction:
        for addressed in await transaction.events.after(circle_id, read_model.seq):
            read_model.apply(addressed.recorded)
    for person in one_of_each_role(world):
        viewer = await world.viewer(person)
        expected = shown_snapshot(await show_circle(world.database, viewer=viewer, clock=CLOCK), viewer)
        shown = read_model.show(viewer)
        assert shown is not None
        message = SERVER_MESSAGE.validate_json(shown.json)
        assert isinstance(message, Snapshot)
        assert message.snapshot == expected
        own = [
            each
            for incident in expected.incidents
            for each in incident.deliveries
            if each.recipient_id in viewer.responder_ids
        ]
        assert list(shown.deliveries) == own


async def test_a_person_who_may_see_older_incidents_than_are_held_asks_the_database(world: World) -> None:
    detail = await world.raise_alert(village=0)
    ended = await world.end(detail)
    async with world.database.snapshot() as transaction:
        read_model = await load(transaction, CircleId(world.town.circle_id))
    staff = await world.viewer(world.staff("coordinator"))
    stranger = await world.viewer(world.responder(village=1))
    assert read_model.show(stranger) is not None

    many = [
        replace(ended, incident=replace(ended.incident, id=uuid4()))  # type: ignore[arg-type]
        for _ in range(ENDED_HELD)
    ]
    whole = await show_circle(world.database, viewer=staff, clock=CLOCK)
    full = CircleReadModel(replace(whole, incidents=tuple(many)), has_older=True, positions=[])
    assert full.show(staff) is not None, f"staff see the last {ENDED_KEPT}, which are held"
    assert full.show(stranger) is None


async def test_in_a_crowd_no_one_is_told_of_every_others_device(world: World, start: Start) -> None:
    gateway = await start()
    me, other = world.responder(village=1), world.responder(village=1, number=1)
    mine, theirs, staff = (
        await gateway.live(me),
        await gateway.live(other),
        await gateway.live(world.staff("observer")),
    )
    detail = await world.raise_alert(village=1)
    [own] = (await mine.next_event("alert_raised"))["event"]["detail"]["deliveries"]
    assert own["recipient_id"] == str(me.responder_id)
    all_deliveries = (await staff.next_event("alert_raised"))["event"]["detail"]["deliveries"]
    assert len(all_deliveries) == len(detail.deliveries) > CROWD

    await theirs.receipt(detail.alerts[0].id, "accepted")
    await theirs.next("receipt_stored")
    await mine.receipt(detail.alerts[0].id, "seen")
    async with asyncio.timeout(PATIENCE_S):
        while (await mine.next_event("deliveries_updated"))["event"]["deliveries"][0]["state"] != "seen":
            pass
    assert str(other.responder_id) not in json.dumps(mine.heard[1:])
    await world.end(detail)
