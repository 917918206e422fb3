"""Households on the wire: what coordinators see, and the less that those see who come to an incident."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from responder.api.field_types import Body, Flag, Line
from responder.domain.ids import HouseholdId
from responder.domain.registers.household import (
    HelpKind,
    Household,
    HouseholdDetails,
    Purpose,
    SpokenLanguage,
)
from responder.services.registers.households.check import HouseholdData

NOT_KEPT: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}
"""Of answers with people in them: neither a browser nor a proxy keeps them."""


def _day(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if value is not None and (not isinstance(value, str) or len(value) != len("2025-01-31")):
        message = "a day is written as text, such as 2025-01-31"
        raise ValueError(message)
    return value


Day = Annotated[date | None, BeforeValidator(_day)]
Count = Annotated[int, Field(ge=0, le=200, strict=True)]
Floor = Annotated[int, Field(ge=-10, le=300, strict=True)]
_Short = Annotated[Line, StringConstraints(max_length=60)]


class HouseholdBody(Body):
    """What is said of a household. All but door, floor and people needs consent."""

    door: Annotated[Line, StringConstraints(min_length=1, max_length=40)]
    floor: Floor | None = None
    people: Count
    consent_given_on: Day = None
    """When consent was given to what is said here; null leaves the consent that there is."""
    language: SpokenLanguage | None = None
    contact_name: _Short = ""
    contact_phone: Annotated[Line, StringConstraints(max_length=32)] = ""
    help_kinds: Annotated[list[HelpKind], Field(max_length=len(HelpKind))] = Field(default_factory=list)
    help_people: Count = 0
    help_note: _Short = ""
    is_tenant: Flag = False
    landlord_name: _Short = ""
    landlord_phone: Annotated[Line, StringConstraints(max_length=32)] = ""
    tenancy_until: Day = None

    def data(self) -> HouseholdData:
        return HouseholdData(
            door=self.door,
            floor=self.floor,
            people=self.people,
            consent_given_on=self.consent_given_on,
            details=HouseholdDetails(
                language=self.language,
                contact_name=self.contact_name,
                contact_phone=self.contact_phone,
                help_kinds=tuple(self.help_kinds),
                help_people=self.help_people,
                help_note=self.help_note,
                is_tenant=self.is_tenant,
                landlord_name=self.landlord_name,
                landlord_phone=self.landlord_phone,
                tenancy_until=self.tenancy_until,
            ),
        )


class ConsentAnswer(BaseModel):
    """What a household agreed to."""

    given_on: date
    purpose: Purpose
    """Version of the sentence that was read out."""
    recorded_by_name: str
    withdrawn_on: date | None


class HouseholdToHelp(BaseModel):
    """A household as those see it who come to help: no landlord, nothing about consent."""

    id: HouseholdId
    door: str
    floor: int | None
    people: int
    language: SpokenLanguage | None
    contact_name: str
    contact_phone: str
    help_kinds: tuple[HelpKind, ...]
    help_people: int
    help_note: str

    @classmethod
    def of(cls, household: Household) -> Self:
        return cls(**_shown(household, cls.model_fields))


class HouseholdAnswer(HouseholdToHelp):
    """A household as coordinators see it."""

    is_tenant: bool
    landlord_name: str
    landlord_phone: str
    tenancy_until: date | None
    consent: ConsentAnswer | None
    confirmed_on: date
    is_due: bool
    """Nobody has confirmed it for as long as the circle says."""
    version: int
    changed_at: datetime
    changed_by_name: str

    @classmethod
    def of_register(cls, household: Household, *, due_since: date) -> Self:
        consent = household.consent
        return cls(
            **_shown(household, cls.model_fields.keys() - {"consent", "is_due"}),
            is_due=household.confirmed_on <= due_since,
            consent=None
            if consent is None
            else ConsentAnswer(
                given_on=consent.given_on,
                purpose=consent.purpose,
                recorded_by_name=consent.recorded_by_name,
                withdrawn_on=consent.withdrawn_on,
            ),
        )


def _shown(household: Household, names: Any) -> dict[str, Any]:  # noqa: ANN401 - names of fields
    of_details = set(HouseholdDetails.__dataclass_fields__)
    return {name: getattr(household.details if name in of_details else household, name) for name in names}
