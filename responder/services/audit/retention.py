"""Forget what is kept no longer: positions after 72 hours, and whatever has served its purpose."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from responder.domain.backoff import FORGET_AFTER
from responder.domain.map.unit import POSITION_KEPT
from responder.domain.registers.report import CONTENT_KEPT, DISMISSED_KEPT, REPORTS_KEPT
from responder.ports import Clock, Database
from responder.ports.clock import moment

EVERY: Final = timedelta(minutes=10)
"""How often it is due; so much longer than said may something be kept."""
KEYS_KEPT: Final = timedelta(days=7)
"""A device that was offline for longer sends a new request."""
INVITATIONS_KEPT: Final = timedelta(days=90)
"""Kept to answer later by which invitation an account joined."""
PROPOSALS_KEPT: Final = timedelta(days=90)
"""Messages of other systems; what was raised from them stays as an incident."""
ORIGINS_KEPT: Final = timedelta(days=365)
"""Addresses and devices in the audit log; the law asks for at least six months of such logs."""
MESSAGES_KEPT: Final = timedelta(days=30)
"""Codes and tests, and the links of incidents that ended. The proof of alerts stays with their receipts."""
TRACKS_KEPT: Final = timedelta(days=730)
"""Where units were in drills: to replay them, and to compare with the next two."""
SHIFTS_KEPT: Final = timedelta(days=365)
"""Who was on call: to see how the load is shared, for a year."""
TASK: Final = "forget"
_MINUTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much was removed of each."""

    positions: int
    sessions: int
    tickets: int
    attempts: int
    keys: int
    invitations: int
    proposals: int
    reports: int
    origins: int
    messages: int
    tracks: int
    shifts: int


async def retention_when_due(database: Database, *, clock: Clock) -> Forgotten | None:
    """
    Forget, if it is due and no other process does it; None otherwise.

    When it is due is kept in the database: what fell due while no process ran is done by the next one, and
    what broke off is undone whole and still due.
    """
    now = moment(clock)
    async with database.begin() as transaction:
        if not await transaction.scheduled_tasks.claim(TASK, now=now, every=EVERY):
            return None
        await transaction.allow_minutes(_MINUTES)
        data = transaction.personal_data
        return Forgotten(
            positions=await data.delete_positions(before=now - POSITION_KEPT),
            sessions=await transaction.sessions.delete_expired(now=now),
            tickets=await data.delete_tickets(now=now),
            attempts=await transaction.login_failures.delete_old(before=now - FORGET_AFTER),
            keys=await data.delete_keys(before=now - KEYS_KEPT),
            invitations=await transaction.invitations.delete_old(before=now - INVITATIONS_KEPT),
            proposals=await transaction.proposals.delete_old(before=now - PROPOSALS_KEPT),
            reports=await transaction.reports.forget(
                dismissed_before=now - DISMISSED_KEPT,
                accepted_before=now - CONTENT_KEPT,
                decided_before=now - REPORTS_KEPT,
            ),
            messages=await transaction.messages.delete_old(before=now - MESSAGES_KEPT),
            tracks=await transaction.drill_replays.delete_tracks(before=now - TRACKS_KEPT),
            shifts=await transaction.rosters.delete_old(before=now - SHIFTS_KEPT),
            origins=await transaction.audit.delete_origins(before=now - ORIGINS_KEPT),
        )
