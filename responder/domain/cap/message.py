"""One CAP 1.2 message as plain values. Elements that nothing here uses are not kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from geo.lonlat import LonLat
from responder.domain.incidents.cap_codes import CapCategory, CapCertainty, CapSeverity, CapUrgency


class CapStatus(StrEnum):
    """CAP `status`: how the message is to be handled."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class CapMessageType(StrEnum):
    """CAP `msgType`, all of its values."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class CapScope(StrEnum):
    """CAP `scope`: to whom the message may be shown."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class CapResponseType(StrEnum):
    """CAP `responseType`: what recipients should do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapReference:
    """An earlier message that this one is about."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CapCode:
    """A name and a value, as in `eventCode`, `parameter` and `geocode`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapCircle:
    """A circle on the map."""

    centre: LonLat
    radius_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CapArea:
    """Where: words and shapes, all of them together."""

    description: str
    polygons: tuple[tuple[LonLat, ...], ...] = ()
    """Closed rings: the last point is the first again."""
    circles: tuple[CapCircle, ...] = ()
    geocodes: tuple[CapCode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapInfo:
    """What happens, in one language."""

    language: str = "en-US"
    """As RFC 3066; this one when the message does not say."""
    categories: tuple[CapCategory, ...]
    event: str
    responses: tuple[CapResponseType, ...] = ()
    urgency: CapUrgency
    severity: CapSeverity
    certainty: CapCertainty
    codes: tuple[CapCode, ...] = ()
    """`eventCode`."""
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    areas: tuple[CapArea, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapMessage:
    """One message."""

    identifier: str
    sender: str
    sent: datetime
    status: CapStatus
    message_type: CapMessageType
    scope: CapScope
    restriction: str = ""
    addresses: str = ""
    note: str = ""
    references: tuple[CapReference, ...] = ()
    incidents: str = ""
    infos: tuple[CapInfo, ...] = ()

    @property
    def reference(self) -> CapReference:
        """How later messages refer to this one."""
        return CapReference(sender=self.sender, identifier=self.identifier, sent=self.sent)

    @property
    def exercise(self) -> bool:
        return self.status is CapStatus.EXERCISE
