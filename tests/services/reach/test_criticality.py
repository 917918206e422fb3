"""What closed roads cost the circle: against closing them and asking again, and the computation as a job."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
import shapely

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.reach.model import ReachModel
from geo.reach.results import Origin
from responder.domain.errors import BusyError, NoRoadNetworkError, NotFoundError
from responder.domain.ids import BuildingId
from responder.domain.map.building import Building
from responder.domain.map.closure import Closure
from responder.domain.map.unit import Unit
from responder.domain.people.access import operator
from responder.domain.people.partner import PartnerKind
from responder.domain.reach.criticality import (
    Counted,
    Criticality,
    CriticalityStatus,
    JobState,
    Loss,
    Shut,
    weight,
)
from responder.ports.reach import JobKey
from responder.services.concurrency import run_in_thread
from responder.services.incidents.response_circle import road_closures
from responder.services.map.closures import NewClosure, lift_closure, set_closure
from responder.services.reach import inputs
from responder.services.reach.criticality import (
    DEAD_AFTER,
    compute_criticality,
    show_criticality,
    start_criticality,
)
from responder.services.reach.job_queue import MOST_WAITING, JobQueue
from tests.circles import make_bare_circle
from tests.services.conftest import World

VEHICLES = frozenset({"ebike", "car", "ambulance", "mini_engine", "fire_engine"})
LIMITS_S = (180.0, 300.0, 900.0)
SOUTH = {"type": "LineString", "coordinates": [[112.98502, 28.15665], [112.98497, 28.15715]]}


async def computed(world: World, **what: object) -> Criticality:
    return await compute_criticality(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        clock=world.clock,
        progress=lambda _step, _share: None,
        **what,  # type: ignore[arg-type]
    )


async def attempt(world: World, jobs: JobQueue, **what: object) -> CriticalityStatus:
    return await start_criticality(
        world.database,
        world.roads,
        jobs,
        viewer=operator(world.circle.id),
        clock=world.clock,
        **what,  # type: ignore[arg-type]
    )


async def shown(world: World, **what: object) -> CriticalityStatus:
    return await show_criticality(
        world.database,
        viewer=operator(world.circle.id),
        clock=world.clock,
        **what,  # type: ignore[arg-type]
    )


def soonest(
    model: ReachModel, building: Building, units: dict[str, list[Origin]], closures: Sequence[RoadClosure]
) -> dict[str, float]:
    doors = [LonLat(door.lon, door.lat) for door in building.entrances]
    found = {}
    for kind, origins in units.items():
        result = model.reach(doors, origins, limit_s=7200, closures=closures, explain=False)
        found[kind] = min((one.response_s for one in result.reached), default=float("inf"))
    return found


async def test_each_road_of_the_circle_costs_what_closing_it_and_asking_again_costs(world: World) -> None:
    found = await computed(world)

    async with world.database.begin() as transaction:
        buildings = [b for b in await transaction.layer(Building).of_circle(world.circle.id) if b.households]
        closures = road_closures(await transaction.layer(Closure).of_circle(world.circle.id))
        kinds = {p.id: p.kind.value for p in await transaction.partners.of_circle(world.circle.id)}
        units: dict[str, list[Origin]] = {}
        for unit in await transaction.layer(Unit).of_circle(world.circle.id):
            if unit.on_duty:
                origin = Origin(
                    id=str(unit.id),
                    place=LonLat(*unit.post),
                    profile=unit.profile,
                    turnout_s=unit.turnout_s,
                )
                units.setdefault(kinds[unit.partner_id], []).append(origin)
    model = await world.roads.model(world.circle.id)
    before = {building.id: soonest(model, building, units, closures) for building in buildings}
    compared = 0
    for road in found.roads[:4]:
        shut = RoadClosure(id="shut", geometry=shapely.LineString(road.coordinates), profiles=VEHICLES)
        lost: dict[tuple[str, float], int] = {}
        lost_households = 0
        for building in buildings:
            after = soonest(model, building, units, (*closures, shut))
            drops = [
                (kind, limit)
                for kind, seconds in before[building.id].items()
                for limit in LIMITS_S
                if seconds <= limit < after[kind]
            ]
            lost_households += building.households if drops else 0
            for drop in drops:
                lost[drop] = lost.get(drop, 0) + building.households
        assert {(loss.kind.value, loss.limit_s): loss.households for loss in road.losses} == lost, road.name
        assert road.households == lost_households
        compared += len(lost)
    assert compared > 5


async def test_the_costliest_come_first_and_no_one_is_lost_who_was_not_reached(world: World) -> None:
    found = await computed(world)

    assert len(found.roads) > 5
    assert [weight(road.losses) for road in found.roads] == sorted(
        weight(road.losses) for road in found.roads
    )
    assert (found.counted, found.households, found.excluded) == (Counted.HOUSEHOLDS, 323, 0)
    reached = {(loss.kind, loss.limit_s): loss.households for loss in found.reached}
    for road in found.roads:
        assert all(0 < loss.households <= reached[loss.kind, loss.limit_s] for loss in road.losses)
        assert road.households <= 323
        assert road.length_m > 0


async def test_a_household_out_of_the_wide_circle_counts_more_than_many_out_of_a_narrow_one() -> None:
    wide = [Loss(kind=PartnerKind.POLICE, limit_s=900, households=1)]
    narrow = [Loss(kind=PartnerKind.POLICE, limit_s=300, households=200)]

    assert sorted([narrow, wide, [*wide, *narrow]], key=weight) == [[*wide, *narrow], wide, narrow]


async def test_a_person_who_cannot_walk_past_loses_more(world: World) -> None:
    on_foot, closed_to_all = (
        await computed(world, pedestrians_pass=True),
        await computed(world, pedestrians_pass=False),
    )

    def lost(found: Criticality) -> int:
        return sum(loss.households for road in found.roads for loss in road.losses)

    assert lost(closed_to_all) > lost(on_foot)


async def test_one_building_is_judged_alone(world: World) -> None:
    building = await world.building("脑科巷7栋")

    found = await computed(world, building_id=building.id)

    assert (found.building_id, found.buildings) == (building.id, 1)
    assert found.households == building.households
    assert found.roads
    assert {road.households for road in found.roads} == {building.households}
    with pytest.raises(NotFoundError):
        await computed(world, building_id=BuildingId(uuid4()))


async def test_a_closure_that_puts_people_out_is_named_and_so_is_a_hazard(world: World) -> None:
    closure = await set_closure(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        new=NewClosure(name="南支", geometry=SOUTH),
        clock=world.clock,
    )

    found = await computed(world, pedestrians_pass=False)

    cost = {(each.type, each.id): each for each in found.features}
    assert cost[Shut.CLOSURE, closure.id].households > 0
    assert any(what is Shut.HAZARD and thing.households > 0 for (what, _), thing in cost.items())


async def test_the_computation_runs_beside_and_its_result_is_kept_until_something_changes(
    world: World,
) -> None:
    jobs = JobQueue()
    assert (await shown(world)).state is JobState.NOT_STARTED

    first = await attempt(world, jobs)
    assert (first.state, first.result) == (JobState.RUNNING, None)
    await jobs.idle()

    done = await shown(world)
    assert (done.state, done.up_to_date, done.progress) == (JobState.DONE, True, 1.0)
    assert done.result == await computed(world)
    # Asked for again, it is not done again; also by another process.
    assert await attempt(world, JobQueue()) == done

    closure = await set_closure(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        new=NewClosure(name="南支", geometry=SOUTH),
        clock=world.clock,
    )
    stale = await shown(world)
    assert (stale.state, stale.up_to_date, stale.result) == (JobState.DONE, False, done.result)
    again = await attempt(world, jobs)
    assert (again.state, again.result) == (JobState.RUNNING, done.result)
    await jobs.idle()
    assert (await shown(world)).result != done.result

    await lift_closure(
        world.database,
        world.roads,
        viewer=operator(world.circle.id),
        closure_id=closure.id,
        clock=world.clock,
    )
    await attempt(world, jobs)
    await jobs.idle()
    assert (await shown(world)).result == done.result


async def test_what_an_earlier_version_found_by_other_rules_is_not_fresh(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = JobQueue()
    await attempt(world, jobs)
    await jobs.idle()
    assert (await shown(world)).up_to_date
    monkeypatch.setattr(inputs, "RULES", inputs.RULES + 1)
    assert not (await shown(world)).up_to_date
    assert (await attempt(world, jobs)).state is JobState.RUNNING
    await jobs.idle()
    assert (await shown(world)).up_to_date


async def test_two_who_ask_at_once_get_one_computation(world: World) -> None:
    queues = [JobQueue(), JobQueue()]

    both = await asyncio.gather(*(attempt(world, jobs) for jobs in queues))

    assert [each.state for each in both] == [JobState.RUNNING] * 2
    assert sorted(len(jobs._tasks) for jobs in queues) == [0, 1]  # noqa: SLF001 - which of the two has it
    await asyncio.gather(*(jobs.idle() for jobs in queues))
    assert (await shown(world)).up_to_date


async def test_a_run_whose_process_went_down_is_begun_again(world: World) -> None:
    key = JobKey(world.circle.id, None, pedestrians_pass=True)
    now = world.clock.now()
    async with world.database.begin() as transaction:
        assert await transaction.criticalities.begin(key, run_id=uuid4(), now=now, dead_before=now)
    assert (await shown(world)).state is JobState.RUNNING
    jobs = JobQueue()
    assert (await attempt(world, jobs)).state is JobState.RUNNING
    assert jobs._tasks == set()  # noqa: SLF001 - another process is at it

    world.clock.move(seconds=DEAD_AFTER / timedelta(seconds=1) + 1)

    assert (await shown(world)).state is JobState.NOT_STARTED
    await attempt(world, jobs)
    await jobs.idle()
    assert (await shown(world)).up_to_date


async def test_why_it_failed_is_kept_and_it_can_be_tried_again(world: World) -> None:
    class OnlyOnFoot:
        """Roads with people on foot only."""

        async def model(self, circle_id: object) -> ReachModel:
            whole = await world.roads.model(circle_id)  # type: ignore[arg-type]
            return ReachModel(whole.network, {"foot": whole.profiles["foot"]})

        is_current = world.roads.is_current

    jobs = JobQueue()
    await start_criticality(
        world.database, OnlyOnFoot(), jobs, viewer=operator(world.circle.id), clock=world.clock
    )
    await jobs.idle()

    failed = await shown(world)
    assert (failed.state, failed.code, failed.result) == (JobState.FAILED, "unknown_profile", None)

    await attempt(world, jobs)
    await jobs.idle()
    assert (await shown(world)).state is JobState.DONE


async def test_more_than_a_few_do_not_wait(world: World) -> None:
    jobs = JobQueue()
    go_on = asyncio.Event()

    async def patient(_turn: asyncio.Semaphore) -> None:
        await go_on.wait()

    for _ in range(MOST_WAITING):
        jobs.submit(patient)

    with pytest.raises(BusyError):
        await attempt(world, jobs)

    assert (await shown(world)).state is JobState.NOT_STARTED
    go_on.set()
    await jobs.idle()


async def test_the_event_loop_is_not_blocked() -> None:
    heard = threading.Event()
    # With a blocked loop the event would never be set.
    work = asyncio.create_task(run_in_thread(lambda: heard.wait(timeout=60)))
    await asyncio.sleep(0)
    heard.set()

    assert await work


async def test_without_roads_there_is_nothing_to_find(world: World) -> None:
    bare = await make_bare_circle(world.database, name="无路", name_en="Bare", centre=(113.0, 28.2))

    with pytest.raises(NoRoadNetworkError):
        await start_criticality(
            world.database, world.roads, JobQueue(), viewer=operator(bare.id), clock=world.clock
        )


async def test_where_no_one_knows_the_households_buildings_count(world: World) -> None:
    async with world.database.begin() as transaction:
        buildings = await transaction.layer(Building).of_circle(world.circle.id)
        homes = await transaction.criticalities.homes(world.circle.id, most=2)
        [nearest] = (
            await transaction.criticalities.homes(
                world.circle.id,
                most=1,
                near=(buildings[0].entrances[0].lon, buildings[0].entrances[0].lat),
            )
        ).homes
    assert (len(homes.homes), homes.excluded) == (2, sum(b.households > 0 for b in buildings) - 2)
    assert homes.homes[0].households == max(b.households for b in buildings)
    assert nearest.households > 0

    from dataclasses import replace  # noqa: PLC0415

    async with world.database.begin() as transaction:
        # What a register lists counts, whatever a file says.
        register = await transaction.households.of_buildings(world.circle.id, [b.id for b in buildings])
        await transaction.households.delete(world.circle.id, [each.id for each in register])
        await transaction.layer(Building).add(world.circle.id, [replace(b, households=0) for b in buildings])

    found = await computed(world)
    assert (found.counted, found.households) == (Counted.BUILDINGS, len(buildings))
    assert found.roads
