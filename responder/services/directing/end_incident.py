"""End an incident: only a person does, and exactly those who had the alert hear of it."""

from datetime import datetime, timedelta
from typing import Final

from responder.domain.audit import AuditAction
from responder.domain.errors import InvalidValueError, UndoExpiredError
from responder.domain.ids import IncidentId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.event import IncidentEnded
from responder.domain.incidents.incident import EndReason, Incident
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.services.directing.direct_incident import directed
from responder.services.directing.direct_incident import note as write_note
from responder.services.directing.tell_recipients import tell_recipients
from responder.services.incidents.waves import stop_ladder
from responder.services.validation.text import checked_text

NOTE_LENGTH: Final = 500
UNDO_S: Final = 5
"""So long the page offers to the sender of an alert to take it back, in seconds."""
_UNDO_KEPT: Final = timedelta(seconds=UNDO_S + 10)
"""So long the server takes it: a tap in the last second may be on its way for some time."""
BY_HAND: Final = frozenset({EndReason.RESOLVED, EndReason.FALSE_ALARM})
"""The reasons that a person chooses; the others have a deed of their own."""
CAUSES: Final = {
    EndReason.RESOLVED: AlertCause.RESOLVED,
    EndReason.FALSE_ALARM: AlertCause.FALSE_ALARM,
    EndReason.MISTAKE: AlertCause.MISTAKE,
    EndReason.MERGED: AlertCause.MERGED,
}


async def end_incident(
    database: Database,
    *,
    viewer: Viewer,
    incident_id: IncidentId,
    reason: EndReason,
    note: str = "",
    clock: Clock,
) -> IncidentDetail:
    """
    End the incident and send the cancellation to all who had the alert.

    Raises
    ------
    NotFoundError
        There is no such incident, or the viewer may not see it.
    NotAllowedError
        The role may not end it.
    IncidentEndedError
        The incident is ended already.
    InvalidValueError
        The reason is not one that a person chooses, or the note is too long or cannot be stored.
    """
    if reason not in BY_HAND:
        message = f"an incident is not ended by hand as {reason.value}"
        raise InvalidValueError(message, field="reason")
    note = checked_text(note.strip(), field="note", longest=NOTE_LENGTH)
    async with directed(database, viewer=viewer, incident_id=incident_id, clock=clock, must=_must_end) as (
        transaction,
        before,
        now,
    ):
        return await ended(transaction, viewer, before, reason, note=note, now=now)


async def undo_alert(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, clock: Clock
) -> IncidentDetail:
    """
    Take back an alert that the viewer raised by mistake a moment ago: those who had it are told so.

    The alert has gone out already; undoing it does not wait for anything, and nothing waits for it.

    Raises
    ------
    NotFoundError
        There is no such incident, or the viewer may not see it.
    NotAllowedError
        The role may not end it.
    IncidentEndedError
        The incident is ended already.
    UndoExpiredError
        It was raised too long ago, or by another person; it can be ended as a false alarm.
    """
    async with directed(database, viewer=viewer, incident_id=incident_id, clock=clock, must=_must_end) as (
        transaction,
        before,
        now,
    ):
        if before.incident.raised_by != viewer.account_id or now - before.incident.raised_at > _UNDO_KEPT:
            raise UndoExpiredError
        return await ended(transaction, viewer, before, EndReason.MISTAKE, now=now)


async def ended(
    transaction: Transaction,
    viewer: Viewer,
    before: IncidentDetail,
    reason: EndReason,
    *,
    note: str = "",
    into: IncidentId | None = None,
    now: datetime,
) -> IncidentDetail:
    """End an incident for the viewer, with its circle locked, tell its recipients, and return it."""
    incident = await end_with(
        transaction, before, reason=reason, by_name=viewer.name, note=note, into=into, now=now
    )
    detail = {"reason": reason.value} | ({} if into is None else {"into_id": str(into)})
    await write_note(transaction, viewer, AuditAction.INCIDENT_ENDED, incident, detail, at=now)
    return await transaction.incidents.detail(incident.circle_id, incident.id)


async def end_with(
    transaction: Transaction,
    before: IncidentDetail,
    *,
    reason: EndReason,
    by_name: str,
    note: str = "",
    into: IncidentId | None = None,
    now: datetime,
) -> Incident:
    """
    End the incident, stop its ladder, and record the cancellation to all who had the alert.

    Raises
    ------
    IncidentEndedError
        The incident is ended already.
    """
    incident = before.incident.end(reason, at=now, by_name=by_name, note=note, into=into)
    await transaction.incidents.put(incident)
    alert, deliveries = await tell_recipients(
        transaction, before, incident, cause=CAUSES[reason], text=note, now=now
    )
    event = IncidentEnded(incident=incident, alert=alert, deliveries=deliveries)
    await transaction.record(incident.circle_id, event, at=now, incident_id=incident.id)
    await stop_ladder(transaction, before, now=now)
    return incident


def _must_end(viewer: Viewer, incident: Incident) -> None:
    viewer.must(Action.END_EXERCISE if incident.exercise else Action.END_INCIDENT)
    incident.require_open()
