"""All tables, gathered by importing every noun."""

from responder.store import scheduled_tasks
from responder.store.audit import audit_table
from responder.store.imports import import_tables
from responder.store.incidents import alert, delivery, event, idempotency, incident_table, receipt
from responder.store.map import building, circle, closure, facility, hazard, position, road, unit
from responder.store.metadata import METADATA
from responder.store.people import (
    account,
    admission,
    invitation,
    live_ticket,
    login_failures,
    membership,
    partner,
    responder_table,
    session,
)
from responder.store.reach import criticality, profile_table

NOUNS = (
    account,
    admission,
    alert,
    login_failures,
    audit_table,
    building,
    scheduled_tasks,
    circle,
    closure,
    criticality,
    delivery,
    event,
    facility,
    hazard,
    idempotency,
    import_tables,
    incident_table,
    invitation,
    live_ticket,
    membership,
    partner,
    position,
    profile_table,
    receipt,
    responder_table,
    road,
    session,
    unit,
)

__all__ = ["METADATA", "NOUNS"]
