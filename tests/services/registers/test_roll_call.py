"""Roll-calls: several phones, one of them offline, and no tap lost."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from responder.domain.drills.plan import Measure, Objective
from responder.domain.errors import (
    IncidentEndedError,
    InvalidValueError,
    NoRollCallError,
    NotAllowedError,
    NotFoundError,
    RollCallBegunError,
)
from responder.domain.ids import BuildingId, IncidentId, RollCallMarkId
from responder.domain.incidents.incident import EndReason
from responder.domain.registers.roll_call import RollCall, RollCallDoor, RollCallState, totals_of
from responder.services.directing.end_incident import end_incident
from responder.services.drills.running.report import count_people
from responder.services.people.erase_person import erase_person
from responder.services.people.export_person import export_person
from responder.services.registers.roll_call.mark_doors import (
    MarkRefusal,
    MarksTaken,
    NewMark,
    list_marks,
    mark_doors,
)
from responder.services.registers.roll_call.put_doors import DoorGrid, DoorsOfBuilding, NewDoor, put_doors
from tests.services.conftest import World
from tests.services.drills.conftest import Drills

OUT, NOT_FOUND, REFUSED, NEEDS_CARRYING, UNMARKED = RollCallState


@dataclass
class Called:
    """An incident at block 7 with its roll-call."""

    world: World
    incident_id: IncidentId
    building_id: BuildingId

    async def begin(self, *doors: NewDoor, grid: DoorGrid | None = None, by: str = "community") -> RollCall:
        return await put_doors(
            self.world.database,
            viewer=await self.world.viewer(by),
            incident_id=self.incident_id,
            buildings=[DoorsOfBuilding(building_id=self.building_id, doors=doors, grid=grid)],
            clock=self.world.clock,
        )

    def tap(
        self, label: str, state: RollCallState = OUT, *, people: int = 1, s_ago: float = 0, note: str = ""
    ) -> NewMark:
        return NewMark(
            id=RollCallMarkId(uuid4()),
            building_id=self.building_id,
            label=label,
            state=state,
            people=people,
            at=self.world.clock.now() - timedelta(seconds=s_ago),
            note=note,
        )

    async def send(self, *marks: NewMark, by: str = "community.zhou") -> MarksTaken:
        return await mark_doors(
            self.world.database,
            viewer=await self.world.viewer(by),
            incident_id=self.incident_id,
            marks=marks,
            clock=self.world.clock,
        )

    async def doors(self) -> dict[str, RollCallDoor]:
        async with self.world.database.snapshot() as transaction:
            detail = await transaction.incidents.detail(self.world.circle.id, self.incident_id)
        assert detail.roll_call is not None
        return {door.label: door for door in detail.roll_call.doors}

    async def end(self) -> None:
        await end_incident(
            self.world.database,
            viewer=await self.world.viewer("community"),
            incident_id=self.incident_id,
            reason=EndReason.RESOLVED,
            clock=self.world.clock,
        )


@pytest.fixture
async def called(world: World) -> Called:
    detail = await world.raise_at()
    return Called(world, detail.incident.id, (await world.building("脑科巷7栋")).id)


async def test_three_phones_one_of_them_late_come_to_one_answer(called: Called) -> None:
    begun = await called.begin(grid=DoorGrid(stairwells=1, storeys=3, doors=2, expected=2))
    assert [door.label for door in begun.doors] == ["101", "102", "201", "202", "301", "302"]
    called.world.clock.move(minutes=5)
    offline = [called.tap("301", OUT, people=2, s_ago=60), called.tap("302", NOT_FOUND, s_ago=30)]
    await called.send(called.tap("101", people=2), called.tap("301", NOT_FOUND, s_ago=90))
    await called.send(called.tap("302", NEEDS_CARRYING, note="轮椅", s_ago=40), by="police.tang")

    taken = await called.send(*offline, by="hospital.wen")
    again = await called.send(*offline, by="hospital.wen")

    assert set(taken.taken) == set(again.taken) == {each.id for each in offline}
    assert again.doors == ()
    doors = await called.doors()
    assert (doors["301"].state, doors["301"].people) == (OUT, 2)
    assert (doors["302"].state, doors["302"].note, doors["302"].floor) == (NEEDS_CARRYING, "轮椅", 3)
    totals = totals_of(doors.values())
    assert (totals.expected, totals.out, totals.needs_carrying, totals.unmarked_doors) == (12, 4, 1, 3)
    viewer = await called.world.viewer("community")
    kept = await list_marks(called.world.database, viewer=viewer, incident_id=called.incident_id)
    assert len(kept) == 5


async def test_the_moment_of_a_phone_is_kept_within_the_roll_call(called: Called) -> None:
    await called.begin(NewDoor(label="101"))
    called.world.clock.move(minutes=1)
    ahead = called.tap("101", REFUSED, s_ago=-3600)
    await called.send(ahead)
    called.world.clock.move(seconds=5)
    await called.send(called.tap("101", OUT), by="police.tang")

    assert (await called.doors())["101"].state is OUT
    await called.send(called.tap("102", OUT, s_ago=10**7))
    viewer = await called.world.viewer("community")
    *_, first = await list_marks(called.world.database, viewer=viewer, incident_id=called.incident_id)
    assert first.at == called.world.clock.now() - timedelta(seconds=65)


async def test_a_door_that_no_one_listed_is_added_and_one_that_was_said_something_of_stays(
    called: Called,
) -> None:
    await called.begin(grid=DoorGrid(stairwells=1, storeys=2, doors=1))
    await called.send(called.tap(" ９０１ "), called.tap("101", NOT_FOUND))

    changed = await called.begin(NewDoor(label="101", expected=5), NewDoor(label="门卫"))

    assert [(door.label, door.floor, door.expected) for door in changed.doors] == [
        ("101", 1, 5),
        ("901", 9, None),
        ("门卫", None, None),
    ]
    assert (await called.doors())["101"].state is NOT_FOUND


async def test_the_register_gives_doors_and_counts_and_no_name(world: World) -> None:
    building_id = (await world.building("脑科巷7栋")).id
    for exercise in (False, True):
        by = "planner" if exercise else "community"
        detail = await world.raise_at(by=by, exercise=exercise)
        called = Called(world, detail.incident.id, building_id)
        begun = await called.begin(by=by)
        async with world.database.snapshot() as transaction:
            known = await transaction.households.of_buildings(world.circle.id, [building_id])
        assert {door.label for door in begun.doors} == {each.door for each in known}
        # How many live there is for a real incident alone.
        told = sum(door.expected or 0 for door in begun.doors)
        assert told == (0 if exercise else sum(each.people for each in known))


async def test_one_mark_that_cannot_be_kept_loses_no_other(called: Called) -> None:
    await called.begin(NewDoor(label="101"))
    strange = NewMark(
        id=RollCallMarkId(uuid4()),
        building_id=BuildingId(uuid4()),
        label="101",
        state=OUT,
        people=1,
        at=called.world.clock.now(),
    )
    mine = called.tap("101")
    done = await called.send(strange, mine)
    assert done.taken == (mine.id,)
    assert [(each.id, each.reason) for each in done.refused] == [(strange.id, MarkRefusal.NOT_FOUND)]
    # Another person's id is not told apart from none.
    other = await called.send(mine, by="police.tang")
    assert [each.reason for each in other.refused] == [MarkRefusal.NOT_FOUND]


async def test_who_may_do_what(called: Called) -> None:
    with pytest.raises(NoRollCallError):
        await called.send(called.tap("101"))
    for by in ("hospital.wen", "planner", "observer"):
        with pytest.raises(NotAllowedError):
            await called.begin(NewDoor(label="101"), by=by)
    await called.begin(NewDoor(label="101"), by="hospital")
    with pytest.raises(NotAllowedError):
        await called.send(called.tap("101"), by="observer")
    with pytest.raises(InvalidValueError):
        await called.begin(grid=DoorGrid(stairwells=9, storeys=30, doors=2))
    elsewhere = await called.world.raise_at("脑科巷2栋", by="planner", exercise=True)
    uncalled = Called(called.world, IncidentId(uuid4()), called.building_id)
    for where in (uncalled, Called(called.world, elsewhere.incident.id, BuildingId(uuid4()))):
        with pytest.raises(NotFoundError):
            await where.begin(NewDoor(label="101"), by="hospital" if where is uncalled else "planner")


async def test_a_phone_may_come_back_after_the_end_but_not_for_ever(called: Called) -> None:
    await called.begin(NewDoor(label="101"))
    called.world.clock.move(minutes=1)
    late = called.tap("101")
    await called.end()
    called.world.clock.move(hours=71)
    assert (await called.send(late)).taken == (late.id,)
    called.world.clock.move(hours=2)
    with pytest.raises(IncidentEndedError):
        await called.send(called.tap("101", NOT_FOUND))


async def test_a_drill_counts_the_people_of_its_roll_call(world: World) -> None:
    drills = Drills(world)
    counted = Objective(key="counted", text="清点3人", measure=Measure.COUNTED, count=3, within_s=600)
    drill = await drills.plan(objectives=(counted,))
    run = await drills.start(drill)
    assert run.incident_id is not None
    called = Called(world, run.incident_id, (await world.building("脑科巷7栋")).id)
    planner = await world.viewer("planner")
    common = {"viewer": planner, "drill_id": drill.id, "clock": world.clock}
    await count_people(world.database, world.roads, people=1, **common)  # type: ignore[arg-type]
    await called.begin(NewDoor(label="101"), NewDoor(label="102"), by="planner")
    with pytest.raises(RollCallBegunError):
        await count_people(world.database, world.roads, people=1, **common)  # type: ignore[arg-type]

    await drills.later(60)
    await called.send(called.tap("101", people=2))
    assert [each.met_at_s for each in (await drills.run(drill.id)).outcomes] == [None]
    await drills.later(30)
    await called.send(called.tap("102", people=1))

    [outcome] = (await drills.run(drill.id)).outcomes
    assert outcome.met_at_s == 90


async def test_who_is_erased_leaves_their_marks_without_a_name(called: Called) -> None:
    await called.begin(NewDoor(label="101"))
    await called.send(called.tap("101"))
    world = called.world
    zhou = await world.viewer("community.zhou")
    told = await export_person(world.database, username="community.zhou", clock=world.clock)
    assert [each["label"] for each in told["roll_call_marks"]] == ["101"]

    await erase_person(world.database, username="community.zhou", clock=world.clock)

    viewer = await world.viewer("community")
    [kept] = await list_marks(world.database, viewer=viewer, incident_id=called.incident_id)
    assert (kept.by, kept.state) == (None, OUT)
    assert kept.by_name != zhou.name
    assert UUID(int=0) != kept.id
