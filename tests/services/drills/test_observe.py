"""Observations: sent with one tap, and said in full afterwards."""

from dataclasses import replace
from uuid import uuid4

import pytest

from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.plan import Drill, InjectKind, Measure, Objective, PlannedClosure
from responder.domain.errors import NotAllowedError, NotFoundError
from responder.domain.ids import ObservationId
from responder.domain.incidents.event import DrillRunChanged
from responder.exchange.pictures import redrawn
from responder.ports.photos import Photo
from responder.services.drills.running.observe import NewObservation, add_photo, list_observations, observe
from responder.services.drills.running.report import report_lane_clear
from tests.exchange.pictures import picture
from tests.services.drills.conftest import ALL_AROUND, Drills, message
from tests.services.log import addressed_events

EXTINGUISHER = Objective(
    key="extinguisher", text="两分钟内用上灭火器", measure=Measure.OBSERVED, within_s=120
)


async def send(
    drills: Drills, drill: Drill, new: NewObservation, *, by: str = "volunteer.luo"
) -> Observation:
    world = drills.world
    viewer = await world.viewer(by)
    return await observe(
        world.database, world.roads, viewer=viewer, drill_id=drill.id, new=new, clock=world.clock
    )


async def events_of_runs(drills: Drills) -> int:
    events = await addressed_events(drills.world.database, circle_id=drills.world.circle.id, seq=0)
    return sum(isinstance(each.recorded.event, DrillRunChanged) for each in events)


def tapped(drills: Drills, **said: object) -> NewObservation:
    new = NewObservation(
        id=ObservationId(uuid4()), at=drills.world.clock.now(), verdict=ObservationVerdict.NOTE
    )
    return replace(new, **said)  # type: ignore[arg-type]


async def test_words_that_follow_a_tap_are_kept_with_its_moment(drills: Drills) -> None:
    drill = await drills.plan(objectives=(EXTINGUISHER,))
    await drills.start(drill)
    tap = tapped(drills)
    first = await send(drills, drill, tap)
    drills.world.clock.move(seconds=40)

    said = replace(tap, at=drills.world.clock.now(), text="水带没有接上", verdict=ObservationVerdict.IMPROVE)
    second = await send(drills, drill, replace(said, lon=112.985, lat=28.158))
    await send(drills, drill, replace(said, lon=112.9, lat=28.1))

    [kept] = (await drills.run(drill.id)).observations
    assert kept == replace(
        first, text="水带没有接上", verdict=ObservationVerdict.IMPROVE, lon=112.985, lat=28.158
    )
    assert kept == second
    assert (await drills.run(drill.id)).run.observations == 1


async def test_an_objective_that_is_named_later_is_met_at_the_moment_of_the_tap(drills: Drills) -> None:
    drill = await drills.plan(objectives=(EXTINGUISHER,))
    await drills.start(drill)
    await drills.later(30)
    tap = tapped(drills, verdict=ObservationVerdict.GOOD)
    await send(drills, drill, tap, by="observer")
    await drills.later(300)

    await send(drills, drill, replace(tap, objective="extinguisher"), by="observer")
    [met] = (await drills.run(drill.id)).outcomes
    await send(
        drills,
        drill,
        replace(tap, objective="extinguisher", verdict=ObservationVerdict.IMPROVE),
        by="observer",
    )
    [not_met] = (await drills.run(drill.id)).outcomes

    assert (met.met_at_s, met.in_time) == (30, True)
    assert not_met.met_at_s is None


async def test_those_who_are_tried_do_not_say_that_an_objective_is_met(drills: Drills) -> None:
    drill = await drills.plan(objectives=(EXTINGUISHER,))
    await drills.start(drill)

    with pytest.raises(NotAllowedError):
        await send(drills, drill, tapped(drills, objective="extinguisher"), by="hospital.wen")

    assert (await drills.run(drill.id)).observations == ()


async def test_the_console_hears_of_words_and_pictures_that_follow(drills: Drills) -> None:
    world = drills.world
    drill = await drills.plan()
    await drills.start(drill)
    tap = tapped(drills)
    await send(drills, drill, tap)
    heard = await events_of_runs(drills)

    await send(drills, drill, tap)
    assert await events_of_runs(drills) == heard
    await send(drills, drill, replace(tap, text="快"))
    assert await events_of_runs(drills) == heard + 1
    await add_photo(
        world.database,
        world.roads,
        viewer=await world.viewer("volunteer.luo"),
        drill_id=drill.id,
        observation_id=tap.id,
        photo=Photo("image/png", picture()),
        redraw=redrawn,
        clock=world.clock,
    )
    assert await events_of_runs(drills) == heard + 2
    [kept] = await list_observations(
        world.database, viewer=await world.viewer("volunteer.luo"), drill_id=drill.id
    )
    assert (kept.text, kept.has_photo) == ("快", True)


async def test_nobody_changes_what_another_has_seen(drills: Drills) -> None:
    drill = await drills.plan()
    await drills.start(drill)
    tap = tapped(drills)
    await send(drills, drill, tap)

    with pytest.raises(NotFoundError):
        await send(drills, drill, replace(tap, text="不是我"), by="hospital.wen")

    assert [each.text for each in (await drills.run(drill.id)).observations] == [""]


async def test_a_run_says_which_inject_closed_a_lane(drills: Drills) -> None:
    world = drills.world
    closed = message(1, 5, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND))
    drill = await drills.plan(closed, message(2, 5))
    await drills.start(drill)
    await drills.later(6)

    run = (await drills.run(drill.id)).run
    assert [each.closure_id for each in run.injects] == [run.closures[0].id, None]
    planner = await world.viewer("planner")
    cleared = await report_lane_clear(
        world.database, world.roads, viewer=planner, drill_id=drill.id, number=1, clock=world.clock
    )
    assert (cleared.injects[0].closure_id, cleared.closures) == (run.closures[0].id, ())
