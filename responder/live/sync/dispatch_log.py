"""Write down which alerts were passed on, to how many sockets, and in which of the three ways."""

import asyncio
from collections import Counter
from typing import Literal, NamedTuple

import structlog

from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    AlertUpdated,
    Event,
    IncidentEnded,
    IncidentMoved,
)
from responder.live.circle.hub import Hub
from responder.live.circle.session import ClientSession

LINGER_S = 1.0
"""After a restart thousands come back for the same alert: of those who did in this time one line tells."""

How = Literal["live", "resumed", "snapshot"]

_log = structlog.get_logger(__name__)


class Dispatched(NamedTuple):
    """An alert that is sent to a person."""

    circle_id: CircleId
    incident_id: IncidentId
    alert_id: AlertId
    exercise: bool


def dispatch_of(event: Event) -> Dispatched | None:
    """Return the alert that an event is about; None when it calls no one."""
    match event:
        case AlertRaised(detail=detail) | AlertExtended(detail=detail) | IncidentMoved(detail=detail):
            incident, alert = detail.incident, detail.alerts[-1]
        case IncidentEnded(incident=incident, alert=alert) | AlertUpdated(incident=incident, alert=alert):
            pass
        case _:
            return None
    return Dispatched(incident.circle_id, incident.id, alert.id, incident.exercise)


class DispatchLog:
    """Logs alerts sent to open sockets at once, and those to clients that connect later in batches."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._caught_up: Counter[tuple[Dispatched, How]] = Counter()
        self._writing: asyncio.TimerHandle | None = None

    def published(self, passed: Dispatched, *, seq: int, sockets: int) -> None:
        """Log an alert that was sent to all open sockets."""
        _write(passed, "live", seq=seq, sockets=sockets)

    def admitted(self, session: ClientSession) -> None:
        """Note what a client was sent before it went live: what it missed, or a snapshot with its calls."""
        how: How = "resumed" if session.resumed else "snapshot"
        noted = {passed for event in session.replayed if (passed := dispatch_of(event)) is not None}
        session.replayed = ()
        channel = self._hub.find(session.viewer.circle_id)
        if channel is not None and not session.resumed:
            for delivery in session.snapshot_deliveries:
                call = channel.pending.find(delivery.alert_id, delivery.recipient_id)
                if call is not None:
                    noted.add(Dispatched(channel.circle_id, call.incident_id, call.alert_id, call.exercise))
        self._caught_up.update((passed, how) for passed in noted)
        if noted and self._writing is None:
            self._writing = asyncio.get_running_loop().call_later(LINGER_S, self.finish)

    def finish(self) -> None:
        """Log the noted alerts."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        replayed, self._caught_up = self._caught_up, Counter()
        for (passed, how), sockets in replayed.items():
            _write(passed, how, sockets=sockets)


def _write(passed: Dispatched, how: How, **more: int) -> None:
    _log.info(
        "alert_dispatched",
        circle=str(passed.circle_id),
        incident=str(passed.incident_id),
        alert=str(passed.alert_id),
        exercise=passed.exercise,
        how=how,
        **more,
    )
