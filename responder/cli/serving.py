"""The process that serves pages and the interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
import uvicorn

from responder.app import build_api
from responder.cli.demo_circle import cast, refuse_open_demo
from responder.cli.door import Server
from responder.cli.foreground import begin
from responder.cli.loading import loading
from responder.cli.place import database_at_hand
from responder.cli.timekeeping import keep_house, keep_time
from responder.cli.warming import warm
from responder.live.bus import NatsBus, announcing, running
from responder.services.ports.clock import SystemClock
from responder.settings import Settings
from responder.store.database import connect
from responder.store.roads import StoredRoads
from responder.store.standing import standing

if TYPE_CHECKING:
    from fastapi import FastAPI

_GRACE_S = 5


def serve(settings: Settings) -> None:
    """Serve pages and the interface until told to stop."""
    begin("serve")
    with database_at_hand(settings) as url:
        with suppress(psycopg.OperationalError):
            # A database that is not there yet is waited for by whoever asks.
            if standing(url, circle_name=cast().circle_name).has_circle:
                refuse_open_demo(settings)
        asyncio.run(Server(_configuration(settings, url)).serve())


def _configuration(settings: Settings, url: str) -> uvicorn.Config:
    stored = connect(url)
    bus = NatsBus(settings.bus) if settings.bus else None
    database = stored if bus is None else announcing(stored, bus)
    roads = StoredRoads(stored)
    prepared = asyncio.Event()

    @asynccontextmanager
    async def lifespan(_api: "FastAPI") -> AsyncIterator[None]:
        async with running(bus):
            beside = [
                asyncio.create_task(warm(database, roads, prepared=prepared)),
                asyncio.create_task(keep_time(database, roads, clock=SystemClock())),
                asyncio.create_task(keep_house(database, clock=SystemClock())),
            ]
            yield
            for task in beside:
                task.cancel()
            # Here and not after `serve`, which ends by raising the signal that ended it.
            await stored.dispose()

    with loading():
        api = build_api(
            settings,
            database=database,
            roads=roads,
            clock=SystemClock(),
            lifespan=lifespan,
            prepared=prepared,
        )
    return uvicorn.Config(
        api,
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
