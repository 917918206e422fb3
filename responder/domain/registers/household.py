"""Households: who lives behind a door, and who there needs help to get out."""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from responder.domain.errors import ConsentNeededError
from responder.domain.ids import AccountId, BuildingId, CircleId, HouseholdId

MOST_IN_CIRCLE: Final = 60_000
MOST_IN_BUILDING: Final = 3000


class HelpKind(StrEnum):
    """What help a person needs to get out. Never why: a diagnosis is not kept."""

    CARRYING = "carrying"
    WHEELCHAIR = "wheelchair"
    HEARING = "hearing"
    """Does not hear alarms or calls."""
    SIGHT = "sight"
    POWER = "power"
    """Depends on oxygen or on a device that needs power."""
    GUIDANCE = "guidance"
    """Has to be led, or told step by step."""
    SMALL_CHILD = "small_child"


class SpokenLanguage(StrEnum):
    """The language in which a household understands what it is told, by ISO 639-3."""

    MANDARIN = "cmn"
    XIANG = "hsn"
    CANTONESE = "yue"
    ENGLISH = "eng"
    CHINESE_SIGN = "csl"
    OTHER = "mis"


class Purpose(StrEnum):
    """What consent is given for, by the version of the sentence that was read out."""

    V1 = "1"


CURRENT_PURPOSE: Final = Purpose.V1
_V1_ZH: Final = (
    "社区登记本户的联系人和需要的帮助，只用于火灾等紧急情况下的疏散和救助；"
    "平时只有社区负责人可见，警情中只有接受本楼警报的人员可见，每次查看都有记录；"
    "每年核对一次，可以随时要求查看、更正、撤回同意或删除。"
)
_V1_EN: Final = (
    "The community records this household's contact and the help it needs, only to get people out and "
    "help them in a fire or another emergency. At other times only coordinators see it; in an emergency "
    "only those who accepted the alert for this building do. Each look is recorded. It is checked once a "
    "year; you may at any time ask to see, correct or delete it, or withdraw your consent."
)
PURPOSES: Final[Mapping[Purpose, tuple[str, str]]] = {Purpose.V1: (_V1_ZH, _V1_EN)}
"""In Chinese and English. A sentence is never changed: another one is another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a household agreed to, and who wrote that down."""

    given_on: date
    purpose: Purpose
    recorded_by: AccountId | None
    """None once the person is erased."""
    recorded_by_name: str
    withdrawn_on: date | None = None

    @property
    def holds(self) -> bool:
        return self.withdrawn_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdDetails:
    """What is kept only with consent."""

    language: SpokenLanguage | None = None
    contact_name: str = ""
    contact_phone: str = ""
    help_kinds: tuple[HelpKind, ...] = ()
    """Without repetition, in the order of `HelpKind`."""
    help_people: int = 0
    """How many people need help."""
    help_note: str = ""
    """A few words such as where a key hangs, never a diagnosis."""
    is_tenant: bool = False
    landlord_name: str = ""
    landlord_phone: str = ""
    tenancy_until: date | None = None

    @property
    def needs_help(self) -> bool:
        return bool(self.help_kinds) or self.help_people > 0


NO_DETAILS: Final = HouseholdDetails()


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """The people behind one door."""

    id: HouseholdId
    circle_id: CircleId
    building_id: BuildingId
    door: str
    """As it stands at the door, such as `2单元301`: once only in a building."""
    floor: int | None
    people: int
    consent: Consent | None = None
    details: HouseholdDetails = NO_DETAILS
    confirmed_on: date
    """When it was last said to be right, in the circle's time zone."""
    version: int = 1
    """Grows with every change: an edit names the one that it changes."""
    changed_at: datetime
    changed_by: AccountId | None
    changed_by_name: str

    def __post_init__(self) -> None:
        """Refuse details that the household has not agreed to."""
        if self.details != NO_DETAILS and not self.has_consent:
            raise ConsentNeededError

    @property
    def has_consent(self) -> bool:
        return self.consent is not None and self.consent.holds

    def withdraw_consent(self, *, on: date) -> "Household":
        """Return the household with door and count only, and what is left of the consent as proof."""
        if self.consent is None or not self.consent.holds:
            return self
        return replace(self, consent=replace(self.consent, withdrawn_on=on), details=NO_DETAILS)

    def touch(self, *, at: datetime, by: AccountId, by_name: str) -> "Household":
        """Return the household in its next version."""
        return replace(self, version=self.version + 1, changed_at=at, changed_by=by, changed_by_name=by_name)

    def says_the_same_as(self, other: "Household") -> bool:
        """Tell whether nothing is different but when it was written."""
        return self == replace(
            other,
            version=self.version,
            changed_at=self.changed_at,
            changed_by=self.changed_by,
            changed_by_name=self.changed_by_name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRetention:
    """How long a circle keeps households that nobody confirms."""

    due_after_months: int = 12
    delete_after_months: int = 24

    def due_since(self, today: date) -> date:
        """Return the last day of confirmation by which a household is due again."""
        return months_before(today, self.due_after_months)

    def kept_since(self, today: date) -> date:
        """Return the last day of confirmation by which a household is deleted."""
        return months_before(today, self.delete_after_months)


LONGEST_RETENTION_MONTHS: Final = 60


def months_before(day: date, months: int) -> date:
    """
    Return the day that many months earlier, or the last of its month when that has no such day.

    >>> months_before(date(2026, 3, 31), 1), months_before(date(2026, 1, 15), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 1, 15))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def folded(text: str) -> str:
    """
    Return a text as it is compared: without spaces, capitals and full-width forms, with one kind of dash.

    >>> folded(" ２单元 － 301 "), folded("A–12")
    ('2单元-301', 'a-12')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _DASH.sub("-", "".join(plain.split()))


def door_key(door: str) -> str:
    """
    Return a door as doors of a building are told apart.

    >>> door_key("301 室"), door_key("1-1201") == door_key("11-201")
    ('301', False)
    """
    key = folded(door)
    return key.rstrip("室号#") or key


_DASH: Final = re.compile("[‐‑‒–—−]")
LAST_DIGITS: Final = 4
"""Of a telephone: people give only these."""
_MOST_ENDS: Final = 12


def search_terms(household: Household) -> frozenset[str]:
    """Return what a search for the household may begin with: door, names and telephones, folded."""
    details = household.details
    terms = {door_key(household.door)}
    for name in (details.contact_name, details.landlord_name):
        plain = folded(name)
        # From each of its first characters on: a given name is looked for as well.
        terms.update(plain[start:] for start in range(min(len(plain), _MOST_ENDS)))
    for phone in (details.contact_phone, details.landlord_phone):
        digits = digits_of(phone)
        terms.update({digits, digits[-LAST_DIGITS:], digits.removeprefix("86")})
    return frozenset(terms - {""})


def digits_of(phone: str) -> str:
    """
    Return the digits of a telephone.

    >>> digits_of("+86 140-0000-0001")
    '8614000000001'
    """
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", phone) if letter.isascii() and letter.isdigit()
    )
