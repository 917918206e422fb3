"""Joins the parts; the only module that knows all of them."""

from collections.abc import AsyncIterator, Callable
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID

from fastapi import FastAPI

from responder.api.application import Lifespan, make_application
from responder.api.live_address import LiveAddress
from responder.api.parts import Parts
from responder.live.gateway import Gateway
from responder.services.ports import Clock, Database, Roads
from responder.settings import Settings


def build_api(
    settings: Settings, *, database: Database, roads: Roads, clock: Clock, lifespan: Lifespan | None = None
) -> FastAPI:
    """Build what one API process serves: the interface under /api, and the page."""
    parts = Parts(
        database=database,
        roads=roads,
        clock=clock,
        live=LiveAddress(url=settings.live_url, port=settings.live_port),
        origins=settings.origins,
        static_dir=settings.static_dir,
        version=our_version(),
    )
    return make_application(parts, lifespan=lifespan)


def build_live(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    wakeups: Callable[[], AsyncIterator[UUID]] | None = None,
) -> Gateway:
    """Build what one live process serves: the sockets under /live."""
    return Gateway(database, clock=clock, allowed_origins=settings.origins, wakeups=wakeups)


def our_version() -> str:
    """Return the version of this installation."""
    try:
        return version("responder")
    except PackageNotFoundError:
        return "0+unpacked"
