"""Put a unit on duty or off."""

from dataclasses import replace
from datetime import datetime

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import NotAllowedError
from responder.domain.ids import CircleId, UnitId
from responder.domain.incidents.event import UnitChanged
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Role, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.incidents.recompute import model_if_any, recompute_open_incidents


async def set_duty(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    unit_id: UnitId,
    on_duty: bool,
    clock: Clock,
) -> Unit:
    """
    Put a unit on duty or off and return it. Units off duty are not called.

    A unit that comes on duty while an incident is open, and can be there in time, is called to it.

    Coordinators may for every unit, dispatchers for their partner's, responders for their own.

    Raises
    ------
    NotFoundError
        The circle has no such unit.
    NotAllowedError
        It is not for the viewer to say.
    """
    viewer.must(Action.SET_DUTY)
    now = moment(clock)
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        unit = await transaction.layer(Unit).get(viewer.circle_id, unit_id)
        if not _is_for(viewer, unit):
            raise NotAllowedError(action=Action.SET_DUTY.value)
        if unit.on_duty == on_duty:
            return unit
        changed = await put_duty(transaction, viewer.circle_id, unit, on_duty=on_duty, now=now)
        await recompute_open_incidents(transaction, roads, model, circle_id=viewer.circle_id, now=now)
        act = audit_entry(
            viewer,
            AuditAction.DUTY_CHANGED,
            subject=Subject(kind="unit", id=unit_id),
            detail={"on_duty": on_duty},
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return changed


async def put_duty(
    transaction: Transaction, circle_id: CircleId, unit: Unit, *, on_duty: bool, now: datetime
) -> Unit:
    """Keep a unit as on duty or off; open incidents are to be recomputed after it."""
    changed = replace(unit, on_duty=on_duty)
    await transaction.layer(Unit).add(circle_id, [changed])
    await transaction.record(circle_id, UnitChanged(unit=changed), at=now)
    return changed


def _is_for(viewer: Viewer, unit: Unit) -> bool:
    if viewer.role is Role.COORDINATOR or unit.id in viewer.unit_ids:
        return True
    return viewer.role is Role.DISPATCHER and unit.partner_id == viewer.partner_id
