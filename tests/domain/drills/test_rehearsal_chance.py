"""What is left to chance in a rehearsal."""

from uuid import UUID

from responder.domain.drills.plan import Measure
from responder.domain.drills.rehearsal.chances import chances_of
from responder.domain.drills.rehearsal.happenings import SimulatedOutcome
from responder.domain.drills.rehearsal.spread import Chance, Quantiles, Spread
from responder.domain.ids import UnitId

UNITS = [UnitId(UUID(int=number)) for number in range(1, 401)]


def outcome(took_ms: int | None, *, is_met: bool = True) -> SimulatedOutcome:
    return SimulatedOutcome(
        key="first",
        measure=Measure.FIRST_ON_SCENE,
        is_simulated=True,
        within_ms=100,
        took_ms=took_ms,
        is_met=is_met,
    )


def test_quantiles_are_straight_between_their_points() -> None:
    some = Quantiles(points=((0, 100), (500, 200), (1000, 1200)))

    assert [some.at(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)] == [100, 150, 200, 700, 1200]


def test_the_default_spread_is_said_to_be_assumed_and_centred_on_what_is_expected() -> None:
    spread = Spread()

    assert spread.turnout.at(0.5) == spread.travel.at(0.5) == 1000
    for each in (spread.turnout, spread.travel, spread.clearing_ms, spread.count_ms):
        assert each.measured_from == 0
        told = [each.at(number / 100) for number in range(101)]
        assert told == sorted(told)


def test_draws_follow_the_spread() -> None:
    draws = [Chance(3).of_unit(unit) for unit in UNITS]

    assert 0.9 < sum(draw.comes for draw in draws) / len(draws) < 0.99
    assert 0.4 < sum(draw.turnout < 1000 for draw in draws) / len(draws) < 0.6
    assert min(draw.travel for draw in draws) >= 630
    assert max(draw.travel for draw in draws) <= 1600


def test_draws_are_the_same_for_ever() -> None:
    draw = Chance(7).of_unit(UNITS[0])

    assert (draw.comes, draw.turnout, draw.travel, draw.count_ms) == (True, 815, 846, 3479)
    assert Chance(7).clearing_ms(1) == 164_619


def test_chances_count_what_is_never_met_as_longer_than_all_else() -> None:
    runs = [outcome(took) for took in (50, 40, 30, 20, 10)]
    never = [outcome(None, is_met=False)] * 5

    [chance] = chances_of([[each] for each in (*runs, *never)])
    assert (chance.runs, chance.met) == (10, 5)
    assert (chance.p10_ms, chance.p50_ms, chance.p90_ms) == (10, 50, None)
