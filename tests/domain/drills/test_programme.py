"""The yearly programme, counted by hand."""

from datetime import date
from uuid import UUID

from responder.domain.drills.plan import DrillMode, DrillState
from responder.domain.drills.programme import DrillRecord, PlannedFor, programme_of
from responder.domain.ids import DrillId, PartnerId

HOSPITAL, POLICE, PROPERTY = (PartnerId(UUID(int=n)) for n in (1, 2, 3))
TODAY = date(2025, 9, 1)


def drill(number: int, on: date | None, **fields: object) -> PlannedFor:
    named = fields.pop("partner_ids", ())
    whole = {
        "id": DrillId(UUID(int=100 + number)),
        "name": f"演练{number}",
        "mode": DrillMode.FIELD,
        "state": DrillState.ENDED,
        "on": on,
    }
    return PlannedFor(record=DrillRecord(**{**whole, **fields}), partner_ids=named)  # type: ignore[arg-type]


DRILLS = [
    drill(1, date(2024, 12, 31), took_part=(POLICE,)),
    drill(2, date(2025, 3, 3), took_part=(HOSPITAL, POLICE)),
    drill(3, date(2025, 8, 20), mode=DrillMode.TABLETOP),
    drill(4, date(2025, 4, 1), state=DrillState.CALLED_OFF),
    drill(5, date(2025, 10, 10), state=DrillState.PLANNED, partner_ids=(HOSPITAL,)),
    drill(6, date(2025, 11, 11), state=DrillState.PLANNED),
    drill(7, date(2025, 8, 1), state=DrillState.PLANNED),
    drill(8, None, state=DrillState.PLANNED),
    drill(9, date(2026, 1, 5), state=DrillState.PLANNED),
]


def test_drills_of_a_year_are_listed_by_date_and_those_without_one_last() -> None:
    shown = programme_of(DRILLS, (), year=2025, today=TODAY)
    before = programme_of(DRILLS, (), year=2024, today=TODAY)

    assert [each.name for each in shown.drills] == [f"演练{n}" for n in (2, 4, 7, 3, 5, 6, 8)]
    assert [each.name for each in before.drills] == ["演练1"]


def test_the_next_drill_is_due_half_a_year_after_the_last_in_the_field() -> None:
    duty = programme_of(DRILLS, (), year=2025, today=TODAY).circle

    assert (duty.drills, duty.last_on) == (1, date(2025, 3, 3))
    # 28 more days in March, then 30 + 31 + 30 + 31 + 31 to the end of August, and one: 182.
    assert duty.due_on == date(2025, 9, 1)
    assert not duty.is_overdue
    assert duty.planned_on == date(2025, 10, 10)
    assert programme_of(DRILLS, (), year=2025, today=date(2025, 9, 2)).circle.is_overdue


def test_each_partner_counts_what_it_was_on_scene_of() -> None:
    hospital, police, property_ = programme_of(
        DRILLS, (HOSPITAL, POLICE, PROPERTY), year=2024, today=TODAY, every_days=365
    ).partners

    assert (hospital.drills, hospital.last_on, hospital.planned_on) == (
        0,
        date(2025, 3, 3),
        date(2025, 10, 10),
    )
    assert (police.drills, police.last_on, police.planned_on) == (1, date(2025, 3, 3), date(2025, 11, 11))
    assert police.due_on == date(2026, 3, 3)
    assert (property_.drills, property_.last_on, property_.due_on) == (0, None, None)
    assert property_.is_overdue
