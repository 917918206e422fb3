"""
Builds of the product with one promise broken, to show that the rig would notice.

    python -m tests.faults.rig.sabotaged SABOTAGE live|serve
"""

# ruff: noqa: SLF001 - what is broken is inside

import asyncio
import sys
from collections.abc import Callable

from responder.cli import main
from responder.domain.people.access import Audience
from responder.live.circle import fan_out
from responder.live.circle.channel import Channel
from responder.live.circle.read_model import CircleReadModel
from responder.live.circle.session_index import SessionIndex
from responder.live.connection.connection import LiveConnection
from responder.live.connection.outbox import Outbox
from responder.live.sync.admit import Handshake
from responder.live.sync.relay import Relay
from responder.live.sync.reminders import Reminders
from responder.live.sync.revocation import RevocationMonitor
from responder.services.incidents import raise_alert
from responder.store.incidents.idempotency import PostgresIdempotencyKeys


def no_replay() -> None:
    """Tell the connected only: no incidents in snapshots, no missed events, no reminders."""
    look = CircleReadModel.__init__

    def empty(self: CircleReadModel, *args: object, **more: object) -> None:
        look(self, *args, **more)  # type: ignore[arg-type]
        self._incidents.clear()

    async def nothing_missed(self: Handshake, *_: object, **__: object) -> tuple[list[object], int]:
        [channel] = self._hub.channels
        return [], channel.last_seq

    CircleReadModel.__init__ = empty  # type: ignore[method-assign]
    Channel.since = lambda _self, _epoch, _seq, _event_id: []  # type: ignore[method-assign,assignment]
    Handshake._look_up = nothing_missed  # type: ignore[method-assign,assignment]
    Reminders._send = lambda *_: None  # type: ignore[method-assign]


def naive_broadcast() -> None:
    """Send to one client after the other, and wait for each."""
    honest_send = Outbox.send
    collected: list[tuple[LiveConnection, bytes]] = []
    collecting = False

    def send(self: Outbox, frame: bytes) -> None:
        if collecting:
            collected.append((self._link, frame))  # type: ignore[arg-type]
        else:
            honest_send(self, frame)

    async def one_after_the_other(self: Relay, channel: Channel) -> None:
        nonlocal collecting
        try:
            while channel.dirty:
                channel.dirty = False
                events = await self._events_after(channel)
                collecting = True
                channel.publish(events or (), now=0.0)
                collecting = False
                while collected:
                    connection, frame = collected.pop(0)
                    if connection.is_open:
                        connection.write(frame)
                        await connection.drain()
        finally:
            del self._reading[channel]

    fan_out.MANY = sys.maxsize
    Outbox.send = send  # type: ignore[method-assign]
    Relay._read_on = one_after_the_other  # type: ignore[method-assign]


def no_poll() -> None:
    """Trust that every wake-up arrives."""

    async def never(self: Relay) -> None:
        self.database_answers = True
        await asyncio.Event().wait()

    Relay.poll = never  # type: ignore[method-assign]


def no_permission_check() -> None:
    """Send everything to all."""
    Audience.includes = lambda _self, _viewer: True  # type: ignore[method-assign,assignment]
    SessionIndex.candidates = lambda self, _addressed: tuple(self)  # type: ignore[method-assign,assignment]


def no_session_check() -> None:
    """Trust that a session stays valid."""

    async def content(_self: RevocationMonitor) -> None:
        return

    RevocationMonitor.check = content  # type: ignore[method-assign,assignment]


def no_delivery_rows() -> None:
    """Raise alerts without writing down who was called."""

    # The table and the log, from which gateways take who is called.
    raise_alert.call = lambda *_, **__: ()  # type: ignore[attr-defined]


def no_idempotency() -> None:
    """Take every request for a new one."""

    async def never(*_: object, **__: object) -> None:
        return

    # The question whether it is the same would catch some of them.
    raise_alert.ask_about_similar = never  # type: ignore[attr-defined]
    PostgresIdempotencyKeys.find = never  # type: ignore[method-assign]
    PostgresIdempotencyKeys.add = never  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        no_replay,
        naive_broadcast,
        no_poll,
        no_permission_check,
        no_session_check,
        no_delivery_rows,
        no_idempotency,
    )
}

if __name__ == "__main__":
    SABOTAGES[sys.argv.pop(1)]()
    main()
