"""Marks of a door merge to one answer, however late and in which order they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.domain.errors import InvalidValueError
from responder.domain.ids import AccountId, BuildingId, RollCallMarkId
from responder.domain.registers.roll_call import (
    RollCallDoor,
    RollCallMark,
    RollCallState,
    checked_label,
    decide,
    totals_of,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OUT, NOT_FOUND, REFUSED, NEEDS_CARRYING, UNMARKED = RollCallState
BUILDING = BuildingId(UUID(int=7))
DOOR = RollCallDoor(building_id=BUILDING, label="301", floor=3, expected=3)


def mark(
    number: int, state: RollCallState, *, s: float, by: int = 1, people: int = 1, note: str = ""
) -> RollCallMark:
    at = NOON + timedelta(seconds=s)
    return RollCallMark(
        id=RollCallMarkId(UUID(int=number)),
        building_id=BUILDING,
        label="301",
        state=state,
        people=people,
        note=note,
        at=at,
        received_at=at,
        by=AccountId(UUID(int=by)),
        by_name="x",
    )


def state_of(*marks: RollCallMark) -> RollCallState:
    """Return what the marks come to, in every order in which they can arrive."""
    found = {decide(DOOR, order) for order in permutations(marks)}
    assert len(found) == 1
    return found.pop().state


def test_the_last_tap_decides_and_the_id_between_two_of_one_moment() -> None:
    assert state_of(mark(1, NOT_FOUND, s=1), mark(2, OUT, s=9), mark(3, REFUSED, s=4, by=2)) is OUT
    assert state_of(mark(1, OUT, s=5), mark(2, REFUSED, s=5, by=2)) is REFUSED


def test_who_must_be_carried_stays_so_until_they_are_out() -> None:
    carried = mark(1, NEEDS_CARRYING, s=1, note="轮椅")
    nobody_answers = mark(2, NOT_FOUND, s=5, by=2)
    assert state_of(carried, nobody_answers) is NEEDS_CARRYING
    assert decide(DOOR, [carried, nobody_answers]).note == "轮椅"
    assert state_of(carried, nobody_answers, mark(3, OUT, s=8, by=3)) is OUT
    # A phone without network says afterwards what was seen before they were out.
    assert state_of(carried, mark(3, OUT, s=8, by=3), mark(4, NOT_FOUND, s=9, by=2)) is NOT_FOUND


def test_a_person_takes_back_their_own_tap_by_another_one() -> None:
    slip = mark(1, NEEDS_CARRYING, s=1)
    assert state_of(slip, mark(2, REFUSED, s=2)) is REFUSED
    assert state_of(slip, mark(2, UNMARKED, s=2)) is UNMARKED
    # Another person said it too: it stands.
    assert state_of(slip, mark(3, NEEDS_CARRYING, s=1.5, by=2), mark(2, UNMARKED, s=2)) is NEEDS_CARRYING


marks_of_a_door = st.lists(
    st.tuples(st.sampled_from(list(RollCallState)), st.integers(0, 5), st.integers(1, 3)), max_size=7
)


@given(marks_of_a_door, st.randoms(use_true_random=False))
def test_phones_that_come_back_in_any_order_come_to_the_same(
    taps: list[tuple[RollCallState, int, int]], random: Random
) -> None:
    marks = [mark(n, state, s=s, by=by) for n, (state, s, by) in enumerate(taps)]
    at_once = decide(DOOR, marks)
    random.shuffle(marks)

    one_by_one = DOOR
    for count in range(len(marks) + 1):
        one_by_one = decide(one_by_one, marks[:count])

    assert one_by_one == at_once
    if marks and all(each.state is not NEEDS_CARRYING for each in marks):
        assert at_once.state is max(marks, key=lambda each: each.order).state


def test_totals_tell_people_who_are_not_among_those_who_are_out() -> None:
    doors = [
        replace(DOOR, state=OUT, people=2),
        replace(DOOR, label="302", expected=None, state=OUT, people=4),
        replace(DOOR, label="303", state=NEEDS_CARRYING, people=1),
        replace(DOOR, label="304"),
    ]
    totals = totals_of(doors)
    assert (totals.expected, totals.out, totals.missing, totals.needs_carrying) == (9, 6, 1, 1)
    assert (totals.doors, totals.unmarked_doors) == (4, 1)


@pytest.mark.parametrize("label", ["", "  ", "x" * 17, "3\x00", "<b>", "💥", "\ud800", "-" * 17])
def test_what_is_on_no_door_is_no_label(label: str) -> None:
    with pytest.raises(InvalidValueError):
        checked_label(label)
