"""A circle's accounts with services, managed by its coordinator."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Word
from responder.api.json_body import StrictRoute
from responder.domain.channels.check_service import MOST_CHARACTERS
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service import ChannelService
from responder.domain.channels.service_fields import FieldKind, providers, service_fields
from responder.services.channels import manage_services as service
from responder.services.channels.proof import ChannelReport, channel_report, self_test_now

router = APIRouter(prefix="/circles/{circle_id}/channels", tags=["channels"], route_class=StrictRoute)

SettingName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SettingValue = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
Settings = Annotated[dict[SettingName, SettingValue | None], Field(max_length=40)]
"""By name, as `GET …/channels/fields` lists them; null removes one. Secrets are never shown."""


class ServiceBody(Body):
    """A new account with a service."""

    channel: ContactChannel
    name: Annotated[Word, StringConstraints(min_length=1)]
    settings: Settings = Field(default_factory=dict)
    enabled: Flag = True
    outside_public: Flag = False


class ServiceChanges(Body):
    """The changes; fields and settings that are not named stay."""

    name: Annotated[Word, StringConstraints(min_length=1)] | None = None
    settings: Settings = Field(default_factory=dict)
    enabled: Flag | None = None
    outside_public: Flag | None = None


class ServiceAnswer(BaseModel):
    """An account with a service. Secrets are named, never shown."""

    id: UUID
    channel: ContactChannel
    name: str
    enabled: bool
    outside_public: bool
    settings: dict[str, str]
    secrets_set: tuple[str, ...]
    takes_replies: bool
    changed_at: datetime
    push_key: str | None
    """What a browser subscribes with, of Web Push: `applicationServerKey`."""

    @classmethod
    def of(cls, told: ChannelService, *, push_key: str | None = None) -> "ServiceAnswer":
        return cls(
            id=told.id,
            channel=told.channel,
            name=told.name,
            enabled=told.enabled,
            outside_public=told.outside_public,
            settings=told.shown_settings,
            secrets_set=told.secrets_set,
            takes_replies=told.reply_hash is not None,
            changed_at=told.changed_at,
            push_key=push_key,
        )


class ChannelsAnswer(BaseModel):
    """The circle's services, and how long it waits before a person's next channel."""

    services: list[ServiceAnswer]
    next_channel_after_s: int


class FieldAnswer(BaseModel):
    """One setting of an account with a service."""

    name: str
    kind: FieldKind
    required: bool
    secret: bool
    default: str
    choices: tuple[str, ...]


class FieldsAnswer(BaseModel):
    """The settings of one kind of service; of one with several gateways, by `provider`."""

    channel: ContactChannel
    provider: str
    fields: list[FieldAnswer]


class ReplyTokenAnswer(BaseModel):
    """Where the service reports answers and deliveries; told this once."""

    token: str
    path: str


class PolicyBody(Body):
    """How long to wait for a receipt before a person's next channel."""

    next_channel_after_s: Annotated[int, Field(ge=service.SOONEST_S, le=service.LATEST_S, strict=True)]


class ServiceTestAnswer(BaseModel):
    """The last self-test of a service; all but the service is empty when there was none."""

    service_id: UUID
    name: str
    channel: ContactChannel
    enabled: bool
    at: datetime | None
    accepted: int
    failed: int
    waiting: int
    reasons: tuple[str, ...]


class PersonAnswer(BaseModel):
    """By how many channels a person can be reached."""

    account_id: UUID
    name: str
    verified: int
    unverified: int


class ReportAnswer(BaseModel):
    """Whether channels work, and who can be reached by which number of them."""

    services: list[ServiceTestAnswer]
    people: list[PersonAnswer]


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep) -> ChannelsAnswer:
    """List the circle's services; settings are shown to the coordinator, secrets to no one."""
    found = await service.list_services(context.database, viewer=viewer)
    keys = await service.private_push_keys(context.database, viewer=viewer)
    after_s = await service.next_channel_after_s(context.database, viewer=viewer)
    public = (
        {}
        if context.push_keys is None
        else {service_id: context.push_keys.public_key(key) for service_id, key in keys.items()}
    )
    return ChannelsAnswer(
        services=[ServiceAnswer.of(each, push_key=public.get(each.id)) for each in found],
        next_channel_after_s=after_s,
    )


