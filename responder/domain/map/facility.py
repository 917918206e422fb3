"""Shared facilities: what is nearby to help with."""

from dataclasses import dataclass
from enum import StrEnum

from responder.domain.ids import CircleId, FacilityId, PartnerId


class FacilityKind(StrEnum):
    """What a facility is."""

    HYDRANT = "hydrant"
    EXTINGUISHER = "extinguisher"
    AED = "aed"
    HOSE_BOX = "hose_box"
    ASSEMBLY_POINT = "assembly_point"
    GATE = "gate"


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
    note: str = ""
    out_of_service: bool = False
    """It is there and does not work: shown, never offered as the nearest."""
