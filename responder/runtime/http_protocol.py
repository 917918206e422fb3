"""HTTP/1.1 as uvicorn speaks it, with a limit on the time and the bytes that a client takes for a request."""

import asyncio
import fcntl
import struct
import termios
from typing import Any, Final

from starlette.responses import Response
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from responder.api.errors.problem import problem
from responder.api.errors.refusals import HeadTooLargeError, MalformedRequestError, RequestTimeoutError
from responder.domain.errors import ResponderError
from responder.live.connection.proxies import Proxies
from responder.runtime.connection_limiter import CLIENT_LIMIT_S, MIN_BYTES_PER_S, ConnectionLimiter
from responder.runtime.lingering import LingeringTransport

HEAD_BYTES: Final = 64 * 1024
"""Most bytes of a request that are not its body, and besides, `PER_BODY_BYTE` for each byte of the body."""
PER_BODY_BYTE: Final = 8
"""A body in chunks of one byte has five bytes around each."""
EARLY_BYTES: Final = 16 * 1024
"""The application begins when a request is complete, or has so much of a body."""


class TimedHttpProtocol(HttpToolsProtocol):
    """
    uvicorn's protocol, with limits; by itself it waits for good for a request, or for an answer to be taken.

    Written for uvicorn 0.54: uses its `flow`, `cycle`, `pipeline` and `timeout_keep_alive_task`. To be
    deleted when uvicorn has limits of this kind.

    Parameters
    ----------
    received
        What was read from the connection already.
    """

    def __init__(
        self,
        received: bytes = b"",
        *,
        limiter: ConnectionLimiter,
        proxies: Proxies,
        **options: Any,  # noqa: ANN401 - uvicorn's own
    ) -> None:
        super().__init__(**options)
        self._received = received
        self._limiter = limiter
        self._proxies = proxies
        self._peer = ""
        self._is_complete = False
        """Whether the last request came to its end, and nothing of another has come."""
        self._is_dropped = False
        self._is_silent = True
        self._waits = False
        self._waited_s = 0.0
        """For how long nothing moved that should: each `MIN_BYTES_PER_S` that move take a second off."""
        self._moved_bytes = 0
        self._unsent_bytes = 0
        """How much of an answer was not taken at the last look."""
        self._overhead_bytes = 0
        self._held: tuple[RequestResponseCycle, ASGI3Application] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, if there is room for one more connection."""
        self._closing = LingeringTransport(transport, may_send=self._may_send)
        super().connection_made(self._closing)
        self._peer = self.client[0] if self.client else ""
        # Counted already.
        if not self._limiter.make_room(len(self.connections) - 1):
            self.drop()
        elif self._received:
            received, self._received = self._received, b""
            self.data_received(received)
        else:
            self._update()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._is_dropped = True
        self._limiter.end(self)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        if self._is_dropped or self._closing.lingers:
            return
        if self.cycle is None or self.cycle.response_complete:
            # Also of what is no request yet, such as empty lines: uvicorn stops its own clock for these.
            self._is_complete = False
        self._is_silent = False
        self._overhead_bytes += len(data)
        super().data_received(data)
        if self._overhead_bytes > HEAD_BYTES:
            self._refuse(HeadTooLargeError(limit_bytes=HEAD_BYTES))
        self._update()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._is_complete = False

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._moved_bytes += len(body)
        self._overhead_bytes -= (1 + PER_BODY_BYTE) * len(body)
        super().on_body(body)
        if len(self.cycle.body) >= EARLY_BYTES:
            self._start_held()

    def on_message_complete(self) -> None:
        """End a request."""
        self._is_complete = True
        self._overhead_bytes = 0
        super().on_message_complete()
        self._start_held()

    def shutdown(self) -> None:
        """Begin to stop: the application says so to a request that it did not have yet."""
        super().shutdown()
        self._start_held()

    def on_response_complete(self) -> None:
        """Rest until the next request, or wait until the answer is taken."""
        super().on_response_complete()
        self._update()

    def pause_writing(self) -> None:
        """Wait until the client has taken more of an answer."""
        super().pause_writing()
        self._update()

    def resume_writing(self) -> None:
        """Go on with an answer."""
        super().resume_writing()
        self._update()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was idle for long; what is left of the last answer has its time."""
        super().timeout_keep_alive_handler()
        self._update()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is not HTTP."""
        self._refuse(MalformedRequestError(msg))

    def check(self, passed_s: float) -> None:
        """Add to the time that the client took, and drop the connection when it is over the limit."""
        if not self._is_writing and (self.flow.read_paused or self._holds_back):
            # The application has something else to do before it takes more.
            return
        unsent_bytes = _unsent_bytes(self.transport)
        moved_bytes = self._moved_bytes + max(0, self._unsent_bytes - unsent_bytes)
        self._moved_bytes, self._unsent_bytes = 0, unsent_bytes
        self._waited_s = max(0.0, self._waited_s + passed_s - moved_bytes / MIN_BYTES_PER_S)
        if self._waited_s <= CLIENT_LIMIT_S:
            return
        if self._is_writing or self._is_silent:
            # A browser that opens a connection before it needs one does not expect an answer.
            self.drop()
        else:
            self._refuse(RequestTimeoutError(limit_s=CLIENT_LIMIT_S))

    def drop(self) -> None:
        """Cut the connection at once, without an answer."""
        self._is_dropped = True
        self.transport.abort()

    @property
    def _is_writing(self) -> bool:
        return self.flow.write_paused or self.transport.is_closing()

    @property
    def _holds_back(self) -> bool:
        """Whether the client waits to be told that it may send the body."""
        return self.cycle is not None and self.cycle.waiting_for_100_continue

    @property
    def _address(self) -> str:
        """Where the client is: by the word of a trusted proxy, as soon as there is a whole head."""
        if self.cycle is None or self.cycle.response_complete or not self._proxies.trusts(self._peer):
            return self._peer
        forwarded = [value.decode("latin-1") for name, value in self.headers if name == b"x-forwarded-for"]
        return self._proxies.client(self._peer, forwarded)

    def _update(self) -> None:
        """Tell the limiter whose turn it is: the client's, the application's or no one's."""
        if self._is_dropped:
            return
        if self.transport.is_closing():
            waits = self._closing.lingers or self.transport.get_write_buffer_size() > 0
        else:
            waits = self.flow.write_paused or not self._is_complete
        if waits:
            if not self._waits:
                self._waited_s = 0.0
                self._moved_bytes = 0
                self._unsent_bytes = _unsent_bytes(self.transport)
            self._limiter.wait(self, self._address)
        elif self.timeout_keep_alive_task is not None:
            self._limiter.rest(self, self._address)
        else:
            self._limiter.forget(self)
        self._waits = waits

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if cycle.more_body and not cycle.waiting_for_100_continue:
            # An unfinished request costs the application nothing.
            self._held = cycle, app
        else:
            super()._start_asgi_task(cycle, app)

    def _start_held(self) -> None:
        held, self._held = self._held, None
        if held is not None and not held[0].disconnected:
            super()._start_asgi_task(*held)

    def _may_send(self) -> bool:
        """Tell whether the client has begun a request and is not known to be at its end."""
        return not self._is_complete and not self._is_silent

    def _refuse(self, error: ResponderError) -> None:
        """Answer a request that the application has not answered, and close the connection."""
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started or self.pipeline:
                self.drop()
                return
            # The application hears that the client is gone; its answer is not sent.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        answer = problem(error, headers={"Connection": "close", "X-Content-Type-Options": "nosniff"})
        self.transport.write(_bytes_of(answer, [*self.server_state.default_headers, *answer.raw_headers]))
        self.transport.close()
        self._update()


def _unsent_bytes(transport: asyncio.Transport) -> int:
    """Return how much was written that the client has not acknowledged: here, and in the kernel."""
    found = transport.get_extra_info("socket")
    queued = fcntl.ioctl(found.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    (in_kernel,) = struct.unpack("i", queued)
    return transport.get_write_buffer_size() + int(in_kernel)


def _bytes_of(answer: Response, headers: list[tuple[bytes, bytes]]) -> bytes:
    lines = [name + b": " + value + b"\r\n" for name, value in headers]
    return b"".join([STATUS_LINE[answer.status_code], *lines, b"\r\n", bytes(answer.body)])
