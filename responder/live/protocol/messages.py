"""The messages of the live protocol, both ways. A message is a class; the browser's types come from these."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import Event
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.people.access import ViewerCard
from responder.ports.clock import expressible

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
ReceiptState = Literal["delivered", "seen", "declined", "accepted", "en_route", "on_scene", "withdrawn"]
Moment = Annotated[AwareDatetime, AfterValidator(expressible)]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _FromClient(_Message):
    model_config = ConfigDict(strict=True)


# From the client


class Ticket(_FromClient):
    """First of all: the one-use ticket got from `POST /api/live-tickets`."""

    type: Literal["ticket"] = "ticket"
    ticket: Text = Field(min_length=16, max_length=128)


class Hello(_FromClient):
    """
    Which circle, and what the client already has.

    A position in the log is `epoch`, `seq` and `event_id` together: without them, or when the log does not
    have that event at that place, the answer is a snapshot.
    """

    type: Literal["hello"] = "hello"
    circle_id: UUID
    epoch: Text | None = Field(default=None, max_length=64)
    seq: int | None = Field(default=None, ge=0, le=2**63 - 1)
    event_id: UUID | None = None
    """Id of event number `seq`: none when `seq` is 0. Another log may have another event there."""
    device: Text = Field(default="", max_length=64)


class Receipt(_FromClient):
    """How far an alert has come on this device: `delivered` by itself, the others by a person."""

    type: Literal["receipt"] = "receipt"
    action_id: UUID
    """Made by the client; the same action sent twice counts once."""
    alert_id: UUID
    state: ReceiptState
    at: Moment
    """By the device's clock; the server stores its own time beside it."""
    unit_id: UUID | None = None
    """With `accepted`, `en_route` and `on_scene`: with which of the units in `unit_ids` the person goes."""


class ReportPosition(_FromClient):
    """Where a unit of this account is. Latest wins; never in the log."""

    type: Literal["report_position"] = "report_position"
    unit_id: UUID
    lon: Longitude
    lat: Latitude
    accuracy_m: float = Field(ge=0, le=100_000)
    at: Moment


# From the server


class Snapshot(_Message):
    """Everything this viewer may see, as of `snapshot.seq`."""

    type: Literal["snapshot"] = "snapshot"
    viewer: ViewerCard
    snapshot: CircleSnapshot


class Resumed(_Message):
    """The client's position fits; the missing events follow, up to `seq`, then live ones."""

    type: Literal["resumed"] = "resumed"
    viewer: ViewerCard
    epoch: str
    seq: int


class EventMessage(_Message):
    """
    One event of the log. Alert class: never dropped, in the order of `seq`.

    Events that the viewer may not see are left out, so `seq` may jump; it never goes back.
    """

    type: Literal["event"] = "event"
    seq: int
    id: UUID
    at: datetime
    event: Annotated[Event, Field(discriminator="kind")]
    reach_version: int
    """The circle's, with this event: it grows with everything that changes who can be there in time."""


class Reminder(_Message):
    """
    An alert that this device was sent, and of which no receipt has come.

    Sent ten seconds after the alert, and after every reconnection until there is a receipt. It is not part of
    the log: the detail is current, and a client that shows the alert already only repeats the receipt.
    """

    type: Literal["reminder"] = "reminder"
    detail: IncidentDetail


class PositionMessage(_Message):
    """Where a unit is. Position class: latest wins, at most once a second for each unit."""

    type: Literal["position"] = "position"
    unit_id: UUID
    lon: float
    lat: float
    accuracy_m: float
    at: datetime
    stale: bool = False
    """The gateways cannot hear each other just now: the unit may have moved on since."""


class ReceiptStored(_Message):
    """The receipt is in the database: the client may forget the action."""

    type: Literal["receipt_stored"] = "receipt_stored"
    action_id: UUID
    alert_id: UUID
    state: DeliveryState
    """Where the delivery stands now, which may be further than the receipt said."""


class Refused(_Message):
    """A message was not acted upon. The connection stays, unless it is closed right after."""

    type: Literal["refused"] = "refused"
    code: str
    action_id: UUID | None = None
    detail: str = ""


ClientMessage = Annotated[Ticket | Hello | Receipt | ReportPosition, Field(discriminator="type")]
ServerMessage = Annotated[
    Snapshot | Resumed | EventMessage | Reminder | PositionMessage | ReceiptStored | Refused,
    Field(discriminator="type"),
]

CLIENT_MESSAGE: TypeAdapter[Ticket | Hello | Receipt | ReportPosition] = TypeAdapter(ClientMessage)
SERVER_MESSAGE: TypeAdapter[
    Snapshot | Resumed | EventMessage | Reminder | PositionMessage | ReceiptStored | Refused
] = TypeAdapter(ServerMessage)
