"""What the stand-ins took, and how often they take something."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from responder.domain.channels.contact import ContactChannel

MOST_KEPT: Final = 1000


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMessage:
    """One message that a stand-in took."""

    channel: ContactChannel
    to: str
    text: str
    """All that a person would read or hear."""
    at: datetime
    raw: Mapping[str, Any] = field(default_factory=dict)
    """What else came with it."""


class ServiceInbox:
    """Messages that the stand-ins took, the newest last."""

    def __init__(self, *, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self.messages: deque[TakenMessage] = deque(maxlen=MOST_KEPT)

    @property
    def now(self) -> datetime:
        return self._now()

    def take(self, channel: ContactChannel, to: str, text: str, raw: Mapping[str, Any] | None = None) -> int:
        """Keep one message and return its number."""
        self.messages.append(TakenMessage(channel=channel, to=to, text=text, at=self.now, raw=raw or {}))
        return len(self.messages)


class Budget:
    """So many messages in any minute; after one too many none for a while."""

    def __init__(self, inbox: ServiceInbox, *, per_minute: int, blocked_s: float = 0.0) -> None:
        self._inbox = inbox
        self._per_minute = per_minute
        self._blocked_s = blocked_s
        self._taken: deque[datetime] = deque()
        self._blocked_until = datetime.min.replace(tzinfo=UTC)

    def allows(self) -> bool:
        """Count one message; False when it is one too many."""
        now = self._inbox.now
        while self._taken and self._taken[0] <= now - timedelta(minutes=1):
            self._taken.popleft()
        if now < self._blocked_until:
            return False
        if len(self._taken) >= self._per_minute:
            self._blocked_until = now + timedelta(seconds=self._blocked_s)
            return False
        self._taken.append(now)
        return True
