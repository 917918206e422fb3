"""That a duty was done is entered by its owner, and counted in its quarter."""

from datetime import date, timedelta

import pytest

from responder.domain.errors import (
    IdempotencyConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import DutyId
from responder.domain.registers.pact.pact import DutyKind, PactDuty
from responder.domain.registers.pact.score import DutyRecord, Quarter
from responder.services.people.erase_person import erase_person
from responder.services.registers.pact.duties import ShownScore, record_duty, remove_record, show_score
from tests.services.conftest import World

TODAY = date(2025, 11, 3)


async def score(world: World, quarter: Quarter | None = None) -> ShownScore:
    return await show_score(
        world.database, viewer=await world.viewer("observer"), quarter=quarter, clock=world.clock
    )


async def duty(world: World, kind: DutyKind) -> PactDuty:
    pact = (await score(world)).pact
    assert pact is not None
    return next(
        each for each in pact.content.duties if each.kind is kind and (each.times or kind is DutyKind.RESCUE)
    )


async def enter(
    world: World,
    duty_id: DutyId,
    *,
    by: str = "property",
    done_on: date = TODAY,
    note: str = "x",
    key: str | None = None,
) -> DutyRecord:
    return await record_duty(
        world.database,
        viewer=await world.viewer(by),
        duty_id=duty_id,
        done_on=done_on,
        note=note,
        idempotency_key=key,
        clock=world.clock,
    )


async def test_an_entry_counts_in_its_month_and_taken_back_it_does_not(world: World) -> None:
    rounds = await duty(world, DutyKind.FACILITIES)
    record = await enter(world, rounds.id)
    found = await score(world)
    assert (found.quarter, [each.id for each in found.records]) == (Quarter(year=2025, number=4), [record.id])
    assert kept(found, rounds.id) == (3, 1)
    assert found.score is not None
    assert not found.score.is_over

    for stranger in ("hospital", "property.he"):
        with pytest.raises(NotAllowedError):
            await take_back(world, record, by=stranger)
    await take_back(world, record, by="community")
    assert kept(await score(world), rounds.id) == (3, 0)


def kept(found: ShownScore, duty_id: DutyId) -> tuple[int, int]:
    assert found.score is not None
    [one] = [each for each in found.score.duties if each.duty_id == duty_id]
    return one.due, one.kept


async def take_back(world: World, record: DutyRecord, *, by: str) -> None:
    await remove_record(world.database, viewer=await world.viewer(by), record_id=record.id, clock=world.clock)


async def test_any_person_of_the_owner_enters_it_and_no_other_partner(world: World) -> None:
    rounds = await duty(world, DutyKind.FACILITIES)
    await enter(world, rounds.id, by="property.he")
    await enter(world, rounds.id, by="community")
    for stranger in ("hospital", "planner", "observer"):
        with pytest.raises(NotAllowedError):
            await enter(world, rounds.id, by=stranger)


async def test_drills_are_counted_from_drills_and_not_entered(world: World) -> None:
    drills = await duty(world, DutyKind.DRILLS)
    with pytest.raises(InvalidValueError):
        await enter(world, drills.id, by="community")


@pytest.mark.parametrize("days", [1, -401])
async def test_what_is_ahead_or_long_ago_is_not_entered(world: World, days: int) -> None:
    rounds = await duty(world, DutyKind.FACILITIES)
    with pytest.raises(InvalidValueError):
        await enter(world, rounds.id, done_on=TODAY + timedelta(days=days))


async def test_sent_twice_it_is_entered_once(world: World) -> None:
    rounds = await duty(world, DutyKind.FACILITIES)
    one = await enter(world, rounds.id, key="a")
    assert await enter(world, rounds.id, key="a") == one
    with pytest.raises(IdempotencyConflictError):
        await enter(world, rounds.id, key="a", note="y")


async def test_before_the_pact_there_is_no_score_and_no_duty(world: World) -> None:
    found = await score(world, Quarter(year=2024, number=1))
    assert (found.pact, found.score) == (None, None)
    with pytest.raises(NotFoundError):
        await enter(world, DutyId(world.circle.id))


async def test_an_erased_persons_entries_stay_without_the_name(world: World) -> None:
    rounds = await duty(world, DutyKind.FACILITIES)
    record = await enter(world, rounds.id, by="property.he")
    await erase_person(world.database, username="property.he", clock=world.clock)
    [after] = (await score(world)).records
    assert (after.id, after.created_by) == (record.id, None)
    assert after.created_by_name != record.created_by_name
