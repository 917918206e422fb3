"""One circle as this gateway serves it: its open sockets, and how far the log has been passed on."""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.incidents.event import Event
from responder.live.circle.fan_out import send_all
from responder.live.circle.pending_calls import PendingDeliveries
from responder.live.circle.read_model import CircleReadModel
from responder.live.circle.rendering import EncodedEvent
from responder.live.circle.session import ClientSession
from responder.live.circle.session_index import SessionIndex
from responder.ports.incidents import AddressedEvent, CircleHead

RECENT = 256
"""Events that are kept at hand for those who come back."""


class LogPosition(NamedTuple):
    """How far a log has been read."""

    epoch: str
    seq: int
    event_id: UUID | None

    def can_be_in(self, head: CircleHead) -> bool:
        """
        Tell whether the log that stands at `head`, read later, can have this position.

        When that log goes on, only reading on in it tells.
        """
        if head.epoch != self.epoch or head.seq < self.seq:
            return False
        return head.seq > self.seq or head.event_id == self.event_id


class Channel:
    """
    The sockets of one circle.

    A client joins before its snapshot is read, and holds back events that come before that. So an event
    is in the snapshot, or held back, or both; `ClientSession.cursor` takes out the doubles.
    """

    def __init__(
        self,
        circle_id: CircleId,
        read_model: CircleReadModel,
        *,
        recent: Iterable[AddressedEvent],
        now: float,
        at: datetime,
    ) -> None:
        self.circle_id = circle_id
        self.read_model = read_model
        self.epoch = read_model.epoch
        self.last_seq = read_model.seq
        """Number of the last event that was passed on."""
        self.last_event_id = read_model.event_id
        """Its id; None before the first."""
        self.pending = PendingDeliveries(read_model.incidents, now=now, at=at)
        self.sessions = SessionIndex()
        self.idle_since = now
        self.dirty = False
        """Whether the log may have grown since it was last read."""
        self.loaded_at = now
        """When the read model was last loaded from the database."""
        self.membership_version: int | None = None
        """The circle's `membership_version` at the last check of its sessions."""
        self._recent = deque(map(EncodedEvent, recent), maxlen=RECENT)

    @property
    def position(self) -> LogPosition:
        """How far the log has been passed on."""
        return LogPosition(self.epoch, self.last_seq, self.last_event_id)

    def publish(
        self, events: Sequence[AddressedEvent], *, now: float
    ) -> list[tuple[AddressedEvent, list[ClientSession]]]:
        """
        Send events that follow `last_seq` to all whom they concern. Never waits.

        Returns each event with those to whom it was handed.
        """
        return [(addressed, self._publish(addressed, now=now)) for addressed in events]

    def _publish(self, addressed: AddressedEvent, *, now: float) -> list[ClientSession]:
        rendering = EncodedEvent(addressed)
        self.last_seq, self.last_event_id = rendering.seq, rendering.event_id
        self._recent.append(rendering)
        due = {
            session: frame
            for session in self.sessions.candidates(addressed)
            if (frame := session.due(rendering.seq, rendering.frame_for(session.viewer))) is not None
        }
        send_all(due)
        # While the clients read, what follows is done.
        self.read_model.apply(addressed.recorded)
        self.pending.apply(addressed.recorded.event, now=now)
        return list(due)

    def since(self, epoch: str, seq: int, event_id: UUID | None) -> list[EncodedEvent] | None:
        """Return the events after `event_id` that were passed on; None when it is not at hand at `seq`."""
        if epoch != self.epoch:
            return None
        if (seq, event_id) == (self.last_seq, self.last_event_id):
            return []
        if not any((each.seq, each.event_id) == (seq, event_id) for each in self._recent):
            return None
        return [each for each in self._recent if each.seq > seq]

    def recent(self, seqs: Collection[int]) -> list[Event]:
        """Return those of the events with these numbers that are at hand."""
        return [each.event for each in self._recent if each.seq in seqs]

    def disconnect_all(self, code: int, reason: str) -> None:
        """Close every socket of the circle; the clients come back and start afresh."""
        for session in self.sessions:
            session.connection.close_soon(code, reason)
