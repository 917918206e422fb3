"""The process that serves pages and the interface."""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import psycopg
import uvicorn

from responder.app import build_api
from responder.demo.demo_circle import demo_accounts, refuse_open_demo
from responder.live.connection.gc_pause import GcScheduler
from responder.live.connection.proxies import Proxies
from responder.live.sync.bus import NatsBus, announcing, running
from responder.ports.clock import SystemClock
from responder.runtime.foreground import init_process
from responder.runtime.listening import listening_sockets
from responder.runtime.scheduler import keep_drills, keep_ladders, keep_rosters, keep_time, run_maintenance
from responder.runtime.server import Server
from responder.runtime.supervised import Turn, inherited_sockets
from responder.runtime.warmup import warm
from responder.security import hasher
from responder.security.alert_priority import AlertPriority
from responder.senders.registry import open_senders
from responder.services.channels.message_worker import MessageWorker
from responder.settings import Settings
from responder.store.database import connect
from responder.store.incidents.ladder import LADDER_CHANNEL
from responder.store.incidents.queue_messages import MESSAGE_CHANNEL
from responder.store.install_state import read_install_state
from responder.store.road_cache import StoredRoads
from responder.store.wakeup import wakeups
from responder.terminal.database_url import database_at_hand
from responder.terminal.gc_freeze import loading
from responder.terminal.logs import log_as

if TYPE_CHECKING:
    from fastapi import FastAPI

_GRACE_S = 5
END_WITHIN_S: Final = 2.0
"""How long what runs beside may take to give its connections back, before they are closed."""
RECEIPTS_S: Final = 0.1
"""Most receipts of an alert are back by then; this process still gives way to those who take them."""
WORTH_COLLECTING: Final = 100
"""So many connections ended are looked through in tens of milliseconds; thousands in hundreds."""

_log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve pages and the interface until told to stop."""
    files = init_process("serve")
    with database_at_hand(settings) as url:
        with suppress(psycopg.OperationalError):
            # Requests wait for a database that is not there yet.
            if read_install_state(url, circle_name=demo_accounts().circle_name).has_circle:
                refuse_open_demo(settings)
        listening = inherited_sockets() or listening_sockets(settings.host, settings.port)
        asyncio.run(_serve(settings, url, listening=listening, files=files))


async def _serve(settings: Settings, url: str, *, listening: list[socket.socket], files: int) -> None:
    stored = connect(url)
    bus = NatsBus(settings.nats_url) if settings.nats_url else None
    database = stored if bus is None else announcing(stored, bus)
    roads = StoredRoads(stored)
    prepared = asyncio.Event()
    priority = AlertPriority(afterwards_s=RECEIPTS_S)

    @asynccontextmanager
    async def lifespan(_api: "FastAPI") -> AsyncIterator[None]:
        async with running(bus), open_senders(settings.allowed_hosts) as senders:
            worker = MessageWorker(database, senders, clock=SystemClock(), page_url=settings.page_url)
            beside = [
                warming,
                asyncio.create_task(
                    priority.give_way(
                        partial(hasher.signal_processes, signal.SIGSTOP),
                        partial(hasher.signal_processes, signal.SIGCONT),
                    )
                ),
                asyncio.create_task(keep_time(database, roads, clock=SystemClock(), priority=priority)),
                asyncio.create_task(keep_drills(database, roads, clock=SystemClock(), priority=priority)),
                asyncio.create_task(
                    keep_ladders(
                        database,
                        roads,
                        clock=SystemClock(),
                        wakeups=partial(wakeups, url, outage=stored.outage, channel=LADDER_CHANNEL),
                    )
                ),
                asyncio.create_task(keep_rosters(database, roads, clock=SystemClock())),
                asyncio.create_task(run_maintenance(database, clock=SystemClock())),
                asyncio.create_task(
                    worker.run(partial(wakeups, url, outage=stored.outage, channel=MESSAGE_CHANNEL))
                ),
            ]
            yield
            for task in beside:
                task.cancel()
            # They may have connections: disposed of before these are back, the pool would lose them open.
            await asyncio.wait(beside, timeout=END_WITHIN_S)
            hasher.shut_down()
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
            priority=priority,
        )
    server = Server(
        _configuration(settings, api), files=files, proxies=Proxies(settings.proxies), priority=priority
    )
    # Before the turn to serve, so that a spare process is ready when it comes.
    warming = asyncio.create_task(warm(stored, roads, prepared=prepared))
    turn = Turn()
    if turn.take() or await _wait_as_spare(turn, warming):
        gc_scheduler = GcScheduler(
            is_idle=lambda: priority.is_idle, closed=lambda: server.limiter.ended, worthwhile=WORTH_COLLECTING
        )
        collecting = asyncio.create_task(gc_scheduler.run())
        await server.serve(listening)
        collecting.cancel()
    else:
        warming.cancel()
        await asyncio.wait([warming], timeout=END_WITHIN_S)
        await stored.dispose()


async def _wait_as_spare(turn: Turn, warming: asyncio.Task[None]) -> bool:
    """Wait until this process may serve; return False when it is stopped before."""
    log_as("spare")
    warming.add_done_callback(lambda _: _log.info("spare_process_ready"))
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    waits = {asyncio.create_task(turn.wait()), asyncio.create_task(stop.wait())}
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in pending:
        each.cancel()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)
    if not stop.is_set():
        log_as("serve")
        _log.info("spare_process_serves")
    return not stop.is_set()


def _configuration(settings: Settings, api: "FastAPI") -> uvicorn.Config:
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
