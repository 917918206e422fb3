"""Time limits of HTTP connections that wait for their client, and which are dropped when files run out."""

from collections import Counter
from typing import Final, Protocol

CLIENT_LIMIT_S: Final = 8.0
"""
Longest time for a client to send a request or take an answer.

Checked every half second, with a second to read the refusal, a connection ends within 10 s.
"""
LOOK_EVERY_S: Final = 0.5
MIN_BYTES_PER_S: Final = 1024
"""A body or answer that moves at this rate has no time limit."""
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

    An idle connection between two requests does not wait. When files run out the address that has most loses
    an idle one, or the one that has waited longest: a client that sends its request when it connects is
    served, even when it shares its address with a flood.

    Parameters
    ----------
    files
        How many files the process may have open.
    """

    def __init__(self, *, files: int) -> None:
        self._most = max(OWN_FILES, (files - OWN_FILES) // FILES_EACH)
        self._idle: dict[Connection, str] = {}
        self._waiting: dict[Connection, str] = {}
        """The address of each, in the order in which they began to be so."""
        self.ended = 0
        """How many connections have ended so far."""

    def make_room(self, connections: int) -> bool:
        """Drop a connection if there are too many, and tell whether there may be one more."""
        if connections < self._most:
            return True
        both = [*self._idle.items(), *self._waiting.items()]
        if not both:
            return False
        [(most, _)] = Counter(address for _, address in both).most_common(1)
        found = next(connection for connection, address in both if address == most)
        self.forget(found)
        found.drop()
        return True

    def wait(self, connection: Connection, address: str) -> None:
        """Have a connection wait for its client at `address`; it waits once, however often this is said."""
        self._idle.pop(connection, None)
        self._waiting[connection] = address

    def rest(self, connection: Connection, address: str) -> None:
        """Note that a connection is idle between two requests."""
        self.forget(connection)
        self._idle[connection] = address

    def forget(self, connection: Connection) -> None:
        """Note that nothing is waited for: the answer is ours to give."""
        self._idle.pop(connection, None)
        self._waiting.pop(connection, None)

    def end(self, connection: Connection) -> None:
        """Note that a connection is gone."""
        self.forget(connection)
        self.ended += 1

    def check(self, passed_s: float) -> None:
        """Let each connection that waits cut itself when it has waited for too long."""
        for connection in tuple(self._waiting):
            connection.check(passed_s)
