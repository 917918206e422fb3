"""Turnouts and speeds are learnt from what people reported, and applied only when a planner accepts."""

from datetime import timedelta

import pytest

from responder.domain.errors import EditConflictError, NotAllowedError
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.services.directing.end_incident import end_incident
from responder.services.reach.calibration import ShownCalibration, apply_calibration, show_calibration
from responder.services.reach.profiles import show_profiles
from tests.services.conftest import World
from tests.services.drills.conftest import Drills

WHO = "hospital.wen"


async def _practise(drills: Drills, *, turnout_s: float, slower_by: float) -> None:
    """Hold a drill in which one person sets out and arrives at these times."""
    world = drills.world
    run = await drills.start(await drills.plan())
    detail = await drills.exercise(run)
    mine = (await world.viewer(WHO)).responder_ids
    [own] = [each for each in detail.deliveries if each.recipient_id in mine]
    member = next(each for each in detail.response_circle.members if each.unit_id == own.unit_id)
    for state, after_s in (
        (DeliveryState.EN_ROUTE, turnout_s),
        (DeliveryState.ON_SCENE, member.travel_s * slower_by),
    ):
        world.clock.move(seconds=after_s)
        await drills.answer(run, state, by=WHO)
    await end_incident(
        world.database,
        viewer=await world.viewer("planner"),
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    await drills.later(timedelta(days=1).total_seconds())


async def _shown(world: World) -> ShownCalibration:
    return await show_calibration(world.database, viewer=await world.viewer("planner"), clock=world.clock)


async def test_what_was_slower_is_proposed_and_applied_on_acceptance_alone(drills: Drills) -> None:
    world = drills.world
    for number in range(6):
        await _practise(drills, turnout_s=200 + number, slower_by=1.5 + number / 100)

    shown = await _shown(world)

    [turnout], [speed] = shown.calibration.turnouts, shown.calibration.speeds
    unit = await world.unit(turnout.unit_id)
    assert (turnout.before_s, turnout.after_s, turnout.estimate.n) == (unit.turnout_s, 202.0, 6)
    assert speed.factor == pytest.approx(1 / 1.525, abs=0.01)
    assert shown.calibration.held_out is not None
    assert shown.calibration.held_out.after_s < shown.calibration.held_out.before_s / 5
    planner = await world.viewer("planner")
    before = (await show_profiles(world.database, viewer=planner)).table["profiles"][speed.profile]

    left = await apply_calibration(
        world.database,
        world.roads,
        viewer=planner,
        unit_ids=[turnout.unit_id],
        profiles=[speed.profile],
        profiles_version=shown.profiles_version,
        clock=world.clock,
    )

    assert (left.calibration.turnouts, left.calibration.speeds) == ((), ())
    assert (await world.unit(turnout.unit_id)).turnout_s == 202.0
    table = (await show_profiles(world.database, viewer=planner)).table
    after = table["profiles"][speed.profile]
    for road, kph in before["speeds_kph"].items():
        assert after["speeds_kph"][road] == pytest.approx(kph * speed.factor, abs=0.06)
    assert after["sources"]["speeds_kph"] in table["sources"]


async def test_what_is_not_proposed_is_not_applied(drills: Drills) -> None:
    world = drills.world
    planner = await world.viewer("planner")

    with pytest.raises(EditConflictError):
        await apply_calibration(
            world.database,
            world.roads,
            viewer=planner,
            unit_ids=[],
            profiles=["foot"],
            profiles_version=None,
            clock=world.clock,
        )
    with pytest.raises(NotAllowedError):
        await apply_calibration(
            world.database,
            world.roads,
            viewer=await world.viewer("observer"),
            unit_ids=[],
            profiles=[],
            profiles_version=None,
            clock=world.clock,
        )
