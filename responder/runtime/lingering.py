"""Close a connection so that the answer arrives although the client still sends."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

LINGER_S: Final = 1.0
"""For so long what comes after the answer is thrown away; then the connection is closed."""


class LingeringTransport(asyncio.Transport):
    """
    A transport that ends its own side first, as RFC 9112 section 9.6 has it.

    The system answers what comes for a closed socket by a reset, and at that the client may lose an answer
    that it has not read.

    Parameters
    ----------
    may_send
        Tells whether the client may still be sending.
    """

    def __init__(self, transport: asyncio.Transport, *, may_send: Callable[[], bool]) -> None:
        super().__init__()
        self._transport = transport
        self._may_send = may_send
        self.lingers = False
        """What is received now is of no use."""

    def close(self) -> None:
        """Write what is left, then close; at once, or when the client has had time to read."""
        if self.is_closing():
            return
        if not self._may_send():
            self._transport.close()
            return
        self.lingers = True
        self._transport.write_eof()
        self._transport.resume_reading()
        asyncio.get_running_loop().call_later(LINGER_S, self._transport.close)

    def is_closing(self) -> bool:
        """Tell whether nothing more is written."""
        return self.lingers or self._transport.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write, unless it is too late."""
        if not self.lingers:
            self._transport.write(data)

    def abort(self) -> None:
        """Close at once; what is left is not written."""
        self._transport.abort()

    def pause_reading(self) -> None:
        """Receive nothing for the time being."""
        if not self.lingers:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Receive again."""
        self._transport.resume_reading()

    def get_write_buffer_size(self) -> int:
        """Return how many bytes are left to be written."""
        return self._transport.get_write_buffer_size()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as the library has it
        """Return what the transport knows."""
        return self._transport.get_extra_info(name, default)
