"""One's own channels: by what one can be reached, in which order, and when not to be disturbed."""

from datetime import datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Note
from responder.api.json_body import StrictRoute
from responder.domain.channels.contact import ContactChannel, PersonalQuietHours
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.message_words import Language
from responder.domain.channels.proof import MessageState
from responder.domain.errors import InvalidValueError
from responder.services.channels import contacts as service

router = APIRouter(prefix="/circles/{circle_id}/my-channels", tags=["channels"], route_class=StrictRoute)

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class ContactBody(Body):
    """By what one can be reached at a service."""

    service_id: UUID
    address: Annotated[Note, StringConstraints(min_length=1)]


class CodeBody(Body):
    """The code that was sent."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class OrderBody(Body):
    """All of one's own contacts, the one to try first at the front."""

    contact_ids: Annotated[list[UUID], Field(max_length=service.MOST_CONTACTS)]


class QuietBody(Body):
    """From when until when nothing but red alerts is sent, in local time; null is never."""

    quiet: tuple[TimeOfDay, TimeOfDay] | None


class LanguageBody(Body):
    """In which language messages go out to the person."""

    language: Language


class LastMessageAnswer(BaseModel):
    """What became of the last code or test."""

    purpose: MessagePurpose
    state: MessageState
    queued_at: datetime
    reason: str
    detail: str


class ContactAnswer(BaseModel):
    """One of one's own contacts."""

    id: UUID
    service_id: UUID
    service_name: str
    channel: ContactChannel
    enabled: bool
    address: str
    verified_at: datetime | None
    last: LastMessageAnswer | None


class OwnChannelsAnswer(BaseModel):
    """One's own contacts in their order, and quiet hours."""

    contacts: list[ContactAnswer]
    quiet: tuple[str, str] | None
    language: Language
    """In which messages go out, in every circle."""


async def _own(viewer: InCircle, context: ContextDep) -> OwnChannelsAnswer:
    own = await service.own_channels(context.database, viewer=viewer)
    return OwnChannelsAnswer(
        contacts=[
            ContactAnswer(
                id=each.contact.id,
                service_id=each.service.id,
                service_name=each.service.name,
                channel=each.service.channel,
                enabled=each.service.enabled,
                address=each.contact.address,
                verified_at=each.contact.verified_at,
                last=None
                if each.last is None
                else LastMessageAnswer(
                    purpose=each.last.purpose,
                    state=each.last.state,
                    queued_at=each.last.queued_at,
                    reason=each.last.reason,
                    detail=each.last.detail,
                ),
            )
            for each in own.contacts
        ],
        quiet=None if own.quiet is None else (f"{own.quiet.begin:%H:%M}", f"{own.quiet.until:%H:%M}"),
        language=own.language,
    )


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep) -> OwnChannelsAnswer:
    """List one's own contacts in their order."""
    return await _own(viewer, context)


@router.post("", status_code=201, responses=answers(401, 403, 404, 409, 413, 429))
async def added(viewer: InCircle, context: ContextDep, body: ContactBody) -> OwnChannelsAnswer:
    """Add a contact and send a code there; it counts once the code is given back."""
    await service.add_contact(
        context.database,
        viewer=viewer,
        service_id=body.service_id,
        address=body.address,
        clock=context.clock,
    )
    return await _own(viewer, context)


@router.put("/order", responses=answers(401, 403, 404, 413))
async def ordered(viewer: InCircle, context: ContextDep, body: OrderBody) -> OwnChannelsAnswer:
    """Set in which order one's own contacts are tried."""
    await service.order_contacts(context.database, viewer=viewer, contact_ids=body.contact_ids)
    return await _own(viewer, context)


@router.put("/quiet-hours", responses=answers(401, 403, 404, 413))
async def quiet_hours_set(viewer: InCircle, context: ContextDep, body: QuietBody) -> OwnChannelsAnswer:
    """Set one's own quiet hours; red alerts come all the same."""
    quiet = None
    if body.quiet is not None:
        begin, until = (time.fromisoformat(each) for each in body.quiet)
        if begin == until:
            message = "quiet hours end at another time than they begin"
            raise InvalidValueError(message, field="quiet")
        quiet = PersonalQuietHours(begin=begin, until=until)
    await service.set_quiet_hours(context.database, viewer=viewer, quiet=quiet)
    return await _own(viewer, context)


@router.put("/language", responses=answers(401, 403, 404, 413))
async def language_set(viewer: InCircle, context: ContextDep, body: LanguageBody) -> OwnChannelsAnswer:
    """Set in which language messages go out to oneself, in every circle."""
    await service.set_language(context.database, viewer=viewer, language=body.language)
    return await _own(viewer, context)


@router.delete("/{contact_id}", status_code=204, responses=answers(401, 403, 404))
async def removed(viewer: InCircle, context: ContextDep, contact_id: UUID) -> None:
    """Remove one of one's own contacts."""
    await service.remove_contact(context.database, viewer=viewer, contact_id=contact_id, clock=context.clock)


@router.post("/{contact_id}/code", status_code=202, responses=answers(401, 403, 404, 429))
async def code_sent(viewer: InCircle, context: ContextDep, contact_id: UUID) -> OwnChannelsAnswer:
    """Send another code; earlier ones end."""
    await service.send_code(context.database, viewer=viewer, contact_id=contact_id, clock=context.clock)
    return await _own(viewer, context)


@router.post("/{contact_id}/verification", responses=answers(401, 403, 404, 413))
async def verified(
    viewer: InCircle, context: ContextDep, contact_id: UUID, body: CodeBody
) -> OwnChannelsAnswer:
    """Let a contact count by the code that was sent there."""
    await service.verify_contact(
        context.database, viewer=viewer, contact_id=contact_id, code=body.code, clock=context.clock
    )
    return await _own(viewer, context)


@router.post("/{contact_id}/test", status_code=202, responses=answers(401, 403, 404, 429))
async def tested(viewer: InCircle, context: ContextDep, contact_id: UUID) -> OwnChannelsAnswer:
    """Send a test alarm to one of one's own contacts."""
    await service.send_test(context.database, viewer=viewer, contact_id=contact_id, clock=context.clock)
    return await _own(viewer, context)
