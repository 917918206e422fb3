"""A hazard from being seen to being closed and open again, with its lane."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from responder.domain.errors import (
    HazardStepRefusedError,
    IdempotencyConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import HazardId, HazardStepId, PartnerId, PhotoId
from responder.domain.map.building import Building
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.registers.hazard_life import HazardStepKind
from responder.domain.registers.hazard_rules import HazardRules
from responder.exchange.pictures import redrawn, shrunk
from responder.ports.photos import Photo
from responder.services.map.closures import lift_closure
from responder.services.people.erase_person import erase_person
from responder.services.people.export_person import export_person
from responder.services.registers.hazards.photos import add_hazard_photo, show_hazard_photo
from responder.services.registers.hazards.queries import FollowUp, ShownLife, show_follow_up, show_life
from responder.services.registers.hazards.rules import set_hazard_rules
from responder.services.registers.hazards.steps import NewStep, narrow_lane, take_step
from tests.exchange.pictures import picture
from tests.services.conftest import World
from tests.services.log import addressed_events
from tests.services.map.test_hazards import closures_of, record

NEXT = ("start", "mend", "verify", "close")


async def step(world: World, hazard: Hazard, kind: str, *, by: str = "community", **said: Any) -> Hazard:  # noqa: ANN401 - any field
    if kind == "mend" and "photo_id" not in said:
        said["photo_id"] = await photographed(world, hazard, by=by)
    if kind == "assign":
        said.setdefault("owner_id", await partner(world, "police"))
    if kind == "reopen":
        said.setdefault("note", "又停了")
    said.setdefault("id", HazardStepId(uuid4()))
    return await take_step(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        hazard_id=hazard.id,
        new=NewStep(kind=HazardStepKind(kind), **said),
        clock=world.clock,
    )


async def photographed(world: World, hazard: Hazard, *, by: str = "community") -> PhotoId:
    photo_id = PhotoId(uuid4())
    await add_hazard_photo(
        world.database,
        viewer=await world.viewer(by),
        hazard_id=hazard.id,
        photo_id=photo_id,
        photo=Photo("image/jpeg", picture("JPEG", (800, 600), exif=True)),
        redraw=redrawn,
        shrink=shrunk,
        clock=world.clock,
    )
    return photo_id


async def partner(world: World, username: str) -> PartnerId:
    partner_id = (await world.viewer(username)).partner_id
    assert partner_id is not None
    return partner_id


async def closed(world: World, hazard: Hazard, *, by: str = "community") -> Hazard:
    for kind in ("assign", *NEXT):
        hazard = await step(world, hazard, kind, by=by)
    return hazard


async def life(world: World, hazard: Hazard, *, by: str = "community") -> ShownLife:
    viewer = await world.viewer(by)
    return await show_life(world.database, viewer=viewer, hazard_id=hazard.id, clock=world.clock)


async def follow_up(world: World) -> FollowUp:
    viewer = await world.viewer("observer")
    return await show_follow_up(world.database, viewer=viewer, clock=world.clock)


async def test_a_hazard_is_followed_from_seen_to_closed_by_those_who_may(world: World) -> None:
    hazard = await record(world)
    assigned = await step(world, hazard, "assign")
    await step(world, hazard, "start", by="police")
    world.clock.move(seconds=60)
    mended = await step(world, hazard, "mend", by="police", note="已拖走")
    await step(world, hazard, "verify")
    done = await step(world, hazard, "close")

    assert (assigned.state, assigned.owner_id) == (HazardState.ASSIGNED, await partner(world, "police"))
    assert (mended.state, done.state, done.step_count) == (HazardState.MENDED, HazardState.CLOSED, 6)
    shown = await life(world, hazard)
    assert [each.state.value for each in shown.steps] == [
        *("seen", "assigned", "mending", "mended", "verified", "closed"),
    ]
    assert [each.number for each in shown.steps] == [1, 2, 3, 4, 5, 6]
    its = shown.steps[3]
    assert (its.by_name, its.note) == ((await world.viewer("police")).name, "已拖走")
    assert its.at == world.clock.now()
    assert its.photo_id is not None
    whole, small = [
        await show_hazard_photo(
            world.database,
            viewer=await world.viewer("observer"),
            hazard_id=hazard.id,
            photo_id=its.photo_id,
            small=small,
        )
        for small in (False, True)
    ]
    assert len(small.content) < len(whole.content)
    assert b"28.158 N" not in whole.content + small.content, "where it was taken is left behind"
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert [each.recorded.event.kind for each in events] == ["hazard_changed"] * 6


async def test_closing_opens_the_lane_and_reopening_closes_it_again(world: World) -> None:
    hazard = await record(world, clear_width_m=1.5)
    incident = await world.raise_at("脑科巷9栋")
    [lane] = await closures_of(world, hazard)
    for kind in ("assign", "start", "mend", "verify"):
        await step(world, hazard, kind)
        assert await closures_of(world, hazard) == [lane], "until it is closed"
    await step(world, hazard, "close")
    assert not await closures_of(world, hazard)

    again = await step(world, hazard, "reopen")
    assert (again.state, again.reopened_count) == (HazardState.ASSIGNED, 1)
    [shut] = await closures_of(world, hazard)
    assert (shut.wider_than_m, shut.geometry, shut.hazard_id) == (1.5, lane.geometry, hazard.id)
    assert shut.id != lane.id, "what was closed when can still be told"
    kinds = [
        each.recorded.event.kind
        for each in await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    ]
    assert (kinds.count("closure_created"), kinds.count("closure_lifted")) == (2, 1)
    assert incident.incident.is_open


async def test_a_lane_that_was_opened_by_hand_stays_open_when_its_hazard_comes_back(world: World) -> None:
    hazard = await record(world, clear_width_m=0)
    [lane] = await closures_of(world, hazard)
    await lift_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        closure_id=lane.id,
        clock=world.clock,
    )
    await closed(world, hazard)
    await step(world, hazard, "reopen")
    assert not await closures_of(world, hazard)


async def test_what_is_not_mended_needs_no_lane_to_come_back(world: World) -> None:
    hazard = await record(world, clear_width_m=1.5)
    [lane] = await closures_of(world, hazard)
    for kind in ("assign", "start", "mend"):
        await step(world, hazard, kind)
    back = await step(world, hazard, "reopen", note="照片里还停着")
    assert back.state is HazardState.ASSIGNED
    assert await closures_of(world, hazard) == [lane]


@pytest.mark.parametrize("kind", [*NEXT, "reopen", "record"])
async def test_a_step_out_of_turn_changes_nothing(world: World, kind: str) -> None:
    hazard = await record(world)
    with pytest.raises(HazardStepRefusedError) as refused:
        await step(world, hazard, kind, note="x")
    assert refused.value.detail["state"] == "seen"
    assert (await life(world, hazard)).hazard == hazard


async def test_what_is_mended_is_shown_by_a_photo_of_its_own(world: World) -> None:
    hazard, other = await record(world), await record(world)
    await step(world, hazard, "assign")
    foreign = await photographed(world, other)
    for photo_id in (None, PhotoId(uuid4()), foreign):
        with pytest.raises(InvalidValueError) as refused:
            await step(world, hazard, "mend", photo_id=photo_id)
        assert refused.value.detail["field"] == "photo_id"
    with pytest.raises(InvalidValueError):
        await step(world, await closed(world, other), "reopen", note=" ")


async def test_others_neither_mend_nor_verify(world: World) -> None:
    hazard = await record(world)
    await step(world, hazard, "assign")
    for by, kind in (
        ("hospital", "start"),
        ("planner", "start"),
        ("observer", "start"),
        ("police.tang", "start"),
        ("police", "assign"),
        ("police", "reopen"),
    ):
        with pytest.raises(NotAllowedError):
            await step(world, hazard, kind, by=by, note="x")
    with pytest.raises(NotAllowedError):
        await photographed(world, hazard, by="hospital")
    assert (await life(world, hazard, by="police")).possible == (HazardStepKind.START, HazardStepKind.MEND)
    assert (await life(world, hazard, by="hospital")).possible == ()


async def test_a_step_that_is_sent_again_is_taken_once(world: World) -> None:
    hazard, key = await record(world), HazardStepId(uuid4())
    first = await step(world, hazard, "assign", id=key)
    assert await step(world, hazard, "assign", id=key) == first
    with pytest.raises(IdempotencyConflictError):
        await step(world, hazard, "start", id=key)
    assert len((await life(world, hazard)).steps) == 2


@pytest.mark.parametrize(
    ("field", "value"), [("owner_id", PartnerId(uuid4())), ("owner_id", None), ("due_on", date(2020, 1, 1))]
)
async def test_it_is_assigned_to_a_partner_until_a_day_that_comes(
    world: World, field: str, value: object
) -> None:
    hazard = await record(world)
    with pytest.raises(InvalidValueError) as refused:
        await step(world, hazard, "assign", **{field: value})
    assert refused.value.detail["field"] == field


async def test_what_is_not_mended_by_its_last_day_is_overdue(world: World) -> None:
    general, major = await record(world), await record(world, grade=HazardGrade.MAJOR)
    mended = await record(world, grade=HazardGrade.MAJOR)
    for kind in ("assign", "start", "mend"):
        await step(world, mended, kind)
    its = {general.id, major.id, mended.id}
    assert not its & set((await follow_up(world)).overdue)
    world.clock.move(seconds=timedelta(days=4).total_seconds())
    late = await follow_up(world)
    assert its & set(late.overdue) == {major.id}
    world.clock.move(seconds=timedelta(days=12).total_seconds())
    assert [each for each in (await follow_up(world)).overdue if each in its] == [major.id, general.id], (
        "the longest first"
    )


async def test_days_are_the_circles_own(world: World) -> None:
    rules = HazardRules(due_days={HazardGrade.GENERAL: 30, HazardGrade.MAJOR: 1}, same_place_m=5)
    with pytest.raises(NotAllowedError):
        await set_hazard_rules(
            world.database, viewer=await world.viewer("planner"), rules=rules, clock=world.clock
        )
    await set_hazard_rules(
        world.database, viewer=await world.viewer("community"), rules=rules, clock=world.clock
    )
    found = await follow_up(world)
    assert found.rules == rules
    hazard = await record(world)
    assert hazard.due_on == found.today + timedelta(days=30)


def at(east_m: float = 0.0) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [112.9862 + east_m / 98_100, 28.1596]}


async def test_what_comes_back_at_a_place_is_counted(world: World) -> None:
    """By another computation: metres along a parallel at 28.16 degrees north."""
    for east_m, kind in ((0, "wiring"), (29, "wiring"), (31, "wiring"), (0, "gas_cylinder")):
        await closed(world, await record(world, kind=kind, geometry=at(east_m)))
    await record(world, kind="wiring", geometry=at())
    hazard = await record(world, kind="wiring", geometry=at())
    assert (await life(world, hazard)).closed_before == 2
    assert (await follow_up(world)).closed_before[hazard.id] == 2
    await closed(world, hazard)
    assert hazard.id not in (await follow_up(world)).closed_before


async def test_one_building_is_one_place(world: World) -> None:
    async with world.database.snapshot() as transaction:
        buildings = await transaction.layer(Building).of_circle(world.circle.id)
    ring = max((each.geometry["coordinates"][0] for each in buildings), key=len)
    corner, opposite = ring[0], ring[2]
    rules = HazardRules(same_place_m=0)
    await set_hazard_rules(
        world.database, viewer=await world.viewer("community"), rules=rules, clock=world.clock
    )
    place = {"type": "Point", "coordinates": corner}
    await closed(world, await record(world, kind="wiring", geometry=place))
    hazard = await record(world, kind="wiring", geometry={"type": "Point", "coordinates": opposite})
    assert (await life(world, hazard)).closed_before == 1


async def test_the_lane_can_be_narrowed_and_opened_later(world: World) -> None:
    hazard = await record(world)
    coordinator = await world.viewer("community")
    for width, bounds in ((1.2, [1.2]), (2.0, [2.0]), (0.0, [None]), (None, []), (None, [])):
        await narrow_lane(
            world.database,
            world.roads,
            viewer=coordinator,
            hazard_id=hazard.id,
            clear_width_m=width,
            clock=world.clock,
        )
        assert [each.wider_than_m for each in await closures_of(world, hazard)] == bounds
    await closed(world, hazard)
    with pytest.raises(InvalidValueError):
        await narrow_lane(
            world.database,
            world.roads,
            viewer=coordinator,
            hazard_id=hazard.id,
            clear_width_m=1,
            clock=world.clock,
        )


async def test_a_hazard_that_is_not_there_is_not_found(world: World) -> None:
    hazard = await record(world)
    gone = Hazard(**{name: getattr(hazard, name) for name in hazard.__slots__} | {"id": HazardId(uuid4())})
    for asked in (step(world, gone, "close"), life(world, gone), photographed(world, gone)):
        with pytest.raises(NotFoundError):
            await asked


async def test_a_person_is_told_of_their_steps_and_forgotten_in_them(world: World) -> None:
    hazard = await record(world)
    await step(world, hazard, "assign")
    await step(world, hazard, "start", by="police")
    mine = await export_person(world.database, username="police", clock=world.clock)
    [told] = mine["hazard_steps"]
    assert (told["kind"], told["hazard_id"]) == ("start", hazard.id)
    name = (await world.viewer("police")).name
    await erase_person(world.database, username="police", clock=world.clock)
    steps = (await life(world, hazard)).steps
    assert steps[2].by is None
    assert name not in {each.by_name for each in steps}
    assert steps[1].by_name == (await world.viewer("community")).name
