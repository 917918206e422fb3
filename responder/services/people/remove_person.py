"""Remove a member from a circle. Records of what they did stay; alerts no longer call them."""

from responder.domain.audit import PERSON, AuditAction, Subject, audit_entry
from responder.domain.ids import AccountId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.withdraw_calls import withdraw_calls
from responder.services.people.change_person import must_not_be_last


async def remove_person(database: Database, *, viewer: Viewer, account_id: AccountId, clock: Clock) -> None:
    """
    Remove the account from the circle; its sockets of this circle close within seconds.

    Its calls of open incidents are withdrawn: the account can neither be told nor answer any more.

    Raises
    ------
    NotFoundError
        The account does not belong to the circle.
    LastCoordinatorError
        The circle would have no coordinator.
    """
    viewer.must(Action.MANAGE_PEOPLE)
    now = moment(clock)
    circle_id = viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        person = await transaction.people.get(circle_id, account_id, now=now)
        await must_not_be_last(transaction, circle_id, account_id)
        withdrawn = await withdraw_calls(transaction, circle_id, account_id, but=(), now=now)
        await transaction.people.leave_units(circle_id, account_id, but=(), now=now)
        await transaction.people.remove(circle_id, account_id)
        await transaction.contacts.remove_person(circle_id, account_id)
        act = audit_entry(
            viewer,
            AuditAction.MEMBER_REMOVED,
            subject=Subject(kind=PERSON, id=account_id),
            detail={"role": person.role.value, "withdrawn": withdrawn},
        )
        await transaction.audit.append(circle_id, act, at=now)
