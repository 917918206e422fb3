"""All senders, by the channel that they serve."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.contact import ContactChannel as Channel
from responder.ports.channels import Sender
from responder.ports.clock import Clock, SystemClock
from responder.senders.checked_sender import LIMIT_S, CheckedSender, Service
from responder.senders.connecting import Connector, Resolve, Resolver
from responder.senders.gateway import PhoneGateway
from responder.senders.http_requests import HttpRequests
from responder.senders.mail import Smtp
from responder.senders.ntfy import Ntfy
from responder.senders.robots import DingtalkRobot, FeishuRobot, WecomRobot
from responder.senders.web_push import WebPush
from responder.senders.wecom_app import WecomApp


@asynccontextmanager
async def open_senders(
    allowed: AllowedHosts,
    *,
    clock: Clock | None = None,
    limit_s: float = LIMIT_S,
    resolve: Resolve | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Mapping[Channel, Sender]]:
    """
    Yield the sender of each channel; connections that they keep are closed at the end.

    Each channel has connections of its own, so that a service that hangs holds up no other.

    Parameters
    ----------
    allowed
        To where messages may go: the installation's own choice.
    limit_s
        Longest time for one message, in seconds.
    resolve
        Finds the addresses of a host, in place of the system.
    tls
        Says whose certificates are trusted, in place of those that the system or `SSL_CERT_FILE` names.
    """
    clock = clock or SystemClock()
    resolver = Resolver()
    connector = Connector(allowed, resolve=resolve or resolver)
    tls = tls or httpx.create_ssl_context()
    opened = {
        channel: HttpRequests(connector, tls=tls) for channel in Channel if channel is not Channel.EMAIL
    }
    services: dict[Channel, Service] = {
        Channel.NTFY: Ntfy(opened[Channel.NTFY]),
        Channel.WEB_PUSH: WebPush(opened[Channel.WEB_PUSH], clock=clock),
        Channel.WECOM_ROBOT: WecomRobot(opened[Channel.WECOM_ROBOT]),
        Channel.WECOM_APP: WecomApp(opened[Channel.WECOM_APP], clock=clock),
        Channel.DINGTALK: DingtalkRobot(opened[Channel.DINGTALK], clock=clock),
        Channel.FEISHU: FeishuRobot(opened[Channel.FEISHU], clock=clock),
        Channel.SMS: PhoneGateway(Channel.SMS, opened[Channel.SMS], clock=clock),
        Channel.VOICE: PhoneGateway(Channel.VOICE, opened[Channel.VOICE], clock=clock),
        Channel.EMAIL: Smtp(connector, tls=tls, clock=clock),
    }
    try:
        yield {
            channel: CheckedSender(channel, service, clock=clock, limit_s=limit_s)
            for channel, service in services.items()
        }
    finally:
        for requests in opened.values():
            await requests.close()
        resolver.close()
