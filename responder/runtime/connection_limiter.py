"""Time limits of HTTP connections that wait for their client, and which are dropped when files run out."""

from typing import Final, Protocol

from responder.live.connection.unauthenticated import AT_LEAST
from responder.runtime.address_queue import AddressQueue

CLIENT_LIMIT_S: Final = 8.0
"""
Longest time for a client to send a request or take an answer.

Checked every half second, with a second to read the refusal, a connection ends within 10 s.
"""
LOOK_EVERY_S: Final = 0.5
MIN_BYTES_PER_S: Final = 1024
"""A body or answer that moves at this rate has no time limit."""
TOGETHER: Final = 512
"""Above this number of waiting connections an address may hold only its equal share."""
OWN_FILES: Final = 128
"""Files other than connections: the database, modules, pipes, and a reserve."""
FILES_EACH: Final = 2
"""The connection, and the file that is sent as its answer."""


class Connection(Protocol):
    """A connection to an HTTP client."""

    def check(self, passed_s: float) -> None:
        """Add to the time that the client took, and drop the connection when it is over the limit."""

    def drop(self) -> None:
        """Cut the connection at once, without an answer."""


class ConnectionLimiter:
    """
    Keeps the connections in which the client has something to do: send a request, or take an answer.

    When an address has too many, the one that has waited longest is dropped for the next: a client that sends
    its request when it connects is served, even when it shares its address with a flood. An idle connection
    between two requests does not wait. When files run out one goes of the address that has most.

    Parameters
    ----------
    files
        How many files the process may have open.
    """

    def __init__(self, *, files: int) -> None:
        self._most = max(OWN_FILES, (files - OWN_FILES) // FILES_EACH)
        self._together = min(TOGETHER, self._most // 2)
        self._waiting: AddressQueue[Connection] = AddressQueue()
        self._idle: AddressQueue[Connection] = AddressQueue()
        self.ended = 0
        """How many connections have ended so far."""

    def make_room(self, connections: int) -> bool:
        """Drop a connection if there are too many, and tell whether there may be one more."""
        if connections < self._most:
            return True
        addresses = self._waiting.addresses | self._idle.addresses
        if not addresses:
            return False
        most = max(addresses, key=lambda each: self._waiting.count(each) + self._idle.count(each))
        self._drop(self._idle.first(most) or self._waiting.first(most))
        return True

    def wait(self, connection: Connection, address: str) -> None:
        """Have a connection wait for its client at `address`; it waits once, however often this is said."""
        if self._waiting.address(connection) == address:
            return
        self.forget(connection)
        while (oldest := self._waiting.first(address)) is not None and self._is_full(address):
            self._drop(oldest)
        self._waiting.add(connection, address)

    def rest(self, connection: Connection, address: str) -> None:
        """Note that a connection is idle between two requests."""
        self.forget(connection)
        self._idle.add(connection, address)

    def forget(self, connection: Connection) -> None:
        """Note that nothing is waited for: the answer is ours to give."""
        self._waiting.remove(connection)
        self._idle.remove(connection)

    def end(self, connection: Connection) -> None:
        """Note that a connection is gone."""
        self.forget(connection)
        self.ended += 1

    def check(self, passed_s: float) -> None:
        """Let each connection that waits cut itself when it has waited for too long."""
        for connection in self._waiting:
            connection.check(passed_s)

    def _is_full(self, address: str) -> bool:
        if len(self._waiting) < self._together:
            return False
        held = self._waiting.count(address)
        addresses = len(self._waiting.addresses) + (held == 0)
        return held >= max(AT_LEAST, self._together // addresses)

    def _drop(self, connection: Connection | None) -> None:
        if connection is not None:
            self.forget(connection)
            connection.drop()
