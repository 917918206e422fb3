"""Whom each step calls, what a person can do about it, and what staff alone see."""

from dataclasses import replace

import pytest

from responder.domain.errors import (
    EditConflictError,
    IncidentEndedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    StepDecidedError,
)
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.ladder.ladder import StepReason, StepState
from responder.domain.ladder.profile import LadderProfile, LadderProfiles, Rung, StepKind, UnitReach
from responder.domain.ladder.shipped import ACTIONS, NEAREST_FIRST, SHIPPED, STATIONS
from responder.domain.people.access import Role
from responder.domain.people.partner import PartnerKind
from responder.ports.audit import AuditQuery
from responder.services.circles.snapshot import show_circle
from responder.services.incidents.queries import show_incident
from responder.services.ladder.call_list import WhyCall, show_call_list
from responder.services.ladder.profiles import set_ladders, show_ladders
from responder.services.ladder.steer import stop_steps, take_step_now
from responder.services.map.set_duty import set_duty
from responder.services.people.erase_person import ERASED_NAME, erase_person
from responder.services.people.export_person import export_person
from tests.services.ladder.conftest import Night
from tests.services.log import addressed_events


def one(*rungs: Rung) -> LadderProfiles:
    """A circle with one ladder of these steps; the last calls everyone in time."""
    last = replace(NEAREST_FIRST.rungs[2], after_s=900)
    profile = replace(ACTIONS, key="one", rungs=(*rungs, last))
    return LadderProfiles(default="one", profiles=(profile,))


def call(**more: object) -> Rung:
    return Rung(
        name="一",
        name_en="",
        kind=StepKind.CALL,
        after_s=0,
        reach=(UnitReach.IN_TIME,),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("rung", "units"),
    [
        (call(within_s=240), {"微型消防车", "派出所快反骑巡组", "派出所巡逻车"}),
        (call(partner_kinds=(PartnerKind.HOSPITAL,)), {"急救车组", "院内急救步行组"}),
        (call(capabilities=("gas_cut", "stretcher")), {"物业水电组", "急救车组", "院内急救步行组"}),
        # Of what smoke wants no one comes yet: two with extinguishers, and a gate key.
        (
            call(wanted_only=True),
            {"微型消防车", "派出所快反骑巡组", "物业秩序队", "微型消防站战斗班"},
        ),
    ],
)
async def test_a_wave_calls_by_time_partner_and_capability(night: Night, rung: Rung, units: set[str]) -> None:
    await night.goes_by(one(call(within_s=170), replace(rung, after_s=10)))
    detail = await night.raises()
    assert {each.recipient_name for each in detail.deliveries} == {"示例·秦远"}
    await night.until(10)
    now = await night.now(detail)
    names = {member.unit_id: member.unit_name for member in detail.response_circle.members}
    assert {names[each.unit_id] for each in now.deliveries} == units | {"微型消防车"}


async def test_a_first_wave_that_finds_no_one_does_not_wait_for_the_next(night: Night) -> None:
    await night.goes_by(one(call(within_s=1), replace(call(within_s=170), after_s=10)))
    detail = await night.raises()
    assert {each.recipient_name for each in detail.deliveries} == {"示例·秦远"}
    await night.goes_by(one(call(within_s=1), replace(call(capabilities=("none",)), after_s=10)))
    assert len((await night.raises()).deliveries) == 16


async def test_a_wave_calls_by_role(night: Night) -> None:
    await night.goes_by(one(call(within_s=170), replace(call(roles=(Role.COORDINATOR,)), after_s=10)))
    detail = await night.raises()
    await night.until(10)
    assert night.called(detail, 2) == 0
    assert len((await night.now(detail)).deliveries) == 1


async def test_four_without_what_is_wanted_are_not_enough(night: Night) -> None:
    detail = await night.raises()
    for who in ("hospital.wen", "community.zhou", "police.tang", "property.xiao"):
        await night.answers(detail, who, DeliveryState.ACCEPTED)
    await night.until(60)
    assert night.story(detail) == [(30, 2, "taken"), (60, 3, "taken")]


async def test_reach_that_grows_calls_by_the_waves_so_far(night: Night) -> None:
    """A unit that goes on duty later is called at once if a wave that was taken covers it."""
    await night.goes_by(one(call(within_s=240), replace(call(within_s=400), after_s=20)))
    detail = await night.raises()
    assert len(detail.deliveries) == 3
    volunteers = next(unit for unit in detail.response_circle.non_members if unit.unit_name == "夜间志愿队")
    world = night.world
    staff = await world.viewer("community")
    await set_duty(
        world.database, world.roads, viewer=staff, unit_id=volunteers.unit_id, on_duty=True, clock=world.clock
    )
    assert len((await night.now(detail)).deliveries) == 3
    await night.until(20)
    after = await night.now(detail)
    assert "示例·罗知夏" in {each.recipient_name for each in after.deliveries}
    assert len(after.deliveries) == 15


