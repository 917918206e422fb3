"""What people observe in a drill."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.domain.ids import AccountId, CircleId, DrillId, ObservationId, PartnerId


class ObservationVerdict(StrEnum):
    """What an observer thinks of what they saw."""

    GOOD = "good"
    IMPROVE = "improve"
    NOTE = "note"
    """Neither: it is written down as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that a person saw in a drill."""

    id: ObservationId
    """Made by the device, so that what is sent twice is kept once."""
    circle_id: CircleId
    drill_id: DrillId
    at: datetime
    """When it was seen, by the device; not before the start and not after it was received."""
    received_at: datetime
    by: AccountId | None
    """None once the account was erased."""
    by_name: str
    partner_id: PartnerId | None
    verdict: ObservationVerdict
    text: str = ""
    objective: str | None = None
    """Key of the objective that it is about; `good` says that an objective to be observed is met."""
    lon: float | None = None
    """Degrees east, WGS 84, where it was seen."""
    lat: float | None = None
    has_photo: bool = False
