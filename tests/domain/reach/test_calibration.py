"""What past journeys propose, counted by hand."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from responder.domain.ids import IncidentId, UnitId
from responder.domain.reach.calibration import FEWEST, MeasuredJourney, calibrate, estimate

NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)
ENGINE = UnitId(UUID(int=1))
IN_FORCE = {ENGINE: 60.0}


def journey(
    number: int, *, turnout_s: float | None, travel_s: float | None, **fields: object
) -> MeasuredJourney:
    whole = {
        "incident_id": IncidentId(UUID(int=100 + number)),
        "at": NOON + timedelta(days=number),
        "exercise": True,
        "unit_id": ENGINE,
        "profile": "fire_engine",
        "turnout_s": turnout_s,
        "travel_s": travel_s,
        "predicted_turnout_s": 60.0,
        "predicted_travel_s": 200.0,
    }
    return MeasuredJourney(**{**whole, **fields})  # type: ignore[arg-type]


def test_fewer_than_five_say_nothing() -> None:
    assert estimate([1.0] * (FEWEST - 1)) is None
    few = [journey(number, turnout_s=300, travel_s=900) for number in range(FEWEST - 1)]
    assert (calibrate(few, IN_FORCE).turnouts, calibrate(few, IN_FORCE).speeds) == ((), ())


@pytest.mark.parametrize(("n", "left_out"), [(5, 0), (7, 0), (8, 1), (10, 1), (12, 2), (30, 10)])
def test_the_interval_is_that_of_the_binomial_table(n: int, left_out: int) -> None:
    found = estimate([float(each) for each in range(n)])

    assert found is not None
    assert (found.low, found.high) == (left_out, n - 1 - left_out)


def test_the_interval_holds_the_median_as_often_as_it_says() -> None:
    chance = random.Random(3)  # noqa: S311 - the same draws every time
    held = 0
    for _ in range(2000):
        found = estimate([chance.expovariate(1.0) for _ in range(11)])
        assert found is not None
        held += found.low <= 0.6931 <= found.high
    assert held / 2000 >= 0.9


def test_a_clear_difference_is_proposed_and_one_outlier_is_not() -> None:
    slow = [journey(number, turnout_s=90 + number, travel_s=400 + number) for number in range(7)]

    found = calibrate(slow, IN_FORCE)

    assert [(each.before_s, each.after_s, each.estimate.n) for each in found.turnouts] == [(60, 93, 7)]
    assert [(each.profile, each.factor) for each in found.speeds] == [("fire_engine", 0.5)]
    usual = [journey(number, turnout_s=60, travel_s=200) for number in range(6)]
    assert calibrate([*usual, journey(9, turnout_s=900, travel_s=3000)], IN_FORCE).turnouts == ()


def test_held_out_predictions_use_none_of_their_own_journeys() -> None:
    slow = [journey(number, turnout_s=100, travel_s=200) for number in range(7)]

    found = calibrate(slow, IN_FORCE).held_out

    assert found is not None
    assert (found.n, found.before_s, found.after_s) == (7, 40, 0)
    # With five of them none is left to predict from once one is held out.
    few = calibrate(slow[:5], IN_FORCE).held_out
    assert few is not None
    assert few.after_s == few.before_s == 40


def test_what_was_taken_over_is_not_proposed_again() -> None:
    slow = [journey(number, turnout_s=90 + number, travel_s=200) for number in range(7)]

    assert calibrate(slow, {ENGINE: 93.0}).turnouts == ()
    # A unit that is gone.
    assert calibrate(slow, {}).turnouts == ()


def test_what_was_not_said_is_not_counted() -> None:
    silent = [journey(number, turnout_s=None, travel_s=None) for number in range(8)]

    assert calibrate(silent, IN_FORCE).held_out is None
