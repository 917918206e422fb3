"""Joins the parts; the only module that knows all of them."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from responder import __version__
from responder.ports import Clock, Database, Roads
from responder.settings import Settings

if TYPE_CHECKING:
    from asyncio import Event

    from fastapi import FastAPI

    from responder.api.application import Lifespan
    from responder.live.gateway import Gateway
    from responder.live.sync.positions import PositionBus
    from responder.security.alert_priority import AlertPriority

# ruff: noqa: PLC0415 - a process has one of the two, and shall not wait for the other's libraries


def build_api(
    settings: Settings,
    *,
    database: Database,
    roads: Roads,
    clock: Clock,
    lifespan: "Lifespan | None" = None,
    prepared: "Event | None" = None,
    priority: "AlertPriority | None" = None,
) -> "FastAPI":
    """
    Build what one API process serves: the interface under /api, and the page.

    `priority` tells other parts of the process of alerts; `prepared` is set once the roads of the circles are
    in memory, which /readyz then says.
    """
    from responder.api.application import make_application
    from responder.api.deps.context import AppContext
    from responder.api.live_address import LiveAddress
    from responder.api.routes.page import page_folder
    from responder.security.alert_priority import AlertPriority
    from responder.security.login_throttle import LoginThrottle
    from responder.security.rate_limit import RateLimiter
    from responder.senders.web_push import VapidKeys

    priority = priority or AlertPriority()
    context = AppContext(
        database=database,
        roads=roads,
        clock=clock,
        live=LiveAddress(url=settings.live_url, port=settings.live_port),
        origins=settings.origins,
        page_dir=page_folder(settings.static_dir, sources=settings.page_sources),
        version=__version__,
        page_url=settings.page_url,
        prepared=prepared,
        priority=priority,
        attempts=LoginThrottle(priority=priority),
        alerts=RateLimiter(settings.alerts_per_minute),
        push_keys=VapidKeys(),
    )
    return make_application(context, lifespan=lifespan)


def build_live(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    wakeups: Callable[[], AsyncIterator[UUID]] | None = None,
    positions: "PositionBus | None" = None,
) -> "Gateway":
    """Build what one live process serves: the sockets under /live."""
    from responder.live.gateway import Gateway

    return Gateway(
        database,
        clock=clock,
        allowed_origins=settings.origins,
        wakeups=wakeups,
        positions=positions,
        proxies=settings.proxies,
    )
