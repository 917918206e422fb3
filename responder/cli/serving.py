"""The two processes that serve, each in the foreground until it is told to stop."""

# ruff: noqa: PLC0415 - a process loads what it serves with, not what the other one does

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from responder.app import build_api, build_live
from responder.cli.place import database_at_hand
from responder.cli.supervised import leave_with_parent
from responder.services.ports.clock import SystemClock
from responder.settings import Settings
from responder.store.database import connect

if TYPE_CHECKING:
    from fastapi import FastAPI

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_GRACE_S = 5


def serve(settings: Settings) -> None:
    """Serve pages and the interface until told to stop."""
    _begin()
    with database_at_hand(settings) as url:
        asyncio.run(_serve(settings, url))


def live(settings: Settings) -> None:
    """Serve sockets until told to stop."""
    _begin()
    with database_at_hand(settings) as url:
        asyncio.run(_live(settings, url))


def _begin() -> None:
    logging.basicConfig(level=logging.WARNING, format=_FORMAT)
    logging.getLogger("responder").setLevel(logging.INFO)
    leave_with_parent()


async def _serve(settings: Settings, url: str) -> None:
    import uvicorn

    from responder.cli.warming import warm
    from responder.store.roads import StoredRoads

    database = connect(url)
    roads = StoredRoads(database)
    prepared = asyncio.Event()

    @asynccontextmanager
    async def lifespan(_api: "FastAPI") -> AsyncIterator[None]:
        warming = asyncio.create_task(warm(database, roads, prepared=prepared))
        yield
        warming.cancel()
        # Here and not after `serve`, which ends by raising the signal that ended it.
        await database.dispose()

    api = build_api(
        settings, database=database, roads=roads, clock=SystemClock(), lifespan=lifespan, prepared=prepared
    )
    config = uvicorn.Config(
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
    await uvicorn.Server(config).serve()


async def _live(settings: Settings, url: str) -> None:
    from responder.live.gateway import serve as serve_gateway
    from responder.store.wakeup import wakeups

    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    database = connect(url)
    gateway = build_live(settings, database=database, clock=SystemClock(), wakeups=lambda: wakeups(url))
    try:
        await serve_gateway(gateway, host=settings.gateway_host, port=settings.live_port, stop=stop)
    finally:
        await database.dispose()
