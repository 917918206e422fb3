"""Incident proposals: what a CAP message of others says, until a person decides on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from responder.domain.cap.faults import Fault
from responder.domain.cap.message import CapMessageType, CapReference
from responder.domain.ids import AccountId, CircleId, IncidentId, ProposalId
from responder.domain.incidents.incident import Severity


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    """A person raised an alert from it."""
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"
    """Its sender has updated it."""
    CANCELLED = "cancelled"
    """Its sender has cancelled it."""
    NOTED = "noted"
    """A cancellation that leaves nothing to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalText:
    """What the message says in one language."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str
    sender_name: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentProposal:
    """A message of others as a proposal to raise an alert."""

    id: ProposalId
    circle_id: CircleId
    identifier: str
    sender: str
    sent_at: datetime
    message_type: CapMessageType
    exercise: bool
    kind: str
    """Suggested by the message; who confirms may choose another."""
    severity: Severity
    texts: tuple[ProposalText, ...]
    area: dict[str, Any] | None
    """GeoJSON Polygon or MultiPolygon, WGS 84; None when the message has no shape."""
    lon: float | None
    """A point in the area, where the alert is raised unless another is chosen."""
    lat: float | None
    expires_at: datetime | None
    references: tuple[CapReference, ...]
    warnings: tuple[Fault, ...]
    about_incident_id: IncidentId | None
    """The incident that was raised from an earlier message, which this one updates or cancels."""
    received_at: datetime
    received_by: AccountId | None
    received_by_name: str
    state: ProposalState = ProposalState.OPEN
    incident_id: IncidentId | None = None
    """The incident that was raised from it."""
    decided_at: datetime | None = None
    decided_by: AccountId | None = None
    decided_by_name: str | None = None
