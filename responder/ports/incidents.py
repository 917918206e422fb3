"""Repositories of what happens: incidents, alerts, deliveries, and the log of events."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from responder.domain.ids import AccountId, AlertId, CircleId, IncidentId, ResponderId, UnitId
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Audience, Viewer


class AddressedEvent(NamedTuple):
    """An event with those it concerns; an audience of None is the whole circle."""

    recorded: RecordedEvent
    audience: Audience | None


class CircleHead(NamedTuple):
    """Where the log of a circle stands, and how often who is what there has changed."""

    epoch: str
    seq: int
    event_id: UUID | None
    membership_version: int


class StoredCatalogue(NamedTuple):
    """A circle's own kinds of incident and warning colours."""

    version: str
    catalogue: AlertCatalogue
    set_at: datetime


class KeyUse(NamedTuple):
    """What an Idempotency-Key was used for."""

    request_hash: str
    incident_id: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentQuery:
    """Which incidents to list. Nothing given is all."""

    exercise: bool | None = None
    open: bool | None = None
    before: IncidentId | None = None
    """Only incidents raised before this one: the next page."""
    limit: int


class Call(NamedTuple):
    """One alert to one person."""

    recipient_id: ResponderId
    alert_id: AlertId
    incident_id: IncidentId


class ReceiptRow(NamedTuple):
    """What a device reported about one alert, with the device's time and ours."""

    action_id: UUID
    alert_id: AlertId
    account_id: AccountId
    state: DeliveryState
    device: str
    device_at: datetime
    at: datetime
    unit_id: UnitId | None = None
    """The unit that the person said they go with, if they said one."""
    channel: str | None = None
    """By which the person answered; None is the page."""


class HeardReceipt(NamedTuple):
    """A receipt that only says how far the alert has come on a device, and who may have reported it."""

    row: ReceiptRow
    recipient_ids: tuple[ResponderId, ...]
    """The person in each of their units; the first with a delivery of the alert counts."""


class Heard(NamedTuple):
    """Where a delivery stands after a receipt."""

    incident_id: IncidentId
    delivery: Delivery
    moved: bool
    """Whether a receipt of the same batch changed it."""


class Incidents(Protocol):
    """Incidents with who can respond."""

    async def get(self, circle_id: CircleId, incident_id: IncidentId) -> Incident:
        """Return the incident, or raise NotFoundError."""
        ...

    async def of_alerts(self, circle_id: CircleId, alert_ids: Collection[AlertId]) -> dict[AlertId, Incident]:
        """Return the incident of each of these alerts; an alert that is not there is left out."""
        ...

    async def begin(self, detail: IncidentDetail, *, reach_version: int) -> None:
        """
        Add a new incident with its alert and its ladder, but without its deliveries.

        `reach_version` is what its response circle rests on.
        """
        ...

    async def put(self, incident: Incident) -> None:
        """Keep what became of the incident: stage, colour, place, end."""
        ...

    async def put_response_circle(
        self,
        circle_id: CircleId,
        incident_id: IncidentId,
        response_circle: ResponseCircle,
        *,
        reach_version: int | None = None,
    ) -> None:
        """Keep who can respond now, and on which version of reach that rests, if it is another."""
        ...

    async def outdate(self, circle_id: CircleId, incident_id: IncidentId) -> None:
        """Let `recompute_due` find again who can be there in time."""
        ...

    async def raised_since(
        self, circle_id: CircleId, since: datetime, *, exercise: bool, visible_to: Viewer
    ) -> tuple[Incident, ...]:
        """Return the open incidents raised since then that the viewer may see, the first raised first."""
        ...

    async def put_reach_version(self, circle_id: CircleId, reach_version: int) -> None:
        """Keep that the response circles of all open incidents are those of this version."""
        ...

    async def detail(self, circle_id: CircleId, incident_id: IncidentId) -> IncidentDetail:
        """Return the incident whole, or raise NotFoundError."""
        ...

    async def details(
        self, circle_id: CircleId, incident_ids: Collection[IncidentId]
    ) -> tuple[IncidentDetail, ...]:
        """Return these incidents whole, the first raised first; one that is not there is left out."""
        ...

    async def open_details(self, circle_id: CircleId) -> tuple[IncidentDetail, ...]:
        """Return all open incidents of the circle whole, the first raised first."""
        ...

    async def visible_details(self, viewer: Viewer, *, ended_kept: int) -> tuple[IncidentDetail, ...]:
        """Return the open incidents that the viewer may see and the last `ended_kept` ended."""
        ...

    async def search(self, viewer: Viewer, query: IncidentQuery) -> tuple[IncidentDetail, ...]:
        """Return a page, the last raised first; raise NotFoundError when the viewer may not see `before`."""
        ...

    async def due(self, *, now: datetime) -> frozenset[CircleId]:
        """Return the circles where a closure began or ended by itself since an open answer was found."""
        ...

    async def outdated(self) -> frozenset[CircleId]:
        """Return the circles whose reach changed since an open response circle was found."""
        ...

    async def open_audiences(self, circle_id: CircleId) -> dict[IncidentId, Audience]:
        """Return whom each open incident concerns."""
        ...


