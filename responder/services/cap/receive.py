"""Take CAP messages of others as proposals. None of them calls anybody: a person decides."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import uuid4

from geo.lonlat import LonLat
from responder.domain.audit import AuditAction, audit_entry
from responder.domain.cap.faults import Fault, FaultCard, fault
from responder.domain.cap.meaning import kind_of, main_info, severity_of
from responder.domain.cap.message import CapInfo, CapMessage, CapMessageType, CapStatus
from responder.domain.cap.proposal import IncidentProposal, ProposalText
from responder.domain.cap.read_message import ReadMessage
from responder.domain.cap.wording import sender
from responder.domain.errors import CapRefusedError
from responder.domain.ids import ProposalId
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.event import ProposalsChanged
from responder.domain.incidents.incident import Severity
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.cap.relations import related, settle
from responder.services.cap.shapes import area_of, site_in
from responder.services.incidents.catalogue import catalogue_of
from responder.services.validation.text import DIRECTION_CONTROLS

MOST_TEXTS: Final = 8
"""Languages that are kept."""
LONGEST: Final = {
    "language": 40,
    "event": 200,
    "headline": 500,
    "description": 4000,
    "instruction": 2000,
    "sender_name": 200,
    "area": 500,
}
_STATUSES: Final = frozenset({CapStatus.ACTUAL, CapStatus.EXERCISE})
_TYPES: Final = frozenset({CapMessageType.ALERT, CapMessageType.UPDATE, CapMessageType.CANCEL})


class MessageReader(Protocol):
    """Reads messages from what was sent."""

    def __call__(self, *, now: datetime, near: LonLat) -> Sequence[ReadMessage]:
        """Return the messages, checked against the time and the middle of the circle."""
        ...


class MessageOutcome(StrEnum):
    """What became of one message."""

    CREATED = "created"
    REPEATED = "repeated"
    """It had come before; nothing was changed."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """One message, and what became of it."""

    title: str
    outcome: MessageOutcome
    faults: tuple[Fault, ...]
    proposal: IncidentProposal | None


async def receive_messages(
    database: Database, *, viewer: Viewer, read: MessageReader, clock: Clock
) -> tuple[ReceivedMessage, ...]:
    """
    Keep every sound message as a proposal, and return what became of each.

    A message with the sender and identifier of an earlier one is that one. An Update puts open proposals of
    the messages it refers to out of date, a Cancel cancels them, in whichever order they come.

    Raises
    ------
    CapRefusedError
        No message was taken; `messages` says why.
    """
    now = moment(clock)
    async with database.snapshot() as transaction:
        circle = await transaction.circles.get(viewer.circle_id)
        catalogue = await catalogue_of(transaction, viewer.circle_id)
    messages = await asyncio.to_thread(read, now=now, near=LonLat(*circle.centre))
    drafts = await asyncio.to_thread(_drafts, viewer, messages, catalogue, now)
    if not any(isinstance(each, IncidentProposal) for each in drafts):
        refused = [each for each in drafts if isinstance(each, ReceivedMessage)]
        raise CapRefusedError(
            messages=[
                {"title": each.title, "faults": [FaultCard.of(one) for one in each.faults]}
                for each in refused
            ]
        )
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        received = [
            each if isinstance(each, ReceivedMessage) else await _keep(transaction, each, now)
            for each in drafts
        ]
        created = [each for each in received if each.outcome is MessageOutcome.CREATED]
        if created:
            act = audit_entry(
                viewer,
                AuditAction.PROPOSALS_RECEIVED,
                detail={
                    "created": len(created),
                    "repeated": sum(each.outcome is MessageOutcome.REPEATED for each in received),
                    "skipped": sum(each.outcome is MessageOutcome.REFUSED for each in received),
                },
            )
            await transaction.audit.append(viewer.circle_id, act, at=now)
            await transaction.record(viewer.circle_id, ProposalsChanged(), at=now)
    return tuple(received)


def _drafts(
    viewer: Viewer, messages: Sequence[ReadMessage], catalogue: AlertCatalogue, now: datetime
) -> list[IncidentProposal | ReceivedMessage]:
    return [_draft(viewer, each, catalogue, now) for each in messages]


def _draft(
    viewer: Viewer, read: ReadMessage, catalogue: AlertCatalogue, now: datetime
) -> IncidentProposal | ReceivedMessage:
    message = read.message
    if message is None:
        return _refused(read, ())
    if (code := _refusal(viewer, message)) is not None:
        return _refused(read, (fault(code),))
    info = main_info(message)
    area = area_of(message)
    site = site_in(area)
    expiries = [each.expires for each in message.infos if each.expires is not None]
    return IncidentProposal(
        id=ProposalId(uuid4()),
        circle_id=viewer.circle_id,
        sender=message.sender,
        identifier=message.identifier,
        sent_at=message.sent.astimezone(UTC),
        message_type=message.message_type,
        exercise=message.exercise,
        kind="other" if info is None else kind_of(info, catalogue),
        severity=Severity.YELLOW if info is None else severity_of(info),
        texts=tuple(_text(each) for each in message.infos[:MOST_TEXTS]),
        area=area,
        lon=None if site is None else site.lon,
        lat=None if site is None else site.lat,
        expires_at=max(expiries).astimezone(UTC) if expiries else None,
        references=message.references,
        warnings=read.faults,
        about_incident_id=None,
        received_at=now,
        received_by=viewer.account_id,
        received_by_name=viewer.name,
    )


def _refusal(viewer: Viewer, message: CapMessage) -> str | None:
    """Return the code of why a sound message is no proposal, if it is none."""
    if message.status not in _STATUSES:
        return "status_refused"
    if message.message_type not in _TYPES:
        return "type_refused"
    if message.sender == sender(viewer.circle_id):
        # A feed of another system may bring back what we sent.
        return "own_message"
    if not viewer.may(Action.RAISE_EXERCISE if message.exercise else Action.RAISE_ALERT):
        return "right_missing"
    return None


async def _keep(transaction: Transaction, draft: IncidentProposal, now: datetime) -> ReceivedMessage:
    relation = await related(transaction, draft)
    if relation.same is not None:
        reused = relation.same.sent_at != draft.sent_at
        return ReceivedMessage(
            title=draft.identifier,
            outcome=MessageOutcome.REPEATED,
            faults=(fault("identifier_reused", "identifier", draft.identifier),) if reused else (),
            proposal=relation.same,
        )
    if relation.has_other_sender:
        draft = replace(draft, warnings=(*draft.warnings, fault("sender_differs", "references")))
    proposal = await settle(transaction, draft, relation, now)
    return ReceivedMessage(
        title=draft.identifier,
        outcome=MessageOutcome.CREATED,
        faults=proposal.warnings,
        proposal=proposal,
    )


def _refused(read: ReadMessage, more: tuple[Fault, ...]) -> ReceivedMessage:
    return ReceivedMessage(
        title=_line(read.title, LONGEST["headline"]),
        outcome=MessageOutcome.REFUSED,
        faults=(*read.faults, *more),
        proposal=None,
    )


def _text(info: CapInfo) -> ProposalText:
    words = {
        "language": info.language,
        "event": info.event,
        "headline": info.headline,
        "description": info.description,
        "instruction": info.instruction,
        "sender_name": info.sender_name,
        "area": " · ".join(area.description for area in info.areas),
    }
    return ProposalText(**{name: _line(text, LONGEST[name]) for name, text in words.items()})


def _line(text: str, longest: int) -> str:
    """Return the text as it can be shown: runs of spaces joined, direction controls left out, cut."""
    text = " ".join(DIRECTION_CONTROLS.sub("", text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
