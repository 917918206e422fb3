"""Answer an alert without the page: by the link in a message, or by a digit sent back."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid5

from responder.domain.channels.check_address import check_address
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service import ChannelService
from responder.domain.errors import AnswerLinkRefusedError, InvalidValueError, NotFoundError, ResponderError
from responder.domain.ids import AlertId
from responder.domain.incidents.catalogue import IncidentKind
from responder.domain.incidents.delivery import COMING, Delivery, DeliveryState
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.messages import AnswerableMessage
from responder.security.sign_in import hash_token
from responder.services.incidents.acknowledge import acknowledge_within
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.receipt_batch import DeviceReceipt
from responder.services.security_context import as_system

_DIGIT: Final = re.compile(r"[\W_]*([12])(?![0-9])[\W_]*(.*?)[\W_]*", re.DOTALL)


class LinkAnswer(StrEnum):
    """What a person says by a link."""

    ACCEPT = "accept"
    CANNOT = "cannot"
    OPEN = "open"
    """Opens the page; the link can still be used."""
    RECEIVED = "received"
    """Of a test alarm: it came."""


TO_ALERTS: Final = (LinkAnswer.ACCEPT, LinkAnswer.CANNOT, LinkAnswer.OPEN)
DIGITS: Final = {"1": LinkAnswer.ACCEPT, "2": LinkAnswer.CANNOT}
_SAID_WITH: Final = {
    "1": frozenset({"", "到场", "我来", "来", "coming", "i am coming", "yes", "ok"}),
    "2": frozenset({"", "不能到", "来不了", "无法到场", "不来", "cannot", "i cannot come", "no"}),
}
"""Words of the message and the page with their digit. Others may mean anything: 2 minutes, block 1."""
_FINAL: Final = frozenset({DeliveryState.WITHDRAWN, DeliveryState.RELEASED})
"""Who is not counted on any more and stays so: the answer that they come would be said to be recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCard:
    """What the page of a link shows: no more than a person who found the telephone may know."""

    incident: Incident
    alert_id: AlertId
    kind: IncidentKind
    response_s: float | None
    """Until the person's unit could be there, in seconds; None when it is not in reach any more."""


async def show_card(database: Database, *, token: str) -> AnswerCard:
    """
    Return what an alert is about, by the link of one message. Nothing changes.

    Raises
    ------
    AnswerLinkRefusedError
        The link is unknown or used, or the incident has ended.
    """
    with as_system():
        async with database.begin() as transaction:
            message = await transaction.messages.by_link(hash_token(token))
            if message is None:
                raise AnswerLinkRefusedError
            return await _card(transaction, message)


async def answer_by_link(database: Database, *, token: str, answer: LinkAnswer, clock: Clock) -> AnswerCard:
    """
    Take an answer by the link of one message: once. It is a receipt of the message's channel.

    Raises
    ------
    AnswerLinkRefusedError
        The link is unknown or used, or the incident has ended.
    """
    now = moment(clock)
    token_hash = hash_token(token)
    with as_system():
        async with database.begin() as transaction:
            found = await transaction.messages.by_link(token_hash)
        if found is None:
            raise AnswerLinkRefusedError
        async with database.begin() as transaction:
            # The circle first, as in every transaction that changes deliveries.
            await transaction.circles.lock(found.circle_id)
            message = await transaction.messages.by_link(token_hash)
            if (
                message is None
                or answer not in TO_ALERTS
                or not await _take(transaction, message, answer, now=now)
            ):
                raise AnswerLinkRefusedError
            return await _card(transaction, message)


async def is_test(database: Database, *, token: str) -> bool:
    """Tell whether a link is of a test alarm that has not been confirmed. Nothing changes."""
    with as_system():
        async with database.begin() as transaction:
            return await transaction.messages.test_by_link(hash_token(token)) is not None


