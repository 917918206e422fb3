"""Keep hazards that something else than the map's form opens or settles."""

from datetime import datetime

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.incidents.event import HazardChanged
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.ports import Transaction


async def keep_hazard(
    transaction: Transaction, hazard: Hazard, *, viewer: Viewer, is_new: bool, at: datetime
) -> None:
    """
    Add a hazard, or put it in the place of the one with its id, and tell the circle.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    """
    viewer.must(Action.EDIT_MAP)
    await transaction.layer(Hazard).add(viewer.circle_id, [hazard])
    await transaction.record(viewer.circle_id, HazardChanged(hazard=hazard), at=at)
    action = AuditAction.FEATURE_CREATED if is_new else AuditAction.FEATURE_CHANGED
    act = audit_entry(viewer, action, subject=Subject(kind="hazard", id=hazard.id))
    await transaction.audit.append(viewer.circle_id, act, at=at)
