"""One circle as this gateway serves it: its open sockets, and how far the log has been passed on."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.incidents.event import DeliveriesUpdated, Event, RecordedEvent
from responder.domain.people.access import Audience
from responder.live.circle.audience import CROWD
from responder.live.circle.fan_out import send_all
from responder.live.circle.pending_calls import PendingDeliveries
from responder.live.circle.read_model import CircleReadModel
from responder.live.circle.rendering import EncodedEvent
from responder.live.circle.session import ClientSession
from responder.live.circle.session_index import SessionIndex
from responder.ports.incidents import AddressedEvent, CircleHead
from responder.ports.map import LogHead

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
        # What was stored here has been passed on while the log was read.
        return [
            (addressed, self._publish(addressed, now=now))
            for addressed in events
            if addressed.recorded.seq > self.last_seq
        ]

    def publish_stored(
        self,
        after: LogHead,
        events: Sequence[RecordedEvent],
        answers: Mapping[ClientSession, bytes],
        *,
        now: float,
    ) -> list[tuple[AddressedEvent, list[ClientSession]]]:
        """
        Answer devices whose receipts were stored, and send what was recorded with it in the same writes.

        It is sent without being read from the log when it follows what was passed on last, and concerns few
        besides those who are answered; otherwise the devices are answered only.
        """
        concerned = [self._audience_of(recorded.event) for recorded in events]
        crowds = [each for each in concerned if each is not None and len(each.recipient_ids) > CROWD]
        if not events or len(crowds) < len(events) or LogPosition(*after[:3]) != self.position:
            send_all(answers)
            return []
        left = dict(answers)
        published = []
        for recorded, audience in zip(events, crowds, strict=True):
            addressed = AddressedEvent(recorded, audience)
            published.append((addressed, self._publish(addressed, now=now, answers=left)))
        send_all(left)
        return published

    def _audience_of(self, event: Event) -> Audience | None:
        incident_id = event.incident_id if isinstance(event, DeliveriesUpdated) else None
        return None if incident_id is None else self.read_model.audience(incident_id)

    def _publish(
        self, addressed: AddressedEvent, *, now: float, answers: dict[ClientSession, bytes] | None = None
    ) -> list[ClientSession]:
        """Send an event, to each with the answer that waits for them; it waits no more then."""
        rendering = EncodedEvent(addressed)
        self.last_seq, self.last_event_id = rendering.seq, rendering.event_id
        self._recent.append(rendering)
        due = {
            session: frame
            for session in self.sessions.candidates(addressed)
            if (frame := session.due(rendering.seq, rendering.frame_for(session.viewer))) is not None
        }
        reached = list(due)
        if answers:
            due = {session: answers.pop(session, b"") + frame for session, frame in due.items()}
        send_all(due)
        # While the clients read, what follows is done.
        self.read_model.apply(addressed.recorded)
        self.pending.apply(addressed.recorded.event, now=now)
        return reached

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