async def test_staff_take_a_step_at_once_and_it_is_not_taken_again(night: Night) -> None:
    detail = await night.raises()
    world, staff = night.world, await night.world.viewer("community")
    await night.until(5)

    async def take(number: int) -> None:
        await take_step_now(
            world.database,
            viewer=staff,
            incident_id=detail.incident.id,
            number=number,
            next_channel=night.channels,
            clock=world.clock,
        )

    await take(4)
    with pytest.raises(StepDecidedError):
        await take(4)
    with pytest.raises(NotFoundError):
        await take(99)
    after = await night.now(detail)
    assert after.ladder is not None
    step = after.ladder.step(4)
    assert step is not None
    assert (step.state, step.reason, step.by_name, step.called) == (
        StepState.TAKEN,
        StepReason.BY_HAND,
        staff.name,
        1,
    )
    await night.until(90)
    assert night.story(detail) == [(30, 2, "taken"), (60, 3, "taken")]
    async with world.database.snapshot() as transaction:
        acts = await transaction.audit.search(
            world.circle.id, AuditQuery(action="ladder_step_taken", limit=9)
        )
    assert len(acts) == 1
    await night.ends(detail)
    with pytest.raises(IncidentEndedError):
        await take(6)


async def test_a_step_that_was_stopped_is_never_taken_by_itself(night: Night) -> None:
    detail = await night.raises()
    world, staff = night.world, await night.world.viewer("community")
    incident_id = detail.incident.id
    await stop_steps(world.database, viewer=staff, incident_id=incident_id, number=3, clock=world.clock)
    with pytest.raises(StepDecidedError):
        await stop_steps(world.database, viewer=staff, incident_id=incident_id, number=3, clock=world.clock)
    await night.until(95)
    assert night.story(detail) == [(30, 2, "taken"), (90, 4, "taken")]


async def test_only_who_may_raise_may_steer_and_only_staff_see(night: Night) -> None:
    world = night.world
    detail = await night.raises()
    responder, observer = await world.viewer("hospital.wen"), await world.viewer("observer")
    for viewer in (responder, observer, await world.viewer("planner")):
        with pytest.raises(NotAllowedError):
            await stop_steps(
                world.database, viewer=viewer, incident_id=detail.incident.id, number=None, clock=world.clock
            )
        with pytest.raises(NotAllowedError):
            await show_call_list(world.database, viewer=viewer, incident_id=detail.incident.id)
    for viewer in (responder, observer):
        shown = await show_incident(world.database, viewer=viewer, incident_id=detail.incident.id)
        assert shown.ladder is None
        snapshot = await show_circle(world.database, viewer=viewer, clock=world.clock)
        assert [each.ladder for each in snapshot.incidents] == [None]
        with pytest.raises(NotAllowedError):
            await show_ladders(world.database, viewer=viewer)
    dispatcher = await world.viewer("hospital")
    shown = await show_incident(world.database, viewer=dispatcher, incident_id=detail.incident.id)
    assert shown.ladder is not None


async def test_the_call_list_begins_with_who_could_be_there_first(night: Night) -> None:
    detail = await night.raises()
    await night.answers(detail, "ministation.qin", DeliveryState.DECLINED)
    await night.answers(detail, "police.jiang", DeliveryState.DELIVERED)
    await night.answers(detail, "police.tang", DeliveryState.ACCEPTED)
    world = night.world
    staff = await world.viewer("community")
    entries = await show_call_list(world.database, viewer=staff, incident_id=detail.incident.id)
    assert [(each.name, each.why) for each in entries[:3]] == [
        ("示例·蒋一川", WhyCall.NO_ANSWER),
        ("示例·廖川", WhyCall.NOT_REACHED),
        ("示例·文静", WhyCall.NOT_REACHED),
    ]
    people = [each.name for each in entries if each.name]
    assert not {"示例·秦远", "示例·唐立"} & set(people)
    assert people[-1] == "示例·罗知夏"
    assert entries[-1].why is WhyCall.NOT_CALLED
    desks = {each.partner_name for each in entries if each.why is WhyCall.NO_ONE_COMES}
    assert "新荷派出所（示例）" not in desks
    assert len(desks) == 5


