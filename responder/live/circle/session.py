"""One client after its hello: identity, position in the log, and frames on the way to it."""

from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.event import Event
from responder.domain.people.access import Viewer
from responder.live.connection.connection import LiveConnection
from responder.live.connection.outbox import Outbox
from responder.ports.incidents import Call


class ClientSession:
    """
    A client in the channel of its circle.

    Until `go_live` events are held back: the client is just being told everything up to some number, and what
    comes after that number must follow it, once.
    """

    __slots__ = (
        "_held",
        "connection",
        "cursor",
        "device",
        "outbox",
        "replayed",
        "resumed",
        "session_hash",
        "snapshot_deliveries",
        "unanswered",
        "unconfirmed",
        "viewer",
    )

    def __init__(
        self, connection: LiveConnection, outbox: Outbox, *, viewer: Viewer, session_hash: str, device: str
    ) -> None:
        self.connection = connection
        self.outbox = outbox
        self.viewer = viewer
        self.session_hash = session_hash
        self.device = device
        self.cursor = 0
        """Number of the last event that the client has, or that does not concern it."""
        self.resumed = False
        """True when the client had a snapshot already and was sent the events it missed."""
        self.unconfirmed: tuple[Call, ...] = ()
        """Calls to the client's people that had no receipt when it was let in, the newest first."""
        self.snapshot_deliveries: tuple[Delivery, ...] = ()
        """Deliveries in what the client was sent before going live."""
        self.replayed: tuple[Event, ...] = ()
        """Events that the client was sent before going live."""
        self.unanswered = 0
        """Messages of the client that have not been acted upon yet."""
        self._held: list[tuple[int, bytes | None]] | None = []

    @property
    def is_live(self) -> bool:
        """True once the client has its snapshot, or the events it missed."""
        return self._held is None

    def due(self, seq: int, frame: bytes | None) -> bytes | None:
        """
        Return the frame of event number `seq` if it is to be sent now: the client counts as having it then.

        It is not when the client has it already, or does not go live yet: then it is held back. A frame of
        None does not concern the client.
        """
        if self._held is not None:
            self._held.append((seq, frame))
            return None
        if seq <= self.cursor:
            return None
        self.cursor = seq
        return frame

    def take_held(self) -> list[tuple[int, bytes]]:
        """Return what has been held back so far and concerns the client, and hold back what comes next."""
        held, self._held = self._held or [], []
        return [(seq, frame) for seq, frame in held if frame is not None]

    def go_live(self, seq: int) -> None:
        """Send what was held back after event number `seq`, which the client has now."""
        held, self._held = self._held or [], None
        self.cursor = seq
        for held_seq, frame in held:
            due = self.due(held_seq, frame)
            if due is not None:
                self.outbox.send(due)
