"""Manage a circle's accounts with services: what the coordinator does."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from responder.domain.audit import AuditAction, Detail, Subject, audit_entry
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service import ChannelService, changed_settings
from responder.domain.errors import InvalidValueError
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.sign_in import TOKEN_BYTES, hash_token
from responder.services.validation.text import checked_text

NAME_LENGTH = 64
SUBJECT = "channel"
SOONEST_S, LATEST_S = 5, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class NewService:
    """Input of a service."""

    channel: ContactChannel
    name: str
    settings: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    enabled: bool = True
    outside_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChange:
    """What changes of a service; None stays. Of the settings those that are named."""

    name: str | None = None
    settings: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    enabled: bool | None = None
    outside_public: bool | None = None


async def list_services(database: Database, *, viewer: Viewer) -> tuple[ChannelService, ...]:
    """
    Return the circle's services, with their settings for those who manage them.

    Those who may be called see what they enter in the app of a service.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        found = await transaction.channels.services(viewer.circle_id)
    if viewer.may(Action.MANAGE_CHANNELS):
        return found
    called = viewer.may(Action.ANSWER_ALERT)
    return tuple(
        replace(service, settings=_to_subscribe(service) if called else {}, reply_hash=None)
        for service in found
    )


def _to_subscribe(service: ChannelService) -> dict[str, str]:
    """Return what a person enters in the app of the service, before anything can arrive there."""
    if service.channel is not ContactChannel.NTFY:
        return {}
    return {name: service.settings[name] for name in ("server",) if name in service.settings}


async def private_push_keys(database: Database, *, viewer: Viewer) -> Mapping[UUID, str]:
    """Return the private keys of the circle's Web Push services, for making the public ones of them."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        services = await transaction.channels.services(viewer.circle_id)
    return {
        each.id: each.settings["private_key"]
        for each in services
        if each.channel is ContactChannel.WEB_PUSH and "private_key" in each.settings
    }


async def add_service(database: Database, *, viewer: Viewer, new: NewService, clock: Clock) -> ChannelService:
    """
    Add a service.

    Raises
    ------
    NameTakenError
        The circle has a service of that name.
    InvalidValueError
        The name or a setting may not be.
    """
    viewer.must(Action.MANAGE_CHANNELS)
    now = moment(clock)
    service = ChannelService(
        id=uuid4(),
        circle_id=viewer.circle_id,
        channel=new.channel,
        name=_checked_name(new.name),
        settings=changed_settings(new.channel, {}, new.settings),
        enabled=new.enabled,
        outside_public=new.outside_public,
        changed_at=now,
    )
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        await transaction.channels.add_service(service)
        act = audit_entry(
            viewer, AuditAction.CHANNEL_CREATED, subject=_subject(service.id), detail=_told(service)
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return service


async def change_service(
    database: Database, *, viewer: Viewer, service_id: UUID, change: ServiceChange, clock: Clock
) -> ChannelService:
    """
    Change a service; secrets that are not named stay.

    Raises
    ------
    NotFoundError
        The circle has no such service.
    NameTakenError, InvalidValueError
        The name is taken, or the name or a setting may not be.
    """
    viewer.must(Action.MANAGE_CHANNELS)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await transaction.channels.service(viewer.circle_id, service_id, to_change=True)
        service = replace(
            before,
            name=before.name if change.name is None else _checked_name(change.name),
            settings=changed_settings(before.channel, before.settings, change.settings),
            enabled=before.enabled if change.enabled is None else change.enabled,
            outside_public=before.outside_public if change.outside_public is None else change.outside_public,
            changed_at=now,
        )
        await transaction.channels.put_service(service)
        detail = {**_told(service), "settings": ",".join(sorted(change.settings))[:200]}
        act = audit_entry(viewer, AuditAction.CHANNEL_CHANGED, subject=_subject(service_id), detail=detail)
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return service


async def remove_service(database: Database, *, viewer: Viewer, service_id: UUID, clock: Clock) -> None:
    """
    Remove a service with its settings and the contacts at it; the proof of earlier alerts stays.

    Raises
    ------
    NotFoundError
        The circle has no such service.
    """
    viewer.must(Action.MANAGE_CHANNELS)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        service = await transaction.channels.service(viewer.circle_id, service_id, to_change=True)
        await transaction.channels.remove_service(viewer.circle_id, service_id, at=now)
        contacts = await transaction.contacts.remove_all_at(viewer.circle_id, service_id)
        detail = {"channel": service.channel.value, "contacts": contacts}
        act = audit_entry(viewer, AuditAction.CHANNEL_REMOVED, subject=_subject(service_id), detail=detail)
        await transaction.audit.append(viewer.circle_id, act, at=now)


async def make_reply_token(database: Database, *, viewer: Viewer, service_id: UUID, clock: Clock) -> str:
    """
    Return a new token by which the service reports answers and deliveries; an earlier one ends.

    Raises
    ------
    NotFoundError
        The circle has no such service.
    """
    viewer.must(Action.MANAGE_CHANNELS)
    now = moment(clock)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        service = await transaction.channels.service(viewer.circle_id, service_id, to_change=True)
        await transaction.channels.put_service(replace(service, reply_hash=hash_token(token), changed_at=now))
        detail = {**_told(service), "settings": "reply_token"}
        act = audit_entry(viewer, AuditAction.CHANNEL_CHANGED, subject=_subject(service_id), detail=detail)
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return token


async def next_channel_after_s(database: Database, *, viewer: Viewer) -> int:
    """Return how long the circle waits for a receipt before a person's next channel, in seconds."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        return await transaction.channels.next_channel_after_s(viewer.circle_id)


async def set_next_channel_after_s(database: Database, *, viewer: Viewer, seconds: int, clock: Clock) -> None:
    """
    Set how long the circle waits for a receipt before a person's next channel, for alerts from now on.

    Raises
    ------
    InvalidValueError
        It is not between 5 and 600 seconds.
    """
    viewer.must(Action.MANAGE_CHANNELS)
    if not SOONEST_S <= seconds <= LATEST_S:
        message = f"between {SOONEST_S} and {LATEST_S} seconds"
        raise InvalidValueError(message, field="next_channel_after_s")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        await transaction.channels.put_next_channel_after_s(viewer.circle_id, seconds)
        act = audit_entry(viewer, AuditAction.CHANNEL_CHANGED, detail={"next_channel_after_s": seconds})
        await transaction.audit.append(viewer.circle_id, act, at=now)


def _checked_name(name: str) -> str:
    return checked_text(name.strip(), field="name", longest=NAME_LENGTH, may_be_empty=False)


def _subject(service_id: UUID) -> Subject:
    return Subject(kind=SUBJECT, id=service_id)


def _told(service: ChannelService) -> Detail:
    return {
        "channel": service.channel.value,
        "enabled": service.enabled,
        "outside_public": service.outside_public,
    }
