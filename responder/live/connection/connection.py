"""One client's socket: the library's connection, with an outbox and without waiting."""

import asyncio
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import Server, ServerConnection
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Event
from websockets.server import ServerProtocol

from responder.live.connection.outbox import Outbox
from responder.live.connection.unauthenticated import Slot

if TYPE_CHECKING:
    from collections.abc import Callable

CLOSE_GRACE_S = 2.0
"""How long a client may take to answer a close before its socket is cut."""

_PING = bytes(Frame(Opcode.PING, b"").serialize(mask=False))


class LiveConnection(ServerConnection):
    """
    A client's socket.

    The library's keepalive is a task per connection, and both it and `close()` wait for the send buffer:
    with a client that has stopped reading they wait for good. So pings are written by one sweep over all
    connections, anything heard counts as life, and closing ends in cutting the socket.
    """

    def __init__(self, protocol: ServerProtocol, server: Server, **options: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(protocol, server, **options)
        self.last_heard = self.loop.time()
        self.descriptor = -1
        self.outbox: Outbox | None = None
        self.slot = Slot()
        """Held until the client has authenticated."""
        self.on_text: Callable[[str], None] | None = None
        """Called with each message as it arrives, without waking a task; must not wait."""

    @property
    def is_open(self) -> bool:
        """False as soon as a close has been sent or received."""
        return self.protocol.state is OPEN

    @property
    def is_busy(self) -> bool:
        """True while the transport's buffer is over its high-water mark."""
        return self.paused

    @property
    def is_clear(self) -> bool:
        """True while what is written goes straight into the socket."""
        return self.is_open and not self.transport.get_write_buffer_size()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note which file descriptor the socket has."""
        super().connection_made(transport)
        self.descriptor = transport.get_extra_info("socket").fileno()

    def write(self, frame: bytes) -> None:
        """Hand a finished frame to the transport, unless a close has begun: then the client reads no more."""
        if self.is_open:
            self.transport.write(frame)

    def write_ping(self) -> None:
        """Write a ping, unless the link is busy: a client that reads nothing is found by its silence."""
        if self.is_open and not self.is_busy:
            self.transport.write(_PING)

    def close_soon(self, code: int, reason: str) -> None:
        """Send a close, and cut the socket when no answer has come in `CLOSE_GRACE_S`. Never waits."""
        if not self.is_open:
            return
        self.protocol.send_close(code, reason)
        try:
            self.send_data()
        finally:
            self.loop.call_later(CLOSE_GRACE_S, self.cut)

    def cut(self) -> None:
        """Drop the socket with whatever is in its buffers."""
        if not self.connection_lost_waiter.done():
            self.transport.abort()

    def process_event(self, event: Event) -> None:
        """Count any event as a sign of life, and deliver a whole message at once."""
        self.last_heard = self.loop.time()
        text = _whole_text(event) if self.on_text is not None else None
        if text is None or self.on_text is None:
            super().process_event(event)
        else:
            self.on_text(text)

    def resume_writing(self) -> None:
        """Write on from the outbox."""
        super().resume_writing()
        if self.outbox is not None:
            self.outbox.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a place as wasted that it still had."""
        super().connection_lost(exc)
        self.slot.release_later()


def _whole_text(event: Event) -> str | None:
    """Return the text of a message in one frame; None of anything else, and of what the library refuses."""
    if not isinstance(event, Frame) or event.opcode is not Opcode.TEXT or not event.fin:
        return None
    try:
        return str(event.data, "utf-8")
    except UnicodeDecodeError:
        return None


def address_of(connection: ServerConnection) -> str:
    """Return the network address of the other end."""
    peer = connection.remote_address
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
