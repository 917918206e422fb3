"""One circle as this gateway serves it: its open sockets, and how far the log has been passed on."""

from collections.abc import Sequence

from responder.domain.ids import CircleId
from responder.live.member import Member
from responder.live.rendering import Rendering
from responder.live.unanswered import Unanswered
from responder.services.ports.incidents import AddressedEvent
from responder.services.ports.map import LogHead


class Channel:
    """
    The sockets of one circle.

    Whoever joins is put in before its snapshot is read, and holds back what comes meanwhile. So an event
    is in the snapshot, or held back, or both; `Member.cursor` takes out the doubles.
    """

    def __init__(self, circle_id: CircleId, head: LogHead, *, unanswered: Unanswered) -> None:
        self.circle_id = circle_id
        self.unanswered = unanswered
        self.epoch = head.epoch
        self.last_seq = head.seq
        """Number of the last event that was passed on."""
        self.members: set[Member] = set()
        self.dirty = False
        """Whether the log may have grown since it was last read."""

    def publish(
        self, events: Sequence[AddressedEvent], *, now: float
    ) -> list[tuple[AddressedEvent, list[Member]]]:
        """
        Send events that follow `last_seq` to everybody whose business they are. Never waits.

        Returns each event with those to whom it was handed.
        """
        handed_over = []
        for addressed in events:
            rendering = Rendering(addressed)
            self.last_seq = rendering.seq
            self.unanswered.follow(addressed.recorded.event, now=now)
            reached = [
                member
                for member in tuple(self.members)
                if member.take(rendering.seq, rendering.frame_for(member.viewer))
            ]
            handed_over.append((addressed, reached))
        return handed_over

    def disperse(self, code: int, reason: str) -> None:
        """Close every socket of the circle; the clients come back and start afresh."""
        for member in tuple(self.members):
            member.connection.close_soon(code, reason)
