"""Organisations that signed the pact."""

from dataclasses import dataclass
from enum import StrEnum

from responder.domain.ids import CircleId, PartnerId


class PartnerKind(StrEnum):
    """What sort of organisation a partner is."""

    COMMUNITY = "community"
    PROPERTY = "property"
    HOSPITAL = "hospital"
    POLICE = "police"
    MINI_FIRE_STATION = "mini_fire_station"
    FIRE_SERVICE = "fire_service"
    VOLUNTEERS = "volunteers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation that signed."""

    id: PartnerId
    circle_id: CircleId
    kind: PartnerKind
    name: str
    name_en: str
    phone: str = ""
