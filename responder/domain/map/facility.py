"""Shared facilities: what is nearby to help with, where it is found, and whether it can be used."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from responder.domain.ids import CircleId, FacilityId, PartnerId
from responder.domain.map.gate import KeyHolder


class FacilityKind(StrEnum):
    """What a facility is."""

    HYDRANT = "hydrant"
    EXTINGUISHER = "extinguisher"
    AED = "aed"
    HOSE_BOX = "hose_box"
    ASSEMBLY_POINT = "assembly_point"
    GATE = "gate"
    KEY = "key"
    FIRST_AID = "first_aid"
    POWER_CUTOFF = "power_cutoff"
    GAS_VALVE = "gas_valve"


class FacilityState(StrEnum):
    """Whether a facility can be used; only one in service is offered as the nearest."""

    IN_SERVICE = "in_service"
    FAULTY = "faulty"
    REMOVED = "removed"
    """It is not there any more; what was inspected stays on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A shared facility."""

    id: FacilityId
    circle_id: CircleId
    kind: FacilityKind
    name: str
    name_en: str
    lon: float
    lat: float
    partner_id: PartnerId | None = None
    """Whose it is."""
    note: str = ""
    state: FacilityState = FacilityState.IN_SERVICE
    where_to_find: str = ""
    """Such as the floor and the side of a door."""
    access_code: str = ""
    """Of a lock or cabinet; observers do not see it."""
    holders: tuple[KeyHolder, ...] = ()
    """Who opens, the first first; observers do not see telephones."""
    opening_hours: str = ""
    """In the grammar of OpenStreetMap's `opening_hours`, by the circle's clock; empty is always open."""
    inspection_days: int | None = None
    """Longest time from one inspection to the next; None where none is planned."""
    inspected_on: date | None = None

    @property
    def in_service(self) -> bool:
        """Whether it is there and works."""
        return self.state is FacilityState.IN_SERVICE

    def due_on(self, *, today: date) -> date | None:
        """Return the day by which it has to be inspected: today if it never was; None if none is planned."""
        if self.inspection_days is None or self.state is FacilityState.REMOVED:
            return None
        return (
            today if self.inspected_on is None else self.inspected_on + timedelta(days=self.inspection_days)
        )

    def for_onlookers(self) -> Self:
        """Return it without its code and the telephones of people."""
        holders = tuple(replace(each, phone="") for each in self.holders)
        return replace(self, access_code="", holders=holders)
