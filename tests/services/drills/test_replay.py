"""A replay shows the circle at any moment exactly as it was shown then."""

import json
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from responder.domain.drills.observation import ObservationVerdict
from responder.domain.drills.plan import InjectKind, PlannedClosure
from responder.domain.ids import ObservationId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.map.unit import Position, Unit
from responder.domain.people.access import operator
from responder.domain.people.partner import PartnerKind
from responder.services.circles.snapshot import show_circle
from responder.services.drills.replay import Replay, load_replay
from responder.services.drills.running.observe import NewObservation, observe
from responder.services.drills.running.report import count_people
from responder.services.drills.running.steer_drill import end_drill
from tests.node import run_node
from tests.services.drills.conftest import ALL_AROUND, Drills, message

PEOPLE = ("hospital.wen", "police.tang", "property.he", "community.zhou")
MOST_MOMENTS = 500
EVENTS_BETWEEN = 64
"""As many lie between two snapshots that the player keeps."""
SNAPSHOT: TypeAdapter[CircleSnapshot] = TypeAdapter(CircleSnapshot)
REPLAY: TypeAdapter[Replay] = TypeAdapter(Replay)


@pytest.mark.parametrize("seconds", [100, pytest.param(560, marks=pytest.mark.nightly)])
async def test_any_second_is_as_it_was_shown_live(drills: Drills, seconds: int) -> None:
    world, chance = drills.world, random.Random(7)  # noqa: S311 - the same course every time
    everyone, planner = operator(world.circle.id), await world.viewer("planner")
    drill = await drills.plan(
        message(1, 20),
        message(2, 45, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND)),
        message(3, 120),
    )
    run = await drills.start(drill)
    async with world.database.snapshot() as transaction:
        units = await transaction.layer(Unit).of_circle(world.circle.id)
    shown: dict[datetime, CircleSnapshot] = {}
    for _ in range(seconds):
        world.clock.move(seconds=1)
        await drills.later(0)
        if chance.random() < 0.2:
            await _someone_answers(drills, run, chance)
        if chance.random() < 0.8:
            await count_people(
                world.database,
                world.roads,
                viewer=planner,
                drill_id=drill.id,
                people=chance.randint(1, 5),
                clock=world.clock,
            )
        if chance.random() < 0.5:
            await _someone_moves(drills, units, chance)
        if chance.random() < 0.02:
            await world.raise_at(f"脑科巷{chance.randint(1, 5)}栋", exercise=True, by="planner")
        shown[world.clock.now()] = await show_circle(world.database, viewer=everyone, clock=world.clock)
    world.clock.move(seconds=1)
    await end_drill(world.database, world.roads, viewer=planner, drill_id=drill.id, clock=world.clock)
    # What comes later is no part of it.
    world.clock.move(seconds=1)
    await world.raise_at("脑科巷3栋")

    replay = await load_replay(world.database, viewer=planner, drill_id=drill.id)
    moments = chance.sample(list(shown), min(seconds, MOST_MOMENTS))
    *played, end = play(replay, [*moments, world.clock.now()])

    assert len(replay.events) > EVENTS_BETWEEN

    for moment, snapshot in zip(moments, played, strict=True):
        assert snapshot == SNAPSHOT.dump_python(shown[moment], mode="json")
    assert end["drills"] == []
    assert [incident["incident"]["exercise"] for incident in end["incidents"]].count(False) == 0


async def test_units_that_take_no_part_are_not_followed(drills: Drills) -> None:
    world = drills.world
    async with world.database.snapshot() as transaction:
        partners = await transaction.partners.of_circle(world.circle.id)
        units = await transaction.layer(Unit).of_circle(world.circle.id)
    hospital = next(each.id for each in partners if each.kind is PartnerKind.HOSPITAL)
    own = {unit.id for unit in units if unit.partner_id == hospital}
    chance = random.Random(4)  # noqa: S311 - the same course every time
    for _ in range(40):
        await _someone_moves(drills, units, chance)
        world.clock.move(seconds=1)
    drill = await drills.plan(partner_ids=(hospital,))
    run = await drills.start(drill)
    for _ in range(40):
        world.clock.move(seconds=1)
        await _someone_moves(drills, units, chance)

    replay = await load_replay(world.database, viewer=await world.viewer("planner"), drill_id=drill.id)

    assert {point.unit_id for point in replay.track} == own
    assert replay.base.positions == ()
    [snapshot] = play(replay, [run.started_at])
    assert {position["unit_id"] for position in snapshot["positions"]} == {str(unit_id) for unit_id in own}


async def test_observations_are_part_of_it_with_their_moment(drills: Drills) -> None:
    world = drills.world
    drill = await drills.plan()
    run = await drills.start(drill)
    world.clock.move(seconds=30)
    new = NewObservation(
        id=ObservationId(uuid4()),
        at=run.started_at - timedelta(minutes=5),
        verdict=ObservationVerdict.GOOD,
        text="快",
    )
    for _ in range(2):
        await observe(
            world.database,
            world.roads,
            viewer=await world.viewer("volunteer.luo"),
            drill_id=drill.id,
            new=new,
            clock=world.clock,
        )

    planner = await world.viewer("planner")
    replay = await load_replay(world.database, viewer=planner, drill_id=drill.id)

    assert [(each.text, each.at) for each in replay.observations] == [("快", run.started_at)]
    assert replay.run.observations == 1


def play(replay: Replay, moments: list[datetime]) -> list[dict[str, Any]]:
    """Return the circle at these moments as the page that plays the replay has it."""
    asked = {
        "recording": REPLAY.dump_python(replay, mode="json"),
        "moments": [each.isoformat() for each in moments],
    }
    played: list[dict[str, Any]] = json.loads(run_node("tests/play.js", stdin=json.dumps(asked)))
    return played


async def _someone_answers(drills: Drills, run: object, chance: random.Random) -> None:
    states = [DeliveryState.DELIVERED, DeliveryState.SEEN, DeliveryState.ACCEPTED, DeliveryState.ON_SCENE]
    await drills.answer(run, chance.choice(states), by=chance.choice(PEOPLE))  # type: ignore[arg-type]


async def _someone_moves(drills: Drills, units: tuple[Unit, ...], chance: random.Random) -> None:
    world = drills.world
    now = world.clock.now()
    position = Position(
        unit_id=chance.choice(units).id,
        lon=112.985 + chance.random() / 1000,
        lat=28.158,
        accuracy_m=5,
        # Phones are late at times: what is older than what is known changes nothing.
        at=now - timedelta(seconds=chance.choice([0, 0, 3])),
    )
    async with world.database.begin() as transaction:
        await transaction.positions.put(world.circle.id, position, stored_at=now)
