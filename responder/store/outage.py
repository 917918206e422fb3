"""Report once that the database is away, and once that it is back, however many requests fail."""

import logging
import time

from responder.store.faults import first_line

_log = logging.getLogger(__name__)


BELIEVED_AFTER_S = 0.5
"""Connections that have not noticed yet still answer: what ends an outage comes so long after a failure."""


class Outage:
    """Whether the database is away, as far as one process has seen."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._last_s = 0.0

    def record_failure(self, error: BaseException) -> None:
        """Take note that the database could not be reached."""
        self._last_s = time.monotonic()
        if self._since_s is None:
            self._since_s = self._last_s
            _log.warning("database_unavailable why=%r", first_line(error))

    def recovered(self) -> None:
        """Take note that the database answers."""
        now_s = time.monotonic()
        if self._since_s is not None and now_s - self._last_s >= BELIEVED_AFTER_S:
            away_s, self._since_s = now_s - self._since_s, None
            _log.warning("database_recovered after_s=%.1f", away_s)
