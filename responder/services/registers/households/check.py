"""Whether a household can be kept as it was typed or read from a sheet."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from responder.domain.errors import InvalidValueError
from responder.domain.registers.household import HelpKind, HouseholdDetails, digits_of
from responder.services.validation.text import checked_text

DOOR_LENGTH: Final = 40
NAME_LENGTH: Final = 60
PHONE_LENGTH: Final = 32
NOTE_LENGTH: Final = 60
"""Room for where a key hangs, and for no case history."""
MOST_PEOPLE: Final = 200
LOWEST_FLOOR: Final = -10
HIGHEST_FLOOR: Final = 300
_FEWEST_DIGITS: Final = 3
_PHONE: Final = re.compile(r"[0-9+()（）\-. /转#*x]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdData:
    """What is said of a household."""

    door: str
    people: int
    floor: int | None = None
    details: HouseholdDetails
    consent_given_on: date | None = None
    """When consent was given to what is written down now; None leaves the consent that there is."""


def checked_data(data: HouseholdData, *, today: date) -> HouseholdData:
    """
    Return the data as they can be kept.

    Raises
    ------
    InvalidValueError
        A field cannot be; `field` names it.
    """
    if data.floor is not None and not LOWEST_FLOOR <= data.floor <= HIGHEST_FLOOR:
        raise refused_field(field="floor")
    if not 0 <= data.people <= MOST_PEOPLE:
        raise refused_field(field="people")
    if data.consent_given_on is not None and not date(2000, 1, 1) <= data.consent_given_on <= today:
        raise refused_field(field="consent_given_on")
    return HouseholdData(
        door=_line(data.door, "door", DOOR_LENGTH, may_be_empty=False),
        people=data.people,
        floor=data.floor,
        details=_checked_details(data.details, people=data.people),
        consent_given_on=data.consent_given_on,
    )


def _checked_details(details: HouseholdDetails, *, people: int) -> HouseholdDetails:
    if not 0 <= details.help_people <= people:
        raise refused_field(field="help_people")
    if details.tenancy_until is not None and not date(2000, 1, 1) <= details.tenancy_until <= date(
        2200, 1, 1
    ):
        raise refused_field(field="tenancy_until")
    # A household in which a person needs help has at least one person.
    help_people = max(details.help_people, 1 if details.help_kinds and people else 0)
    return HouseholdDetails(
        language=details.language,
        contact_name=_line(details.contact_name, "contact_name", NAME_LENGTH),
        contact_phone=_phone(details.contact_phone, "contact_phone"),
        help_kinds=tuple(kind for kind in HelpKind if kind in details.help_kinds),
        help_people=help_people,
        help_note=_line(details.help_note, "help_note", NOTE_LENGTH),
        is_tenant=details.is_tenant,
        landlord_name=_line(details.landlord_name, "landlord_name", NAME_LENGTH),
        landlord_phone=_phone(details.landlord_phone, "landlord_phone"),
        tenancy_until=details.tenancy_until,
    )


def _line(text: str, field: str, longest: int, *, may_be_empty: bool = True) -> str:
    plain = " ".join(text.split())
    return checked_text(plain, field=field, longest=longest, may_be_empty=may_be_empty)


def _phone(text: str, field: str) -> str:
    plain = _line(text, field, PHONE_LENGTH)
    if plain and (not _PHONE.fullmatch(plain) or len(digits_of(plain)) < _FEWEST_DIGITS):
        raise refused_field(field=field)
    return plain


def refused_field(*, field: str) -> InvalidValueError:
    """Return the error for a field that cannot be as it is."""
    message = f"{field} cannot be this"
    return InvalidValueError(message, field=field)