class AlertCatalogues(Protocol):
    """Each circle's own kinds of incident and warning colours."""

    async def find(self, circle_id: CircleId) -> StoredCatalogue | None:
        """Return the circle's own; None when it has those that are shipped."""
        ...

    async def put(
        self, circle_id: CircleId, catalogue: AlertCatalogue, *, version: str, at: datetime
    ) -> None:
        """Let the circle go by these."""
        ...


class Alerts(Protocol):
    """Calls to act."""

    async def add(self, circle_id: CircleId, alert: Alert) -> None:
        """Add an alert."""
        ...

    async def get(self, circle_id: CircleId, alert_id: AlertId) -> Alert:
        """Return the alert, or raise NotFoundError."""
        ...

    async def calls(self, circle_id: CircleId, alert_ids: Collection[AlertId]) -> dict[AlertId, AlertId]:
        """Return the alert that called people to each alert's incident; itself for that one."""
        ...


class Deliveries(Protocol):
    """Each recipient's state for each alert."""

    async def add(self, circle_id: CircleId, incident_id: IncidentId, deliveries: Sequence[Delivery]) -> None:
        """Add deliveries of an incident's alerts, and queue what their people are sent by other channels."""
        ...

    async def of_recipients(
        self,
        circle_id: CircleId,
        *,
        alert_ids: Collection[AlertId],
        recipient_ids: Collection[ResponderId],
    ) -> tuple[Delivery, ...]:
        """Return the deliveries of any of the alerts to any of the people, by alert and recipient."""
        ...

    async def unconfirmed(
        self, circle_id: CircleId, recipient_ids: Collection[ResponderId], *, at_most: int
    ) -> tuple[Call, ...]:
        """Return the calls to these people without a receipt, the newest first, so many of each person's."""
        ...

    async def put(self, circle_id: CircleId, deliveries: Sequence[Delivery]) -> None:
        """Keep the states, times, units and partners of deliveries."""
        ...

    async def move(
        self, circle_id: CircleId, incident_id: IncidentId, recipient_id: ResponderId, *, to: ResponderId
    ) -> None:
        """Put another recipient in the place of one: the same person, in another unit."""
        ...


class Events(Protocol):
    """The log of a circle."""

    async def after(
        self,
        circle_id: CircleId,
        seq: int,
        *,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[AddressedEvent, ...]:
        """Return the events after `seq`, recorded `until` then, in order, with whom each concerns."""
        ...

    async def following(
        self,
        circle_id: CircleId,
        seq: int,
        event_id: UUID | None,
        *,
        limit: int | None = None,
        known: Callable[[IncidentId], Audience | None] | None = None,
    ) -> tuple[AddressedEvent, ...] | None:
        """
        Return the events after event `event_id`; None when this log does not have it at `seq`.

        Each with whom its incident concerns now. With `known`, which tells whom an incident concerned at
        `seq`, each with whom it concerns by then, and only what `known` does not know is looked up.
        """
        ...

    async def has(self, circle_id: CircleId, seq: int, event_id: UUID | None) -> bool:
        """Tell whether event number `seq` of this log is `event_id`; before the first event that is None."""
        ...

    async def heads(self, circle_ids: Collection[CircleId]) -> dict[CircleId, CircleHead]:
        """Return where the logs of these circles stand; a circle that is not there is left out."""
        ...

    async def incidents_at_alerts(
        self, circle_id: CircleId, incident_ids: Collection[IncidentId]
    ) -> dict[AlertId, Incident]:
        """Return what the incident was like when each alert of these incidents was sent."""
        ...


class IdempotencyKeys(Protocol):
    """Keys of requests that were acted upon."""

    async def find(self, circle_id: CircleId, account_id: AccountId, key: str) -> KeyUse | None:
        """Return what the key was used for, if it was."""
        ...

    async def add(
        self, circle_id: CircleId, account_id: AccountId, key: str, *, use: KeyUse, at: datetime
    ) -> None:
        """Keep what the key was used for."""
        ...


class Receipts(Protocol):
    """Every receipt as it came in: the proof behind the deliveries."""

    async def known(
        self, circle_id: CircleId, action_ids: Collection[UUID]
    ) -> frozenset[tuple[AccountId, UUID]]:
        """Return those of the actions that were stored before, each with whose it was."""
        ...

    async def add(self, circle_id: CircleId, receipts: Sequence[ReceiptRow]) -> None:
        """Keep receipts."""
        ...

    async def hear(
        self, circle_id: CircleId, receipts: Sequence[HeardReceipt], *, at: datetime
    ) -> list[Heard | None]:
        """
        Keep receipts, each of another account, and move their deliveries on, all in one statement.

        Returns where each delivery stands, in the order of the receipts; None where these people have no
        delivery of the alert: then nothing was kept. What was kept before changes nothing.
        """
        ...
