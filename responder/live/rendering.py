"""Events as frames: encoded once for everybody who is shown the same."""

from collections.abc import Callable

from responder.domain.access import Viewer
from responder.live.messages import EventMessage
from responder.live.wire import encode
from responder.services.ports.incidents import AddressedEvent


class Rendering:
    """One event on its way to many clients."""

    __slots__ = ("_addressed", "_frame")

    def __init__(self, addressed: AddressedEvent) -> None:
        self._addressed = addressed
        self._frame: bytes | None = None

    @property
    def seq(self) -> int:
        """The event's number in the log of its circle."""
        return self._addressed.recorded.seq

    def frame_for(self, viewer: Viewer) -> bytes | None:
        """Return what the viewer is sent of the event; None when it is not the viewer's business."""
        audience = self._addressed.audience
        if audience is not None and not audience.includes(viewer):
            return None
        if self._frame is None:
            recorded = self._addressed.recorded
            self._frame = encode(EventMessage(seq=recorded.seq, at=recorded.at, event=recorded.event))
        return self._frame


Render = Callable[[AddressedEvent], Rendering]
