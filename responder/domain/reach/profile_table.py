"""How people and vehicles move in one circle: figures that its staff may change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responder.domain.ids import CircleId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTable:
    """A circle's own mobility profiles, road widths and delays at obstacles."""

    circle_id: CircleId
    content_hash: str
    """SHA-256 of the table: what a prepared network is kept by, beside that of the roads."""
    table: dict[str, Any]
    """As `geo/network/profiles.yaml` has it, whole."""
    set_at: datetime
    set_by_name: str
