"""A drill without people in a town where every second can be counted."""

from dataclasses import replace

import pytest

from geo.testing import at
from responder.domain.drills.plan import Inject, InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.rehearsal.findings import FindingCode, WeakPoint
from responder.domain.drills.rehearsal.happenings import Happening, HappeningKind
from responder.domain.drills.rehearsal.rehearsal import Rehearsal
from responder.domain.ids import UnitId
from responder.domain.people.partner import PartnerKind
from responder.services.drills.rehearsal.inputs import RehearsalInputs
from responder.services.drills.rehearsal.rehearse import rehearse
from tests.services.drills.rehearsal_town import (
    AS_STATED,
    ENGINE,
    FIRE,
    GUARD,
    MAIN_STREET_SHUT,
    PATROL,
    POLICE,
    UNITS,
    WARDEN,
    inputs,
    lane,
    objective,
    partner,
    plan,
    roads,
    unit,
    with_post,
)

NEAR_MS = 60
"""A metre of snapping here and there."""


def rehearsed(asked: RehearsalInputs, *, width_m: float = 6.0) -> Rehearsal:
    return rehearse(roads(width_m=width_m), asked, seed=1, spread=AS_STATED)


def arrivals_s(shown: Rehearsal) -> dict[UnitId, float | None]:
    return {each.unit_id: None if each.arrived_ms is None else each.arrived_ms / 1000 for each in shown.units}


def of(shown: Rehearsal, code: FindingCode) -> list[WeakPoint]:
    return [each for each in shown.findings if each.code is code]


def happened(shown: Rehearsal, kind: HappeningKind) -> list[Happening]:
    return [each for each in shown.happenings if each.kind is kind]


def test_units_arrive_when_counted() -> None:
    shown = rehearsed(inputs(plan()))

    expected = {ENGINE: 100, PATROL: 120, WARDEN: 160, GUARD: 90}
    assert arrivals_s(shown) == pytest.approx(expected, abs=NEAR_MS / 1000)
    assert {each.unit_id: each.expected_ms for each in shown.units} == pytest.approx(
        {unit_id: seconds * 1000 for unit_id, seconds in expected.items()}, abs=NEAR_MS
    )
    assert [each.at_ms for each in shown.happenings] == sorted(each.at_ms for each in shown.happenings)
    assert shown.happenings[-1] == Happening(at_ms=1_800_000, kind=HappeningKind.ENDED)


def test_a_track_is_where_the_unit_is() -> None:
    shown = rehearsed(inputs(plan()))

    [track] = (each.track for each in shown.units if each.unit_id == ENGINE)
    assert track[0] == (20_000, at(0, 0).lon, at(0, 0).lat)
    [middle] = (frame for frame in track if abs(frame.lon - at(500, 0).lon) < 2e-6)
    assert middle.at_ms == pytest.approx(70_000, abs=NEAR_MS)
    assert track[-1].at_ms == pytest.approx(100_000, abs=NEAR_MS)
    assert (track[-1].lon, track[-1].lat) == pytest.approx((at(800, 0).lon, at(800, 0).lat), abs=1e-6)


def test_a_closed_lane_sends_those_who_come_that_way_round_by_another() -> None:
    # Both are at x=400 then, the patrol in Back Street, whose far end they come by.
    shown = rehearsed(inputs(plan(lane(1, 60, *MAIN_STREET_SHUT))))

    arrived = arrivals_s(shown)
    # 100 m to the crossing, then 200 + 500 + 200 + 200 m.
    assert arrived[ENGINE] == pytest.approx(180, abs=0.2)
    # 600 + 200 + 200 m.
    assert arrived[PATROL] == pytest.approx(160, abs=0.2)
    assert arrived[GUARD] == pytest.approx(90, abs=0.2)
    [delayed] = of(shown, FindingCode.UNIT_DELAYED)
    assert (delayed.inject, delayed.unit_ids) == (1, (ENGINE, PATROL))
    assert delayed.took_ms == pytest.approx(80_000, abs=200)
    [turned] = (each for each in happened(shown, HappeningKind.REROUTED) if each.unit_id == ENGINE)
    assert turned.at_ms == 60_000
    [track] = (each.track for each in shown.units if each.unit_id == ENGINE)
    assert max(frame.lat for frame in track) == pytest.approx(at(0, 200).lat, abs=1e-6)


