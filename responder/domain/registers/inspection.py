"""Inspections of shared facilities."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from responder.domain.ids import AccountId, CircleId, FacilityId, InspectionId
from responder.domain.map.facility import Facility, FacilityKind, FacilityState


class InspectionResult(StrEnum):
    """What was found."""

    OK = "ok"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found when a facility was inspected."""

    id: InspectionId
    """Made by the device, so that what is sent again after a lost answer is kept once."""
    circle_id: CircleId
    facility_id: FacilityId
    facility_name: str
    """As it was then: the facility may be removed later."""
    facility_kind: FacilityKind
    round_id: UUID
    """The same for all that one person inspected on one round."""
    result: InspectionResult
    note: str
    at: datetime
    by: AccountId | None
    """None once the person is erased."""
    by_name: str
    has_photo: bool = False


def inspected(facility: Facility, result: InspectionResult, *, on: date) -> Facility:
    """Return the facility after an inspection: a fault takes it out of service; one that works is back."""
    faulty = result is InspectionResult.FAULTY
    return replace(
        facility,
        state=FacilityState.FAULTY if faulty else FacilityState.IN_SERVICE,
        inspected_on=on,
    )
