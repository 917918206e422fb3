"""Make of messages that are due the requests to services: one for each person, or for each group."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from responder.domain.channels.contact import GROUP_CHANNELS
from responder.domain.channels.message import AlertReference, MessagePurpose, OutgoingMessage
from responder.domain.channels.message_words import Language
from responder.domain.channels.proof import CODE_LASTS
from responder.domain.ids import CircleId
from responder.ports import Transaction
from responder.ports.messages import ClaimedMessage
from responder.security.sign_in import hash_token
from responder.services.channels.compose import compose
from responder.services.channels.contacts import hash_code
from responder.services.incidents.catalogue import catalogue_of

LINK_BYTES: Final = 18
CODE_DIGITS: Final = 6
_ANSWERED_BY_LINK: Final = frozenset({MessagePurpose.ALERT, MessagePurpose.SELF_TEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """One request to a service, and the messages of which the verdict is that of each."""

    messages: tuple[ClaimedMessage, ...]
    """Several for a group: the people whom the post mentions."""
    outgoing: OutgoingMessage | None
    """None when nothing may be sent: no contact that counts, or an exercise to a public channel."""


async def prepare_requests(
    transaction: Transaction, messages: Iterable[ClaimedMessage], *, page_url: str, now: datetime
) -> list[PreparedRequest]:
    """Make the words of messages, with the links and codes in them; only their hashes are stored."""
    groups = _grouped(messages)
    links: list[tuple[CircleId, UUID, str]] = []
    codes: list[tuple[CircleId, UUID, str]] = []
    requests: list[PreparedRequest] = []
    catalogues = {
        circle_id: await catalogue_of(transaction, circle_id)
        for circle_id in {each.circle_id for group in groups for each in group if each.detail is not None}
    }
    for group in groups:
        message = group[0]
        if message.address is None or _is_refused(message):
            requests.append(PreparedRequest(messages=group, outgoing=None))
            continue
        link = code = None
        if message.purpose is MessagePurpose.ALERT and message.channel in GROUP_CHANNELS:
            # All of the group read it: who opens it says by signing in who it is.
            link = page_url
        elif message.purpose in _ANSWERED_BY_LINK and message.channel not in GROUP_CHANNELS:
            token = _token(message)
            links.append((message.circle_id, message.id, hash_token(token)))
            link = f"{page_url}api/answers/{token}"
        elif message.purpose is MessagePurpose.VERIFICATION and message.contact_id is not None:
            code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
            codes.append((message.circle_id, message.contact_id, hash_code(message.contact_id, code)))
        said_to = message if len(group) == 1 else _to_several(group)
        outgoing = OutgoingMessage(
            id=message.id,
            channel=message.channel,
            address=message.address,
            also_to=tuple(each.address for each in group[1:] if each.address is not None),
            text=compose(said_to, catalogues.get(message.circle_id), link=link, code=code),
            purpose=message.purpose,
            exercise=message.exercise,
            severity=message.severity,
            expires_at=message.expires_at,
            about=_about(message),
        )
        requests.append(PreparedRequest(messages=group, outgoing=outgoing))
    await transaction.message_queue.add_links(links)
    await transaction.message_queue.add_codes(codes, expires_at=now + CODE_LASTS)
    return requests


def _token(message: ClaimedMessage) -> str:
    """Return the same token each time the message is sent: services know its text as the same."""
    digest = hmac.digest(message.link_key.bytes, message.id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest[:LINK_BYTES]).decode()


def _grouped(messages: Iterable[ClaimedMessage]) -> list[tuple[ClaimedMessage, ...]]:
    """Return the messages by request: of a group those about one alert together, all others alone."""
    groups: dict[object, list[ClaimedMessage]] = {}
    for message in messages:
        together = (
            message.channel in GROUP_CHANNELS
            and message.alert is not None
            and message.address is not None
            and not _is_refused(message)
        )
        about = None if message.alert is None else message.alert.id
        key = (message.service_id, about, message.purpose) if together else message.id
        groups.setdefault(key, []).append(message)
    return [tuple(group) for group in groups.values()]


def _to_several(group: tuple[ClaimedMessage, ...]) -> ClaimedMessage:
    """Return a message as all of a group may read it: without one person's minutes, in a common language."""
    languages = {each.language for each in group}
    language = languages.pop() if len(languages) == 1 else Language.ZH
    return replace(group[0], call=None, language=language)


def _is_refused(message: ClaimedMessage) -> bool:
    return message.exercise and message.outside_public


def _about(message: ClaimedMessage) -> AlertReference | None:
    if message.detail is None or message.alert is None:
        return None
    return AlertReference(
        alert_id=message.alert.id,
        incident_id=message.detail.incident.id,
        circle_id=message.circle_id,
    )