async def test_a_dispatcher_sees_the_numbers_of_the_own_partner_only(night: Night) -> None:
    detail = await night.raises()
    world = night.world
    async with world.database.begin() as transaction:
        connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
        await connection.exec_driver_sql("UPDATE responder SET phone = 'own ' || name")
        await connection.exec_driver_sql("UPDATE partner SET phone = 'desk'")
    hospital = await world.viewer("hospital")
    entries = await show_call_list(world.database, viewer=hospital, incident_id=detail.incident.id)
    own = {each.phone for each in entries if each.partner_id == hospital.partner_id and each.name}
    assert own == {
        f"own {each.name}" for each in entries if each.partner_id == hospital.partner_id and each.name
    }
    assert {each.phone for each in entries if each.partner_id != hospital.partner_id} == {"desk"}


async def test_what_is_saved_holds_for_the_next_alert_and_is_checked(night: Night) -> None:
    world, staff = night.world, await night.world.viewer("community")
    before = await show_ladders(world.database, viewer=staff)
    assert (before.is_custom, before.default) == (False, "135_actions")
    assert {each.key for each in before.profiles} == {STATIONS.key, ACTIONS.key, NEAREST_FIRST.key}
    open_one = await night.raises()
    await night.goes_by("135_stations")
    with pytest.raises(EditConflictError):
        await set_ladders(
            world.database, viewer=staff, ladders=None, expected_version=before.version, clock=world.clock
        )
    assert (await night.now(open_one)).ladder == open_one.ladder
    ladder = (await night.raises()).ladder
    assert ladder is not None
    assert ladder.key == "135_stations"
    for who in ("planner", "hospital"):
        with pytest.raises(NotAllowedError):
            await set_ladders(
                world.database, viewer=await world.viewer(who), ladders=SHIPPED, clock=world.clock
            )


def changed(**more: object) -> LadderProfile:
    return replace(ACTIONS, **more)  # type: ignore[arg-type]


LATE = replace(ACTIONS.rungs[0], after_s=5)
NARROW = replace(ACTIONS.rungs[0], within_s=60)


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (changed(rungs=()), "profiles.0.rungs"),
        (changed(rungs=(LATE,)), "profiles.0.rungs.0"),
        (changed(rungs=(NARROW,)), "profiles.0.rungs"),
        (changed(rungs=tuple(reversed(ACTIONS.rungs))), "profiles.0.rungs"),
        (
            changed(rungs=(*ACTIONS.rungs[:1], replace(ACTIONS.rungs[1], after_s=99_999))),
            "profiles.0.rungs.1.after_s",
        ),
        (
            changed(rungs=(*ACTIONS.rungs[:1], replace(ACTIONS.rungs[1], reach=(UnitReach.BEYOND,)))),
            "profiles.0.rungs.1.kind",
        ),
        (changed(enough=0), "profiles.0.enough"),
        (changed(key="A B"), "profiles.0.key"),
        (changed(name=" "), "profiles.0.name"),
        (changed(name="x" * 65), "profiles.0.name"),
    ],
)
async def test_a_ladder_that_cannot_be_gone_by_is_refused(
    night: Night, profile: LadderProfile, field: str
) -> None:
    with pytest.raises(InvalidValueError) as refused:
        await night.goes_by(LadderProfiles(default=profile.key, profiles=(profile,)))
    assert refused.value.detail["field"] == field


@pytest.mark.parametrize("shipped", SHIPPED.profiles, ids=lambda profile: profile.key)
async def test_what_is_shipped_can_be_saved(night: Night, shipped: LadderProfile) -> None:
    await night.goes_by(LadderProfiles(default=shipped.key, profiles=(shipped,)))


async def test_red_calls_everyone_in_time_whatever_the_ladder_says(night: Night) -> None:
    await night.goes_by("nearest_first")
    assert len((await night.raises()).deliveries) == 8
    assert len((await night.raises(severity=Severity.RED)).deliveries) == 16


async def test_an_incident_that_ended_has_no_timer(night: Night) -> None:
    detail = await night.raises()
    await night.ends(detail, EndReason.FALSE_ALARM)
    async with night.world.database.snapshot() as transaction:
        assert await transaction.ladders.next_due() == {}
    await night.until(130)
    assert night.story(detail) == []


async def test_who_took_a_step_is_exported_and_erased(night: Night) -> None:
    world, planner = night.world, await night.world.viewer("planner")
    detail = await night.raises(exercise=True)
    incident_id = detail.incident.id
    await stop_steps(world.database, viewer=planner, incident_id=incident_id, number=4, clock=world.clock)
    exported = await export_person(world.database, username="planner", clock=world.clock)
    assert [row["number"] for row in exported["ladder_steps_by_hand"]] == [4]
    await erase_person(world.database, username="planner", clock=world.clock)
    ladder = (await night.now(detail)).ladder
    assert ladder is not None
    assert ladder.steps[3].by_name == ERASED_NAME
    for each in await addressed_events(world.database, circle_id=world.circle.id, seq=0):
        assert planner.name not in repr(each.recorded.event)
