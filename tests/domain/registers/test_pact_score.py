"""How often duties were due and done in a quarter, counted by hand."""

from datetime import date
from uuid import uuid4

from responder.domain.ids import DutyId, PartnerId
from responder.domain.registers.pact.pact import DutyKind, PactContent, PactDuty, Period
from responder.domain.registers.pact.score import CountedDrill, DutyScore, Quarter, score_of

HOSPITAL, POLICE = PartnerId(uuid4()), PartnerId(uuid4())


def duty(
    kind: DutyKind = DutyKind.PUBLICITY,
    *,
    times: int,
    per: Period,
    owner: PartnerId | None = None,
) -> PactDuty:
    return PactDuty(id=DutyId(uuid4()), kind=kind, text="x", owner_id=owner, times=times, per=per)


def score(
    one: PactDuty,
    quarter: int,
    *,
    days: tuple[date, ...] = (),
    drills: tuple[CountedDrill, ...] = (),
    valid_from: date = date(2024, 1, 1),
) -> DutyScore:
    content = PactContent(
        name="x",
        name_en="",
        parties=(),
        duties=(one,),
        valid_from=valid_from,
        valid_until=date(2027, 12, 31),
    )
    found = score_of(
        content,
        Quarter(year=2025, number=quarter),
        today=date(2025, 12, 31),
        drills=drills,
        done={one.id: days},
    )
    return found.duties[0]


def test_a_quarters_first_and_last_day_count_and_the_days_beside_them_do_not() -> None:
    once = duty(times=3, per=Period.QUARTER)
    days = (date(2025, 3, 31), date(2025, 4, 1), date(2025, 6, 30), date(2025, 7, 1))
    found = score(once, 2, days=days)
    assert (found.due, found.kept, found.done, found.is_kept) == (3, 2, 2, False)


def test_a_month_left_out_is_not_made_up_for_by_doing_it_twice_in_another() -> None:
    monthly = duty(times=1, per=Period.MONTH)
    found = score(monthly, 1, days=(date(2025, 1, 5), date(2025, 1, 6), date(2025, 2, 28)))
    assert (found.due, found.kept, found.done) == (3, 2, 3)


def test_twice_a_year_is_due_once_by_the_half_year_whenever_in_it() -> None:
    half_yearly = duty(DutyKind.DRILLS, times=2, per=Period.YEAR)
    spring = CountedDrill(on=date(2025, 2, 3), took_part=())
    assert [score(half_yearly, each, drills=(spring,)).due for each in (1, 2, 3, 4)] == [0, 1, 1, 2]
    assert [score(half_yearly, each, drills=(spring,)).is_kept for each in (1, 2, 3, 4)] == [
        True,
        True,
        True,
        False,
    ]


def test_a_drill_counts_for_those_who_took_part_and_entries_do_not_make_one() -> None:
    own = duty(DutyKind.DRILLS, times=1, per=Period.QUARTER, owner=HOSPITAL)
    drill = CountedDrill(on=date(2025, 2, 3), took_part=(POLICE,))
    assert score(own, 1, drills=(drill,), days=(date(2025, 2, 4),)).kept == 0
    joined = CountedDrill(on=date(2025, 2, 3), took_part=(HOSPITAL, POLICE))
    assert score(own, 1, drills=(joined,)).kept == 1


def test_nothing_is_demanded_for_time_before_the_pact_began() -> None:
    monthly = duty(times=1, per=Period.MONTH)
    found = score(monthly, 1, days=(date(2025, 3, 2),), valid_from=date(2025, 2, 10))
    assert (found.due, found.kept) == (1, 1)
    yearly = duty(times=4, per=Period.YEAR)
    assert score(yearly, 3, valid_from=date(2025, 4, 1)).due == 2


def test_a_duty_for_when_it_is_needed_is_not_counted() -> None:
    content = PactContent(
        name="x",
        name_en="",
        parties=(),
        duties=(duty(DutyKind.RESCUE, times=0, per=Period.QUARTER),),
        valid_from=date(2025, 1, 1),
        valid_until=date(2025, 12, 31),
    )
    found = score_of(content, Quarter.of(date(2025, 5, 1)), today=date(2025, 5, 1), drills=(), done={})
    assert (found.quarter, found.duties, found.is_over) == (Quarter(year=2025, number=2), (), False)