def test_who_has_passed_a_lane_does_not_mind_that_it_is_closed() -> None:
    shown = rehearsed(inputs(plan(lane(1, 90, *MAIN_STREET_SHUT)), units=UNITS[:1]))

    assert arrivals_s(shown)[ENGINE] == pytest.approx(100, abs=0.2)
    assert happened(shown, HappeningKind.REROUTED) == []


def test_who_has_no_way_left_waits_until_a_lane_is_clear() -> None:
    clear = objective("clear", Measure.LANE_CLEAR, 120, since_inject=2)
    shut = plan(lane(1, 50, at(950, 0), at(960, 0)), lane(2, 60, *MAIN_STREET_SHUT), objectives=[clear])
    shown = rehearsed(inputs(shut))

    [cut] = (each for each in happened(shown, HappeningKind.CUT_OFF) if each.unit_id == ENGINE)
    assert cut.at_ms == 60_000
    assert ENGINE in of(shown, FindingCode.UNIT_CUT_OFF)[0].unit_ids
    # The guard is there at 90 s and clears the lane in 60 s.
    [cleared] = happened(shown, HappeningKind.LANE_CLEAR)
    assert cleared.at_ms == pytest.approx(150_000, abs=NEAR_MS)
    assert arrivals_s(shown)[ENGINE] == pytest.approx(150 + 40, abs=0.2)
    [outcome] = shown.outcomes
    assert outcome.is_met
    assert outcome.took_ms == pytest.approx(90_000, abs=NEAR_MS)


def test_a_lane_that_no_objective_asks_for_stays_closed() -> None:
    shown = rehearsed(inputs(plan(lane(1, 60, *MAIN_STREET_SHUT))))

    assert happened(shown, HappeningKind.LANE_CLEAR) == []


def test_a_unit_out_of_service_does_not_come() -> None:
    out = Inject(number=1, after_s=50, kind=InjectKind.UNIT_OUT, text="故障", unit_id=ENGINE)
    shown = rehearsed(inputs(plan(out)))

    assert arrivals_s(shown)[ENGINE] is None
    assert [each.unit_id for each in happened(shown, HappeningKind.OUT_OF_SERVICE)] == [ENGINE]
    [track] = (each.track for each in shown.units if each.unit_id == ENGINE)
    assert track[-1].at_ms == 50_000
    assert track[-1].lon == pytest.approx(at(300, 0).lon, abs=2e-6)


def test_the_community_counts_people() -> None:
    counted = objective("counted", Measure.COUNTED, 200, count=25)
    shown = rehearsed(inputs(plan(objectives=[counted])))

    # On scene at 160 s, 2 s a person.
    assert [each.people for each in happened(shown, HappeningKind.COUNTED)] == [10, 10, 5]
    [outcome] = shown.outcomes
    assert outcome.took_ms == pytest.approx(210_000, abs=NEAR_MS)
    assert not outcome.is_met
    [missed] = of(shown, FindingCode.OBJECTIVE_MISSED)
    assert (missed.objective, missed.limit_ms) == ("counted", 200_000)


def test_what_only_an_evaluator_can_tell_is_left_unknown() -> None:
    shown = rehearsed(inputs(plan(objectives=[objective("seen", Measure.OBSERVED, 60)])))

    [outcome] = shown.outcomes
    assert not outcome.is_simulated
    assert [each.code for each in shown.findings] == [FindingCode.OBJECTIVE_NOT_SIMULATED]


def test_injects_wait_for_what_happens_and_some_for_ever() -> None:
    first = objective("first", Measure.FIRST_ON_SCENE, 180)
    never = objective("never", Measure.PARTNER_ON_SCENE, 60, partner_kind=PartnerKind.HOSPITAL)

    def waiting(number: int, kind: WaitKind, key: str | None = None, inject: int | None = None) -> Inject:
        waits = WaitsFor(kind=kind, objective=key, inject=inject)
        return Inject(number=number, after_s=10, kind=InjectKind.MESSAGE, text="信息", waits_for=waits)

    shown = rehearsed(
        inputs(
            plan(
                waiting(1, WaitKind.ON_SCENE),
                waiting(2, WaitKind.INJECT, inject=1),
                waiting(3, WaitKind.OBJECTIVE, key="first"),
                waiting(4, WaitKind.OBJECTIVE, key="never"),
                Inject(number=5, after_s=7200, kind=InjectKind.MESSAGE, text="太晚"),
                objectives=[first, never],
            )
        )
    )

    given = {each.inject: each.at_ms for each in happened(shown, HappeningKind.INJECT_GIVEN)}
    assert given == pytest.approx({1: 100_000, 2: 110_000, 3: 100_000}, abs=NEAR_MS)
    [left] = of(shown, FindingCode.INJECT_NEVER_DUE)
    assert (left.inject, left.reason, left.objective) == (4, "objective", "never")
    [late] = of(shown, FindingCode.INJECT_AFTER_END)
    assert (late.inject, late.took_ms, late.limit_ms) == (5, 7_200_000, 1_800_000)


