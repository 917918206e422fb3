"""Say once that the database is away, and once that it is back, however many ask for it meanwhile."""

import logging
import time

_log = logging.getLogger(__name__)


class Outage:
    """Whether the database is away, as far as one process has seen."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def seen(self, error: BaseException) -> None:
        """Take note that the database could not be reached."""
        if self._since_s is None:
            self._since_s = time.monotonic()
            words = str(error).strip().splitlines() or [repr(error)]
            _log.warning("database_away why=%r", words[0])

    def over(self) -> None:
        """Take note that the database answers."""
        if self._since_s is not None:
            away_s, self._since_s = time.monotonic() - self._since_s, None
            _log.warning("database_back after_s=%.1f", away_s)
