"""All tables, gathered by importing every noun."""

from responder.store import (
    account,
    alert,
    building,
    circle,
    closure,
    delivery,
    event,
    facility,
    hazard,
    idempotency,
    incident_table,
    live_ticket,
    membership,
    partner,
    position,
    receipt,
    responder,
    road,
    session,
    unit,
)
from responder.store.metadata import METADATA

NOUNS = (
    account,
    alert,
    building,
    circle,
    closure,
    delivery,
    event,
    facility,
    hazard,
    idempotency,
    incident_table,
    live_ticket,
    membership,
    partner,
    position,
    receipt,
    responder,
    road,
    session,
    unit,
)

__all__ = ["METADATA", "NOUNS"]
