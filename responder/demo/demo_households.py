"""Households of two buildings of the demo circle: invented, and called so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid5

from responder.demo.telephones import household_telephone
from responder.domain.ids import BuildingId, CircleId, HouseholdId
from responder.domain.people.account import Account
from responder.domain.registers.household import (
    CURRENT_PURPOSE,
    NO_DETAILS,
    Consent,
    HelpKind,
    Household,
    HouseholdDetails,
    SpokenLanguage,
)

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_CONFIRMED_DAYS_AGO: Final = 120
_LATE_DAYS_AGO: Final = 430
"""So long ago that the household is due again."""
_DETAILS: Final = {
    "7/101": HouseholdDetails(help_kinds=(HelpKind.WHEELCHAIR,), help_people=1, help_note="轮椅放在门内左侧"),
    "7/103": HouseholdDetails(language=SpokenLanguage.XIANG, help_kinds=(HelpKind.HEARING,), help_people=1),
    "7/202": HouseholdDetails(help_kinds=(HelpKind.SMALL_CHILD,), help_people=2, is_tenant=True),
    "7/301": HouseholdDetails(
        help_kinds=(HelpKind.CARRYING, HelpKind.POWER), help_people=1, help_note="制氧机；备用钥匙在一楼物业"
    ),
    "7/304": HouseholdDetails(is_tenant=True, landlord_name="示例房东一"),
    "7/402": HouseholdDetails(help_kinds=(HelpKind.GUIDANCE,), help_people=1),
    "7/501": HouseholdDetails(language=SpokenLanguage.ENGLISH, is_tenant=True, landlord_name="示例房东一"),
    "8/101": HouseholdDetails(help_kinds=(HelpKind.SIGHT,), help_people=1),
    "8/201": HouseholdDetails(language=SpokenLanguage.XIANG),
}
"""By building and door; the other households have not consented to more than door and count."""
_DOORS: Final = {
    "7": (
        "101",
        "102",
        "103",
        "104",
        "201",
        "202",
        "203",
        "204",
        "301",
        "302",
        "303",
        "304",
        "401",
        "402",
        "403",
        "404",
        "501",
        "502",
    ),
    "8": ("101", "102", "103", "201", "202"),
}
_LATE: Final = frozenset({"7/202", "8/201"})


def demo_households(
    circle_id: CircleId, buildings: dict[str, BuildingId], accounts: Sequence[Account], *, now: datetime
) -> tuple[Household, ...]:
    """Return the households of buildings 7 and 8, written down by the community."""
    coordinator, today = accounts[0], now.date()
    doors = [(number, door) for number, listed in _DOORS.items() for door in listed]
    return tuple(
        _household(
            circle_id,
            buildings[number],
            f"{number}/{door}",
            at=at,
            by=coordinator,
            now=now,
            today=today,
        )
        for at, (number, door) in enumerate(doors)
    )


def _household(
    circle_id: CircleId,
    building_id: BuildingId,
    key: str,
    *,
    at: int,
    by: Account,
    now: datetime,
    today: date,
) -> Household:
    door = key.partition("/")[2]
    details = _DETAILS.get(key)
    confirmed_on = today - timedelta(days=_LATE_DAYS_AGO if key in _LATE else _CONFIRMED_DAYS_AGO)
    return Household(
        id=HouseholdId(uuid5(circle_id, f"household {key}")),
        circle_id=circle_id,
        building_id=building_id,
        door=door,
        floor=int(door[0]),
        people=2 + at % 3,
        consent=None
        if details is None
        else Consent(
            given_on=confirmed_on,
            purpose=CURRENT_PURPOSE,
            recorded_by=by.id,
            recorded_by_name=by.name,
        ),
        details=NO_DETAILS if details is None else _with_contact(details, at),
        confirmed_on=confirmed_on,
        changed_at=now,
        changed_by=by.id,
        changed_by_name=by.name,
    )


def _with_contact(details: HouseholdDetails, at: int) -> HouseholdDetails:
    return replace(
        details,
        language=details.language or SpokenLanguage.MANDARIN,
        contact_name=f"示例住户{_STEMS[at % len(_STEMS)]}",
        contact_phone=household_telephone(at),
        landlord_phone=household_telephone(900) if details.landlord_name else "",
    )
