"""Direct an open incident: say how far it has come, change its colour, and tell its recipients something."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from responder.domain.audit import AuditAction, Detail, Subject, audit_entry
from responder.domain.errors import IdempotencyConflictError
from responder.domain.ids import IncidentId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.event import AlertUpdated, IncidentStageChanged
from responder.domain.incidents.incident import Incident, IncidentStage, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.incidents import KeyUse
from responder.services.directing.call_everyone import call_everyone_in_time
from responder.services.directing.tell_recipients import tell_recipients
from responder.services.incidents.queries import visible_incident
from responder.services.validation.text import checked_text

UPDATE_LENGTH = 500
_SEVEREST_FIRST = tuple(Severity)

Must = Callable[[Viewer, Incident], None]
"""Raises unless the viewer's role has a right over the incident, and it is open."""


class Directed(NamedTuple):
    """An open incident that the viewer may direct or end, with its circle locked."""

    transaction: Transaction
    before: IncidentDetail
    now: datetime


@asynccontextmanager
async def directed(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, clock: Clock, must: Must | None = None
) -> AsyncIterator[Directed]:
    """
    Open a transaction on an open incident that the viewer may direct, or what `must` asks in place of it.

    Raises
    ------
    NotFoundError
        There is no such incident, or the viewer may not see it.
    NotAllowedError
        The role may not.
    IncidentEndedError
        The incident has ended.
    """
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await visible_incident(transaction, viewer, incident_id)
        (must or must_direct)(viewer, before.incident)
        yield Directed(transaction, before, now)


def must_direct(viewer: Viewer, incident: Incident) -> None:
    """
    Raise unless the viewer's role may direct the incident, and it is open.

    Raises
    ------
    NotAllowedError
        The role may not.
    IncidentEndedError
        The incident has ended.
    """
    viewer.must(Action.DIRECT_EXERCISE if incident.exercise else Action.DIRECT_INCIDENT)
    incident.require_open()


async def set_stage(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, stage: IncidentStage, clock: Clock
) -> IncidentDetail:
    """Say how far the incident has come, and return it; saying the same again changes nothing."""
    async with directed(database, viewer=viewer, incident_id=incident_id, clock=clock) as (
        transaction,
        before,
        now,
    ):
        incident = before.incident.at_stage(stage, at=now)
        if incident is before.incident:
            return before
        await transaction.incidents.put(incident)
        await transaction.record(
            viewer.circle_id, IncidentStageChanged(incident=incident), at=now, incident_id=incident.id
        )
        await note(
            transaction, viewer, AuditAction.INCIDENT_STAGE_SET, incident, {"stage": stage.value}, at=now
        )
        return replace(before, incident=incident)


async def set_severity(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, severity: Severity, clock: Clock
) -> IncidentDetail:
    """Change the colour, tell all recipients, and return the incident; the same colour changes nothing."""
    async with directed(database, viewer=viewer, incident_id=incident_id, clock=clock) as (
        transaction,
        before,
        now,
    ):
        if severity is before.incident.severity:
            return before
        is_raised = _SEVEREST_FIRST.index(severity) < _SEVEREST_FIRST.index(before.incident.severity)
        incident = replace(before.incident, severity=severity)
        await transaction.incidents.put(incident)
        cause = AlertCause.LEVEL_RAISED if is_raised else AlertCause.LEVEL_LOWERED
        after = await _updated(transaction, before, incident, cause=cause, now=now)
        if severity is Severity.RED:
            after = await call_everyone_in_time(transaction, after, now=now)
        detail = {"severity": severity.value, "severity_before": before.incident.severity.value}
        await note(transaction, viewer, AuditAction.INCIDENT_SEVERITY_SET, incident, detail, at=now)
        return after


async def send_update(
    database: Database,
    *,
    viewer: Viewer,
    incident_id: IncidentId,
    text: str,
    idempotency_key: str | None = None,
    clock: Clock,
) -> IncidentDetail:
    """
    Tell all recipients of the alert something, and return the incident.

    What the same account sent with the same `idempotency_key` is not sent again.

    Raises
    ------
    InvalidValueError
        There is no text, or it is too long or cannot be stored.
    IdempotencyConflictError
        The key was used before for something else.
    """
    text = checked_text(text.strip(), field="text", longest=UPDATE_LENGTH, may_be_empty=False)
    said = hashlib.sha256(f"update {incident_id} {text}".encode()).hexdigest()
    use = KeyUse(request_hash=said, incident_id=incident_id)
    async with directed(database, viewer=viewer, incident_id=incident_id, clock=clock) as (
        transaction,
        before,
        now,
    ):
        keys, who = transaction.idempotency_keys, (viewer.circle_id, viewer.account_id)
        if idempotency_key is not None:
            earlier = await keys.find(*who, idempotency_key)
            if earlier == use:
                return before
            if earlier is not None:
                raise IdempotencyConflictError
            await keys.add(*who, idempotency_key, use=use, at=now)
        after = await _updated(
            transaction, before, before.incident, cause=AlertCause.TEXT, text=text, now=now
        )
        told = len(after.deliveries) - len(before.deliveries)
        await note(transaction, viewer, AuditAction.UPDATE_SENT, before.incident, {"told": told}, at=now)
        return after


async def _updated(
    transaction: Transaction,
    before: IncidentDetail,
    incident: Incident,
    *,
    cause: AlertCause,
    text: str = "",
    now: datetime,
) -> IncidentDetail:
    alert, deliveries = await tell_recipients(transaction, before, incident, cause=cause, text=text, now=now)
    event = AlertUpdated(incident=incident, alert=alert, deliveries=deliveries)
    await transaction.record(incident.circle_id, event, at=now, incident_id=incident.id)
    return replace(
        before,
        incident=incident,
        alerts=(*before.alerts, alert),
        deliveries=(*before.deliveries, *deliveries),
    )


async def note(
    transaction: Transaction,
    viewer: Viewer,
    action: AuditAction,
    incident: Incident,
    detail: Detail,
    *,
    at: datetime,
) -> None:
    """Write to the audit log what the viewer did with an incident."""
    act = audit_entry(
        viewer,
        action,
        subject=Subject(kind="incident", id=incident.id),
        detail={**detail, "exercise": incident.exercise},
    )
    await transaction.audit.append(incident.circle_id, act, at=at)
