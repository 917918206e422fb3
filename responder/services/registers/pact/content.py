"""What is typed into the draft of a pact, checked."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import uuid4

from responder.domain.errors import InvalidValueError
from responder.domain.ids import DutyId, PartnerId
from responder.domain.people.partner import Partner
from responder.domain.registers.pact.pact import DutyKind, PactContent, PactDuty, Period
from responder.domain.registers.pact.template import party_of
from responder.services.validation.text import checked_text

PARTIES_AT_MOST: Final = 20
DUTIES_AT_MOST: Final = 40
TIMES_AT_MOST: Final = 31
NAME_LENGTH: Final = 100
OFFICE_LENGTH: Final = 50
TEXT_LENGTH: Final = 500
_LONGEST_YEARS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """A partner that is to sign; its names are those of the circle's list."""

    partner_id: PartnerId
    signatory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDuty:
    """A duty; without an id it is a new one."""

    id: DutyId | None = None
    kind: DutyKind
    text: str
    text_en: str = ""
    owner_id: PartnerId | None = None
    times: int = 0
    per: Period = Period.QUARTER


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContent:
    """What takes the place of what the draft says."""

    name: str
    name_en: str
    parties: tuple[NewParty, ...]
    duties: tuple[NewDuty, ...]
    valid_from: date
    valid_until: date


def checked_content(given: NewContent, partners: Collection[Partner]) -> PactContent:
    """
    Return what a draft is to say.

    Raises
    ------
    InvalidValueError
        `field` is not as it may be.
    """
    _require(len(given.parties) <= PARTIES_AT_MOST, "too many parties", field="parties")
    _require(len(given.duties) <= DUTIES_AT_MOST, "too many duties", field="duties")
    _require(_are_distinct([each.partner_id for each in given.parties]), "a party twice", field="parties")
    ids = [each.id for each in given.duties if each.id is not None]
    _require(_are_distinct(ids), "a duty twice", field="duties")
    _require(given.valid_from <= given.valid_until, "it ends before it begins", field="valid_until")
    years = given.valid_until.year - given.valid_from.year
    _require(years <= _LONGEST_YEARS, f"it lasts {_LONGEST_YEARS} years at most", field="valid_until")
    known = {each.id: each for each in partners}
    _require(
        all(each.partner_id in known for each in given.parties),
        "the circle has no such partner",
        field="parties",
    )
    parties = {each.partner_id for each in given.parties}
    return PactContent(
        name=checked_text(given.name.strip(), field="name", longest=NAME_LENGTH, may_be_empty=False),
        name_en=checked_text(given.name_en.strip(), field="name_en", longest=NAME_LENGTH),
        parties=tuple(
            party_of(
                known[each.partner_id],
                checked_text(each.signatory.strip(), field="signatory", longest=OFFICE_LENGTH),
            )
            for each in given.parties
        ),
        duties=tuple(_checked_duty(each, parties) for each in given.duties),
        valid_from=given.valid_from,
        valid_until=given.valid_until,
    )


def _checked_duty(given: NewDuty, parties: Collection[PartnerId]) -> PactDuty:
    _require(0 <= given.times <= TIMES_AT_MOST, f"0 to {TIMES_AT_MOST} times", field="times")
    _require(given.owner_id is None or given.owner_id in parties, "its owner is no party", field="owner_id")
    return PactDuty(
        id=DutyId(uuid4()) if given.id is None else given.id,
        kind=given.kind,
        text=checked_text(given.text.strip(), field="text", longest=TEXT_LENGTH, may_be_empty=False),
        text_en=checked_text(given.text_en.strip(), field="text_en", longest=TEXT_LENGTH),
        owner_id=given.owner_id,
        times=given.times,
        per=given.per,
    )


def _are_distinct(ids: Collection[object]) -> bool:
    return not ids or max(Counter(ids).values()) == 1


def _require(holds: bool, message: str, *, field: str) -> None:  # noqa: FBT001 - what has to hold comes first
    if not holds:
        raise InvalidValueError(message, field=field)
