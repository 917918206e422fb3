"""One transaction with a repository for each noun."""

from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.event import Event
from responder.ports.accounts import Chores, FailedTries, Invitations, People, PersonalData
from responder.ports.audit import AuditLog
from responder.ports.imports import Imports
from responder.ports.incidents import (
    Alerts,
    Deliveries,
    Events,
    IdempotencyKeys,
    Incidents,
    Receipts,
)
from responder.ports.map import (
    Buildings,
    Circles,
    Closures,
    Facilities,
    Hazards,
    Landmarks,
    RoadNetworks,
    Tiles,
)
from responder.ports.people import (
    Accounts,
    Admissions,
    LiveTickets,
    Memberships,
    Partners,
    Positions,
    Responders,
    Sessions,
    Units,
)
from responder.ports.reach import Criticalities, ProfileTables
from responder.ports.removal import Removals
from responder.store.audit.audit import PostgresAuditLog
from responder.store.imports.imports import PostgresImports
from responder.store.incidents.alert import PostgresAlerts
from responder.store.incidents.delivery import PostgresDeliveries
from responder.store.incidents.event import PostgresEvents
from responder.store.incidents.idempotency import PostgresIdempotencyKeys
from responder.store.incidents.incident import PostgresIncidents
from responder.store.incidents.receipt import PostgresReceipts
from responder.store.map.building import PostgresBuildings
from responder.store.map.circle import PostgresCircles
from responder.store.map.closure import PostgresClosures
from responder.store.map.facility import PostgresFacilities
from responder.store.map.hazard import PostgresHazards
from responder.store.map.landmark import PostgresLandmarks
from responder.store.map.position import PostgresPositions
from responder.store.map.road import PostgresRoadNetworks
from responder.store.map.tiles import PostgresTiles
from responder.store.map.unit import PostgresUnits
from responder.store.people.account import PostgresAccounts
from responder.store.people.admission import PostgresAdmissions
from responder.store.people.invitation import PostgresInvitations
from responder.store.people.live_ticket import PostgresLiveTickets
from responder.store.people.login_failures import PostgresAttempts
from responder.store.people.membership import PostgresMemberships
from responder.store.people.partner import PostgresPartners
from responder.store.people.person import PostgresPeople
from responder.store.people.responder import PostgresResponders
from responder.store.people.session import PostgresSessions
from responder.store.personal_data import PostgresPersonalData
from responder.store.reach.criticality import PostgresCriticalities
from responder.store.reach.profile_table import PostgresProfileTables
from responder.store.removal import PostgresRemovals
from responder.store.scheduled_tasks import PostgresChores


class PostgresTransaction:
    """All or nothing."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.accounts: Accounts = PostgresAccounts(connection)
        self.admissions: Admissions = PostgresAdmissions(connection)
        self.alerts: Alerts = PostgresAlerts(connection)
        self.audit: AuditLog = PostgresAuditLog(connection)
        self.buildings: Buildings = PostgresBuildings(connection)
        self.chores: Chores = PostgresChores(connection)
        self._circles = PostgresCircles(connection)
        self.circles: Circles = self._circles
        self.closures: Closures = PostgresClosures(connection)
        self.criticalities: Criticalities = PostgresCriticalities(connection)
        self.deliveries: Deliveries = PostgresDeliveries(connection)
        self._log = PostgresEvents(connection)
        self.events: Events = self._log
        self.facilities: Facilities = PostgresFacilities(connection)
        self.failed_tries: FailedTries = PostgresAttempts(connection)
        self.hazards: Hazards = PostgresHazards(connection)
        self.idempotency_keys: IdempotencyKeys = PostgresIdempotencyKeys(connection)
        self.imports: Imports = PostgresImports(connection)
        self.incidents: Incidents = PostgresIncidents(connection)
        self.invitations: Invitations = PostgresInvitations(connection)
        self.landmarks: Landmarks = PostgresLandmarks(connection)
        self.live_tickets: LiveTickets = PostgresLiveTickets(connection)
        self.memberships: Memberships = PostgresMemberships(connection)
        self.partners: Partners = PostgresPartners(connection)
        self.people: People = PostgresPeople(connection)
        self.personal_data: PersonalData = PostgresPersonalData(connection)
        self.positions: Positions = PostgresPositions(connection)
        self.profile_tables: ProfileTables = PostgresProfileTables(connection)
        self.receipts: Receipts = PostgresReceipts(connection)
        self.removals: Removals = PostgresRemovals(connection)
        self.responders: Responders = PostgresResponders(connection)
        self.road_networks: RoadNetworks = PostgresRoadNetworks(connection)
        self.sessions: Sessions = PostgresSessions(connection)
        self.tiles: Tiles = PostgresTiles(connection)
        self.units: Units = PostgresUnits(connection)

    async def record(
        self, circle_id: CircleId, event: Event, *, at: datetime, incident_id: IncidentId | None = None
    ) -> int:
        """Put an event at the end of the circle's log and wake those who relay it; return its number."""
        if circle_id not in self._circles.locked:
            await self._circles.lock(circle_id)
        return await self._log.record(circle_id, event, at=at, incident_id=incident_id)

    async def allow_minutes(self, minutes: int) -> None:
        limit = f"{minutes * 60}s"
        await self._connection.execute(select(func.set_config("statement_timeout", limit, true())))
