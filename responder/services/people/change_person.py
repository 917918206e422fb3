"""Change a member's role, partner and units."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

from responder.domain.audit import PERSON, AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError, LastCoordinatorError, NotFoundError
from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.access import Action, Role, Viewer, may_be_called
from responder.domain.people.account import Person
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.incidents.extend_alert import call_joined
from responder.services.incidents.withdraw_calls import withdraw_calls


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """The changes. A field that is not named in `fields` stays."""

    fields: frozenset[str]
    role: Role = Role.OBSERVER
    partner_id: PartnerId | None = None
    unit_ids: tuple[UnitId, ...] = ()


async def change_person(
    database: Database, *, viewer: Viewer, account_id: AccountId, change: PersonChange, clock: Clock
) -> Person:
    """
    Change a member; their open sockets start afresh.

    A member whose new role may not answer alerts leaves their units. Calls of open incidents by units
    that they leave are withdrawn: no one waits for them. By a unit that they join and that an open incident
    counts on they are called at once.

    Raises
    ------
    NotFoundError
        The account does not belong to the circle, or the circle has no such partner or unit.
    LastCoordinatorError
        The circle would have no coordinator.
    InvalidValueError
        A unit is another partner's, or units are given together with a role that may not answer alerts.
    """
    viewer.must(Action.MANAGE_PEOPLE)
    now = moment(clock)
    circle_id = viewer.circle_id
    async with database.begin() as transaction:
        # Two coordinators who step down at once: one after the other, and the second is refused.
        await transaction.circles.lock(circle_id)
        before = await transaction.people.get(circle_id, account_id, now=now)
        role = change.role if "role" in change.fields else before.role
        partner_id = change.partner_id if "partner_id" in change.fields else before.partner_id
        must_be_callable(role, change.unit_ids, field="unit_ids")
        if role is not Role.COORDINATOR:
            await must_not_be_last(transaction, circle_id, account_id)
        await must_be_partner(transaction, circle_id, partner_id)
        await transaction.people.change(circle_id, account_id, role=role, partner_id=partner_id)
        unit_ids = change.unit_ids if "unit_ids" in change.fields else before.unit_ids
        if (partner_id != before.partner_id and "unit_ids" not in change.fields) or not may_be_called(role):
            unit_ids = ()  # The units are the former partner's, or the role may not answer alerts.
        withdrawn = 0
        if set(unit_ids) != set(before.unit_ids):
            withdrawn = await withdraw_calls(transaction, circle_id, account_id, but=unit_ids, now=now)
            await transaction.people.leave_units(circle_id, account_id, but=unit_ids, now=now)
            await join_units(
                transaction,
                circle_id,
                before,
                unit_ids=set(unit_ids) - set(before.unit_ids),
                partner_id=partner_id,
            )
        after = await transaction.people.get(circle_id, account_id, now=now)
        if after != before:
            called = await call_joined(transaction, circle_id, account_id, now=now) if after.unit_ids else 0
            act = audit_entry(
                viewer,
                AuditAction.MEMBER_CHANGED,
                subject=Subject(kind=PERSON, id=account_id),
                detail={
                    "role": after.role.value,
                    "role_before": before.role.value,
                    "partner_id": _text(after.partner_id),
                    "partner_id_before": _text(before.partner_id),
                    "units": len(after.unit_ids),
                    "units_before": len(before.unit_ids),
                    "withdrawn": withdrawn,
                    "calls": called,
                },
            )
            await transaction.audit.append(circle_id, act, at=now)
        return after


async def must_not_be_last(transaction: Transaction, circle_id: CircleId, account_id: AccountId) -> None:
    """Raise LastCoordinatorError when the circle has no other coordinator."""
    if await transaction.people.coordinators(circle_id) == {account_id}:
        raise LastCoordinatorError


def must_be_callable(role: Role, unit_ids: Collection[UnitId], *, field: str) -> None:
    """Raise InvalidValueError when units are given together with a role that may not answer alerts."""
    if unit_ids and not may_be_called(role):
        message = "this role may not answer alerts, so it cannot belong to a unit"
        raise InvalidValueError(message, field=field)


async def must_be_partner(
    transaction: Transaction, circle_id: CircleId, partner_id: PartnerId | None
) -> None:
    """Raise NotFoundError when the circle has no such partner."""
    if partner_id is None:
        return
    if partner_id not in {partner.id for partner in await transaction.partners.of_circle(circle_id)}:
        raise NotFoundError


async def join_units(
    transaction: Transaction,
    circle_id: CircleId,
    person: Person,
    *,
    unit_ids: Collection[UnitId],
    partner_id: PartnerId | None,
) -> None:
    """Let alerts reach the person in these units too."""
    people = []
    for unit_id in sorted(unit_ids):
        unit = await transaction.layer(Unit).get(circle_id, unit_id)
        if unit.partner_id != partner_id:
            message = "a person belongs to units of their own partner"
            raise InvalidValueError(message, field="unit_ids")
        people.append(
            Responder(
                id=ResponderId(uuid4()),
                unit_id=unit_id,
                partner_id=unit.partner_id,
                account_id=person.account_id,
                name=person.name,
            )
        )
    await transaction.responders.add(circle_id, people)


def _text(partner_id: PartnerId | None) -> str | None:
    return None if partner_id is None else str(partner_id)