def test_where_a_vehicle_cannot_pass_is_told_once_for_all_that_stop_there() -> None:
    second = replace(UNITS[0], id=UnitId(PATROL))
    shown = rehearsed(inputs(plan(), units=[UNITS[0], second]), width_m=2.5)

    [stop] = of(shown, FindingCode.VEHICLE_STOPS)
    assert (stop.reason, stop.have, stop.need, stop.street) == ("width", 2.5, 3.5, "大街")
    assert stop.unit_ids == (ENGINE, PATROL)
    assert stop.inject is None
    # 1,200 m to the end of Back Street, half a minute to get out and 200 m on foot.
    assert arrivals_s(shown)[ENGINE] == pytest.approx(20 + 140 + 30 + 200, abs=1)


def test_a_vehicle_stopped_by_an_inject_names_it() -> None:
    narrow = lane(4, 0, *MAIN_STREET_SHUT)
    assert narrow.closure is not None
    narrow = replace(narrow, closure=replace(narrow.closure, wider_than_m=2.5))
    other = lane(5, 0, at(1000, 50), at(1000, 60))
    shown = rehearsed(inputs(plan(narrow, other), units=UNITS[:1]))

    [stop] = of(shown, FindingCode.VEHICLE_STOPS)
    assert (stop.inject, stop.reason, stop.have) == (4, "width", 2.5)


def test_an_aed_too_far_away_is_told_for_the_place_and_each_casualty() -> None:
    there = at(400, 0)
    hurt = Inject(
        number=2, after_s=30, kind=InjectKind.CASUALTY, text="有人受伤", lon=there.lon, lat=there.lat
    )
    shown = rehearsed(inputs(plan(hurt), aeds=[at(300, 0)]))

    [far] = of(shown, FindingCode.NO_AED_NEARBY)
    assert (far.inject, far.limit_ms) == (None, 300_000)
    assert far.took_ms == pytest.approx(500_000, abs=1000)
    none = of(rehearsed(inputs(plan(hurt), aeds=[])), FindingCode.NO_AED_NEARBY)
    assert [(each.inject, each.took_ms) for each in none] == [(None, None), (2, None)]


def test_a_partner_no_one_of_whom_is_in_reach_is_told() -> None:
    hospital, volunteers = partner(PartnerKind.HOSPITAL, 105), partner(PartnerKind.VOLUNTEERS, 106)
    slow = unit(UnitId(GUARD), hospital, "foot", 0, 200, turnout_s=60)
    shown = rehearsed(inputs(plan(), units=[UNITS[0], slow], partners=[FIRE, hospital, volunteers]))

    told = {each.partner_id: each.reason for each in of(shown, FindingCode.PARTNER_NOT_IN_REACH)}
    assert told == {hospital.id: "beyond_limit", volunteers.id: "no_units"}
    assert [each.unit_id for each in shown.absent] == [GUARD]


def test_only_partners_who_take_part_are_called() -> None:
    shown = rehearsed(inputs(replace(plan(), partner_ids=(POLICE.id,))))

    assert [each.unit_id for each in shown.units] == [PATROL]


def test_who_is_cut_off_at_the_post_sets_out_when_the_lane_is_clear() -> None:
    # Both ways out of the post are shut before the unit has turned out.
    clear = objective("clear", Measure.LANE_CLEAR, 300, since_inject=1)
    shut = plan(
        lane(1, 0, at(60, 0), at(70, 0)),
        lane(2, 0, at(30, 0), at(40, 0)),
        objectives=[clear],
    )
    post = with_post(UNITS[0], 50, 0)
    shown = rehearsed(inputs(shut, units=[post, UNITS[3]]))

    [cut] = happened(shown, HappeningKind.CUT_OFF)
    assert (cut.unit_id, cut.at_ms) == (ENGINE, 20_000)
    assert arrivals_s(shown)[ENGINE] == pytest.approx(150 + 75, abs=0.2)
    assert WARDEN not in arrivals_s(shown)
