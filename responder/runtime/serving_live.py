"""The process that serves sockets."""

import asyncio
import signal

from responder.app import build_live
from responder.live.gateway import serve as serve_gateway
from responder.live.sync.bus import NatsBus, announcing, running
from responder.ports.clock import SystemClock
from responder.runtime.foreground import init_process
from responder.settings import Settings
from responder.store.database import connect
from responder.store.wakeup import wakeups
from responder.terminal.database_url import database_at_hand
from responder.terminal.gc_freeze import loading

IDLE_IN_TRANSACTION_MS = 5000
"""A gateway that stands still, frozen or stopped, keeps the lock of a circle's log no longer than this."""


def live(settings: Settings) -> None:
    """Serve sockets until told to stop."""
    init_process("live")
    with database_at_hand(settings) as url:
        asyncio.run(_live(settings, url))


async def _live(settings: Settings, url: str) -> None:
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    database = connect(url, idle_in_transaction_ms=IDLE_IN_TRANSACTION_MS)
    bus = NatsBus(settings.nats_url) if settings.nats_url else None
    async with running(bus):
        with loading():
            gateway = build_live(
                settings,
                database=database if bus is None else announcing(database, bus),
                clock=SystemClock(),
                wakeups=(lambda: wakeups(url, outage=database.outage)) if bus is None else bus.wakeups,
                positions=bus,
            )
        try:
            await serve_gateway(gateway, host=settings.gateway_host, port=settings.live_port, stop=stop)
        finally:
            await database.dispose()
