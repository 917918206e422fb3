"""Say once that the database cannot do all of its work, and once that it can again."""

import logging
import time

from responder.ports.database import Impairment
from responder.store.faults import first_line

_log = logging.getLogger(__name__)

CHECK_EVERY_S = 2.0
"""How often an impaired database is tried, by a caller with a connection to it."""
LOOK_EVERY_S = 10.0
"""How often one that seems well is tried, by a caller that asks whether it is."""


class Impaired:
    """What the database cannot do at the moment, as far as one process has seen."""

    def __init__(self) -> None:
        self._since_s: dict[Impairment, float] = {}
        self._checked_s = -LOOK_EVERY_S

    @property
    def now(self) -> Impairment | None:
        """What it cannot do, the first seen of it."""
        return next(iter(self._since_s), None)

    def is_due(self, *, asked: bool) -> bool:
        """Tell whether to try it now; `asked` when that is what a person wants to know."""
        every_s = CHECK_EVERY_S if self._since_s else LOOK_EVERY_S
        due = time.monotonic() - self._checked_s >= every_s
        return due and (asked or bool(self._since_s))

    def checked(self) -> None:
        """Take note that it is being tried."""
        self._checked_s = time.monotonic()

    def record_failure(self, impairment: Impairment, error: BaseException) -> None:
        """Take note of what it could not do."""
        self.checked()
        if impairment not in self._since_s:
            self._since_s[impairment] = time.monotonic()
            _log.error("database_impaired part=%s why=%r", impairment.value, first_line(error))

    def recovered(self, *impairments: Impairment) -> None:
        """Take note that it can do that."""
        for impairment in impairments:
            since_s = self._since_s.pop(impairment, None)
            if since_s is not None:
                after_s = time.monotonic() - since_s
                _log.warning("database_unimpaired part=%s after_s=%.1f", impairment.value, after_s)
