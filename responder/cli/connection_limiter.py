"""Which HTTP connections wait for their client, for how long they may, and which go when there is no room."""

from dataclasses import dataclass
from typing import Final, Protocol

from responder.live.strangers import Place, Strangers

CLIENT_LIMIT_S: Final = 9.0
"""Most time for a request to be sent, or an answer to be taken; with a look every half second, under 10 s."""
LOOK_EVERY_S: Final = 0.5
MIN_BYTES_PER_S: Final = 1024
"""A body that comes, or an answer that is taken, at this pace may go on for as long as it does."""
TOGETHER: Final = 512
"""When all addresses have so many waiting connections, one may have no more than its equal share."""
OWN_FILES: Final = 128
"""Files of the process that are no connections: the database, modules, pipes, and some to spare."""


class Connection(Protocol):
    """A connection to an HTTP client."""

    def look(self, passed_s: float) -> None:
        """Count that the client was waited for, and cut the connection when it was for too long."""

    def drop(self) -> None:
        """Cut the connection at once, without an answer."""


@dataclass(frozen=True, slots=True)
class _Slot:
    address: str
    place: Place


class ConnectionLimiter:
    """
    Keeps the connections in which the client has something to do: send a request, or take an answer.

    When an address has too many, the one that has waited longest is dropped for the next: a client that sends
    its request when it connects is served, even when it shares its address with a flood. An idle connection
    between two requests does not wait; it only goes first when files run out.

    Parameters
    ----------
    files
        How many files the process may have open.
    """

    def __init__(self, *, files: int) -> None:
        self._most = max(OWN_FILES, files - OWN_FILES)
        together = min(TOGETHER, self._most // 2)
        self._strangers = Strangers(per_address=together, together=together, wasted_s=0)
        self._slots: dict[Connection, _Slot] = {}
        self._waiting: dict[str, dict[Connection, None]] = {}
        """By address, the longest wait first."""
        self._idle: dict[Connection, None] = {}
        """The longest idle first."""

    def make_room(self, connections: int) -> bool:
        """Drop a connection if there are too many, and tell whether there may be one more."""
        if connections < self._most:
            return True
        if self._idle:
            self._drop(next(iter(self._idle)))
            return True
        if self._waiting:
            self._drop_oldest(max(self._waiting, key=lambda address: len(self._waiting[address])))
            return True
        return False

    def wait(self, connection: Connection, address: str) -> None:
        """Have a connection wait for its client at `address`; it waits once, however often this is said."""
        self._idle.pop(connection, None)
        slot = self._slots.get(connection)
        if slot is not None and slot.address == address:
            return
        self._leave(connection)
        while (place := self._strangers.enter(address)) is None:
            self._drop_oldest(address)
        self._slots[connection] = _Slot(address, place)
        self._waiting.setdefault(address, {})[connection] = None

    def serve(self, connection: Connection) -> None:
        """Note that a request is complete, and its answer is ours to give."""
        self._idle.pop(connection, None)
        self._leave(connection)

    def rest(self, connection: Connection) -> None:
        """Note that a connection is idle between two requests."""
        self._leave(connection)
        self._idle[connection] = None

    forget = serve
    """Note that a connection is gone."""

    def look(self, passed_s: float) -> None:
        """Let each connection that waits cut itself when it has waited for too long."""
        for connection in tuple(self._slots):
            connection.look(passed_s)

    def _drop_oldest(self, address: str) -> None:
        self._drop(next(iter(self._waiting[address])))

    def _drop(self, connection: Connection) -> None:
        self.forget(connection)
        connection.drop()

    def _leave(self, connection: Connection) -> None:
        slot = self._slots.pop(connection, None)
        if slot is not None:
            slot.place.leave()
            del self._waiting[slot.address][connection]
            if not self._waiting[slot.address]:
                del self._waiting[slot.address]
