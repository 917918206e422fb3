"""The database, as a source of transactions."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.event import Event, RecordedEvent
from responder.ports.accounts import Invitations, LoginFailures, People, PersonalData, ScheduledTasks
from responder.ports.audit import AuditLog
from responder.ports.drills.feedback import Feedbacks
from responder.ports.drills.findings import Findings
from responder.ports.drills.observations import Observations
from responder.ports.drills.photos import InjectPhotos
from responder.ports.drills.plans import Drills
from responder.ports.drills.records import DrillRecords
from responder.ports.drills.replays import DrillReplays
from responder.ports.drills.runs import DrillRuns
from responder.ports.imports import Imports
from responder.ports.incidents import (
    AlertCatalogues,
    Alerts,
    Deliveries,
    Events,
    IdempotencyKeys,
    Incidents,
    Receipts,
)
from responder.ports.ladder import LadderProfileTables, Ladders
from responder.ports.map import (
    Circles,
    Landmarks,
    Layer,
    RoadNetworks,
    Thing,
    Tiles,
)
from responder.ports.messages import Channels, Contacts, MessageQueue, Messages
from responder.ports.neighbours import Neighbours
from responder.ports.people import (
    Accounts,
    Admissions,
    LiveTickets,
    Memberships,
    Partners,
    Positions,
    Responders,
    Sessions,
)
from responder.ports.proposals import Proposals
from responder.ports.reach import Criticalities, ProfileTables
from responder.ports.registers.hazards import HazardPhotos, HazardSteps
from responder.ports.registers.households import Households
from responder.ports.registers.inspections import Inspections
from responder.ports.registers.pacts import DutyRecords, Pacts, Rosters
from responder.ports.registers.reports import Reports
from responder.ports.registers.roll_calls import RollCalls
from responder.ports.removal import Removals


class DatabaseAwayError(ConnectionError):
    """
    The database cannot be reached at the moment; nothing of what was begun was done, unless it was ending.

    The owner of the connection logs it once; callers need not.
    """


class Impairment(StrEnum):
    """What a database that answers cannot do; the value is what readiness and the log name."""

    DISK = "disk"
    """Nothing can be stored: no space, or read-only."""
    READ_ONLY = "read_only"
    """It is a standby, or was set to read-only."""
    MEMORY = "memory"
    CONNECTIONS = "connections"


class DatabaseImpairedError(DatabaseAwayError):
    """The database answers and could not do this for want of something; nothing of it was done."""

    def __init__(self, impairment: Impairment, message: str = "") -> None:
        super().__init__(message or impairment.value)
        self.impairment = impairment


class StatementAbortedError(Exception):
    """The database ended a statement, such as one that took too long; nothing of the transaction was done."""


class Transaction(Protocol):
    """All or nothing: what is written is seen by others when it ends well, and never when it does not."""

    accounts: Accounts
    admissions: Admissions
    alert_catalogues: AlertCatalogues
    alerts: Alerts
    audit: AuditLog
    channels: Channels
    contacts: Contacts
    scheduled_tasks: ScheduledTasks
    circles: Circles
    criticalities: Criticalities
    deliveries: Deliveries
    drills: Drills
    drill_records: DrillRecords
    drill_replays: DrillReplays
    drill_runs: DrillRuns
    duty_records: DutyRecords
    events: Events
    feedbacks: Feedbacks
    findings: Findings
    login_failures: LoginFailures
    hazard_photos: HazardPhotos
    hazard_steps: HazardSteps
    idempotency_keys: IdempotencyKeys
    households: Households
    imports: Imports
    incidents: Incidents
    inject_photos: InjectPhotos
    inspections: Inspections
    invitations: Invitations
    ladder_profiles: LadderProfileTables
    ladders: Ladders
    landmarks: Landmarks
    live_tickets: LiveTickets
    memberships: Memberships
    message_queue: MessageQueue
    messages: Messages
    neighbours: Neighbours
    observations: Observations
    pacts: Pacts
    partners: Partners
    people: People
    personal_data: PersonalData
    positions: Positions
    profile_tables: ProfileTables
    proposals: Proposals
    receipts: Receipts
    removals: Removals
    reports: Reports
    responders: Responders
    road_networks: RoadNetworks
    roll_calls: RollCalls
    rosters: Rosters
    sessions: Sessions
    tiles: Tiles
    recorded: list[RecordedEvent]
    """What `record` has put into logs so far."""

    def layer(self, kind: type[Thing]) -> Layer[Thing]:
        """Return what the circle has of this kind, such as `Hazard`."""
        ...

    async def record(
        self, circle_id: CircleId, event: Event, *, at: datetime, incident_id: IncidentId | None = None
    ) -> int:
        """
        Put an event at the end of the circle's log and wake those who relay it; return its number.

        Takes the circle's lock, so that the order of numbers is the order of commits.
        """
        ...

    async def record_all(
        self, circle_id: CircleId, events: Sequence[tuple[IncidentId, Event]], *, at: datetime
    ) -> None:
        """Put events about incidents at the end of the log in their order, as `record` would each."""
        ...

    async def allow_minutes(self, minutes: int) -> None:
        """Let the statements of this transaction run longer than the usual two seconds: for imports."""
        ...


class Database(Protocol):
    """Where everything is kept."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a transaction that ends with the block: committed, or undone when the block raises."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a transaction that only reads, and sees one moment however long it takes."""
        ...

    @property
    def impaired(self) -> Impairment | None:
        """What the database was last seen not to be able to do, if anything."""
        ...

    async def check(self) -> None:
        """Try now and then whether something can be read and stored, or raise DatabaseAwayError."""
        ...