async def confirm_test(database: Database, *, token: str, clock: Clock) -> bool:
    """Keep that a test alarm came, by its link: once; tell whether it was one."""
    with as_system():
        async with database.begin() as transaction:
            test = await transaction.messages.test_by_link(hash_token(token))
            if test is None:
                return False
            await transaction.messages.put_answered(
                test.circle_id, test.id, answer=LinkAnswer.RECEIVED.value, at=moment(clock)
            )
            return True


async def answer_by_digit(
    database: Database, *, service: ChannelService, number: str, text: str, clock: Clock
) -> bool:
    """
    Take a digit that was sent back, as the answer to the newest open alert; tell whether it was one.

    A text that says anything else beside it is left to people.
    """
    digit = _DIGIT.fullmatch(unicodedata.normalize("NFKC", text))
    if digit is None or digit[2].casefold() not in _SAID_WITH[digit[1]]:
        return False
    now = moment(clock)
    circle_id = service.circle_id
    try:
        address = check_address(ContactChannel.SMS, number)
    except InvalidValueError:
        return False
    with as_system(circle_id):
        async with database.begin() as transaction:
            await transaction.circles.lock(circle_id)
            contact = await transaction.contacts.contact_at(circle_id, service.id, address)
            if contact is None:
                return False
            message = await transaction.messages.newest_of_contact(circle_id, contact.id)
            return message is not None and await _take(transaction, message, DIGITS[digit[1]], now=now)


async def _take(
    transaction: Transaction, message: AnswerableMessage, answer: LinkAnswer, *, now: datetime
) -> bool:
    circle_id = message.circle_id
    viewer = await transaction.memberships.viewer(message.account_id, circle_id)
    delivery = await _delivery(transaction, viewer, message)
    if delivery is None or (answer is LinkAnswer.ACCEPT and delivery.state in _FINAL):
        return False
    state = _STATES[answer]
    if answer is LinkAnswer.CANNOT and delivery.state in COMING:
        state = DeliveryState.WITHDRAWN
    receipt = DeviceReceipt(
        viewer=viewer,
        # An answer after another is one of its own, the same one sent twice at once is not.
        action_id=uuid5(message.id, f"{answer.value} {now.isoformat()}"),
        alert_id=message.alert_id,
        state=state,
        device_at=now,
        device=message.channel.value,
        channel=message.channel.value,
    )
    [outcome] = await acknowledge_within(transaction, circle_id=circle_id, receipts=[receipt], now=now)
    if isinstance(outcome, ResponderError):
        return False
    if answer is LinkAnswer.OPEN:
        await transaction.messages.put_opened(circle_id, message.id, at=now)
    else:
        await transaction.messages.put_answered(circle_id, message.id, answer=answer.value, at=now)
    return True


_STATES: Final = {
    LinkAnswer.ACCEPT: DeliveryState.ACCEPTED,
    LinkAnswer.CANNOT: DeliveryState.DECLINED,
    LinkAnswer.OPEN: DeliveryState.SEEN,
}


async def _card(transaction: Transaction, message: AnswerableMessage) -> AnswerCard:
    incident = await transaction.incidents.get(message.circle_id, message.incident_id)
    response_s = None
    try:
        viewer = await transaction.memberships.viewer(message.account_id, message.circle_id)
    except NotFoundError:
        raise AnswerLinkRefusedError from None
    delivery = await _delivery(transaction, viewer, message)
    if delivery is not None:
        detail = await transaction.incidents.detail(message.circle_id, message.incident_id)
        in_reach = {member.unit_id: member.response_s for member in detail.response_circle.members}
        response_s = in_reach.get(delivery.unit_id)
    catalogue = await catalogue_of(transaction, message.circle_id)
    return AnswerCard(
        incident=incident,
        alert_id=message.alert_id,
        kind=catalogue.kind(incident.kind),
        response_s=response_s,
    )


async def _delivery(transaction: Transaction, viewer: Viewer, message: AnswerableMessage) -> Delivery | None:
    found = await transaction.deliveries.of_recipients(
        message.circle_id, alert_ids={message.alert_id}, recipient_ids=viewer.responder_ids
    )
    return found[0] if found else None
