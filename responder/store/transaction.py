"""One transaction with a repository for each noun."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.event import Event, RecordedEvent
from responder.ports import Transaction
from responder.ports.map import Layer, Thing
from responder.store.audit.audit import PostgresAuditLog
from responder.store.channels.channels import PostgresChannels
from responder.store.channels.contacts import PostgresContacts
from responder.store.channels.message_queue import PostgresMessageQueue
from responder.store.channels.messages import PostgresMessages
from responder.store.drills.drill import PostgresDrills
from responder.store.drills.drill_run import PostgresDrillRuns
from responder.store.drills.feedback import PostgresFeedbacks
from responder.store.drills.finding import PostgresFindings
from responder.store.drills.observation import PostgresObservations
from responder.store.drills.photo import PostgresInjectPhotos
from responder.store.drills.records import PostgresDrillRecords
from responder.store.drills.replay import PostgresDrillReplays
from responder.store.imports.imports import PostgresImports
from responder.store.incidents.alert import PostgresAlerts
from responder.store.incidents.alert_catalogue import PostgresAlertCatalogues
from responder.store.incidents.delivery import PostgresDeliveries
from responder.store.incidents.event import PostgresEvents
from responder.store.incidents.idempotency import PostgresIdempotencyKeys
from responder.store.incidents.incident import PostgresIncidents
from responder.store.incidents.ladder import PostgresLadders
from responder.store.incidents.ladder_profiles import PostgresLadderProfiles
from responder.store.incidents.neighbour import PostgresNeighbours
from responder.store.incidents.proposal import PostgresProposals
from responder.store.incidents.receipt import PostgresReceipts
from responder.store.incidents.roll_call import PostgresRollCalls
from responder.store.map.circle import PostgresCircles
from responder.store.map.landmark import PostgresLandmarks
from responder.store.map.layer_table import PostgresLayer
from responder.store.map.layers import LAYERS
from responder.store.map.position import PostgresPositions
from responder.store.map.road import PostgresRoadNetworks
from responder.store.map.tiles import PostgresTiles
from responder.store.people.account import PostgresAccounts
from responder.store.people.admission import PostgresAdmissions
from responder.store.people.invitation import PostgresInvitations
from responder.store.people.live_ticket import PostgresLiveTickets
from responder.store.people.login_failures import PostgresLoginFailures
from responder.store.people.membership import PostgresMemberships
from responder.store.people.partner import PostgresPartners
from responder.store.people.person import PostgresPeople
from responder.store.people.responder import PostgresResponders
from responder.store.people.session import PostgresSessions
from responder.store.personal_data import PostgresPersonalData
from responder.store.reach.criticality import PostgresCriticalities
from responder.store.reach.profile_table import PostgresProfileTables
from responder.store.registers.hazard_life import PostgresHazardSteps
from responder.store.registers.hazard_photo import PostgresHazardPhotos
from responder.store.registers.household import PostgresHouseholds
from responder.store.registers.inspection import PostgresInspections
from responder.store.registers.pact.duty_record import PostgresDutyRecords
from responder.store.registers.pact.pact import PostgresPacts
from responder.store.registers.pact.roster import PostgresRosters
from responder.store.registers.report import PostgresReports
from responder.store.removal import PostgresRemovals
from responder.store.scheduled_tasks import PostgresScheduledTasks


class PostgresTransaction(Transaction):
    """All or nothing."""

    def __init__(self, connection: AsyncConnection) -> None:  # noqa: PLR0915 - one for each noun
        self._connection = connection
        self.accounts = PostgresAccounts(connection)
        self.admissions = PostgresAdmissions(connection)
        self.alert_catalogues = PostgresAlertCatalogues(connection)
        self.alerts = PostgresAlerts(connection)
        self.audit = PostgresAuditLog(connection)
        self.channels = PostgresChannels(connection)
        self.contacts = PostgresContacts(connection)
        self.scheduled_tasks = PostgresScheduledTasks(connection)
        self._circles = PostgresCircles(connection)
        self.circles = self._circles
        self.criticalities = PostgresCriticalities(connection)
        self.deliveries = PostgresDeliveries(connection)
        self.drills = PostgresDrills(connection)
        self._log = PostgresEvents(connection)
        self.events = self._log
        self.drill_records = PostgresDrillRecords(connection)
        self.drill_replays = PostgresDrillReplays(connection)
        self.drill_runs = PostgresDrillRuns(connection)
        self.feedbacks = PostgresFeedbacks(connection)
        self.findings = PostgresFindings(connection)
        self.login_failures = PostgresLoginFailures(connection)
        self.idempotency_keys = PostgresIdempotencyKeys(connection)
        self.households = PostgresHouseholds(connection)
        self.imports = PostgresImports(connection)
        self.incidents = PostgresIncidents(connection)
        self.inject_photos = PostgresInjectPhotos(connection)
        self.inspections = PostgresInspections(connection)
        self.invitations = PostgresInvitations(connection)
        self.ladder_profiles = PostgresLadderProfiles(connection)
        self.ladders = PostgresLadders(connection)
        self.landmarks = PostgresLandmarks(connection)
        self.live_tickets = PostgresLiveTickets(connection)
        self.memberships = PostgresMemberships(connection)
        self.message_queue = PostgresMessageQueue(connection)
        self.messages = PostgresMessages(connection)
        self.neighbours = PostgresNeighbours(connection)
        self.observations = PostgresObservations(connection)
        self.partners = PostgresPartners(connection)
        self.people = PostgresPeople(connection)
        self.personal_data = PostgresPersonalData(connection)
        self.positions = PostgresPositions(connection)
        self.profile_tables = PostgresProfileTables(connection)
        self.proposals = PostgresProposals(connection)
        self.receipts = PostgresReceipts(connection)
        self.removals = PostgresRemovals(connection)
        self.reports = PostgresReports(connection)
        self.responders = PostgresResponders(connection)
        self.road_networks = PostgresRoadNetworks(connection)
        self.roll_calls = PostgresRollCalls(connection)
        self.sessions = PostgresSessions(connection)
        self.tiles = PostgresTiles(connection)
        self.recorded: list[RecordedEvent] = []
        self._open_registers(connection)

    def _open_registers(self, connection: AsyncConnection) -> None:
        self.hazard_photos = PostgresHazardPhotos(connection)
        self.hazard_steps = PostgresHazardSteps(connection)
        self.duty_records = PostgresDutyRecords(connection)
        self.pacts = PostgresPacts(connection)
        self.rosters = PostgresRosters(connection)

    def layer(self, kind: type[Thing]) -> Layer[Thing]:
        return PostgresLayer(self._connection, LAYERS[kind])

    async def record(
        self, circle_id: CircleId, event: Event, *, at: datetime, incident_id: IncidentId | None = None
    ) -> int:
        """Put an event at the end of the circle's log and wake those who relay it; return its number."""
        if circle_id not in self._circles.locked:
            await self._circles.lock(circle_id)
        recorded = await self._log.record(circle_id, event, at=at, incident_id=incident_id)
        self.recorded.append(recorded)
        return recorded.seq

    async def record_all(
        self, circle_id: CircleId, events: Sequence[tuple[IncidentId, Event]], *, at: datetime
    ) -> None:
        """Put events about incidents at the end of the log in their order, as `record` would each."""
        if not events:
            return
        if circle_id not in self._circles.locked:
            await self._circles.lock(circle_id)
        await self._log.record_all(circle_id, events, at=at)

    async def allow_minutes(self, minutes: int) -> None:
        limit = f"{minutes * 60}s"
        await self._connection.execute(select(func.set_config("statement_timeout", limit, true())))