@router.get("/fields", responses=answers(401, 403, 404))
async def fields_listed(_viewer: InCircle) -> list[FieldsAnswer]:
    """List what a coordinator enters for each kind of service."""
    return [
        FieldsAnswer(
            channel=channel,
            provider=provider,
            fields=[FieldAnswer(**asdict(each)) for each in service_fields(channel, provider)],
        )
        for channel in ContactChannel
        for provider in providers(channel) or ("",)
    ]


@router.post("", status_code=201, responses=answers(401, 403, 404, 409, 413))
async def added(viewer: InCircle, context: ContextDep, body: ServiceBody) -> ServiceAnswer:
    """Add an account with a service."""
    settings = dict(body.settings)
    if body.channel is ContactChannel.WEB_PUSH and context.push_keys is not None:
        settings.setdefault("private_key", context.push_keys.new_private_key())
    new = service.NewService(**{**dict(body), "settings": settings})
    return ServiceAnswer.of(
        await service.add_service(context.database, viewer=viewer, new=new, clock=context.clock)
    )


@router.put("/policy", status_code=204, responses=answers(401, 403, 404, 413))
async def policy_set(viewer: InCircle, context: ContextDep, body: PolicyBody) -> None:
    """Set how long to wait for a receipt before a person's next channel."""
    await service.set_next_channel_after_s(
        context.database, viewer=viewer, seconds=body.next_channel_after_s, clock=context.clock
    )


@router.get("/report", responses=answers(401, 403, 404))
async def reported(viewer: InCircle, context: ContextDep) -> ReportAnswer:
    """Report the last self-test of each service, and by how many channels each person can be reached."""
    return _report(await channel_report(context.database, viewer=viewer))


@router.post("/test", status_code=202, responses=answers(401, 403, 404, 429))
async def tested(viewer: InCircle, context: ContextDep) -> ReportAnswer:
    """Test each service now with a coordinator's contact; the report shows what becomes of it."""
    await self_test_now(context.database, viewer=viewer, clock=context.clock)
    return _report(await channel_report(context.database, viewer=viewer))


@router.patch("/{service_id}", responses=answers(401, 403, 404, 409, 413))
async def changed(
    viewer: InCircle, context: ContextDep, service_id: UUID, body: ServiceChanges
) -> ServiceAnswer:
    """Change a service; secrets that are not named stay."""
    change = service.ServiceChange(**dict(body))
    return ServiceAnswer.of(
        await service.change_service(
            context.database, viewer=viewer, service_id=service_id, change=change, clock=context.clock
        )
    )


@router.delete("/{service_id}", status_code=204, responses=answers(401, 403, 404))
async def removed(viewer: InCircle, context: ContextDep, service_id: UUID) -> None:
    """Remove a service with its settings and the contacts at it."""
    await service.remove_service(context.database, viewer=viewer, service_id=service_id, clock=context.clock)


@router.post("/{service_id}/reply-token", status_code=201, responses=answers(401, 403, 404))
async def reply_token_made(viewer: InCircle, context: ContextDep, service_id: UUID) -> ReplyTokenAnswer:
    """Make the address at which the service reports answers and deliveries; an earlier one ends."""
    token = await service.make_reply_token(
        context.database, viewer=viewer, service_id=service_id, clock=context.clock
    )
    return ReplyTokenAnswer(token=token, path=f"/api/channel-replies/{token}")


def _report(report: ChannelReport) -> ReportAnswer:
    return ReportAnswer(
        services=[
            ServiceTestAnswer(
                service_id=each.service.id,
                name=each.service.name,
                channel=each.service.channel,
                enabled=each.service.enabled,
                at=None if each.test is None else each.test.at,
                accepted=0 if each.test is None else each.test.accepted,
                failed=0 if each.test is None else each.test.failed,
                waiting=0 if each.test is None else each.test.waiting,
                reasons=() if each.test is None else each.test.reasons,
            )
            for each in report.services
        ],
        people=[PersonAnswer(**each._asdict()) for each in report.people],
    )
