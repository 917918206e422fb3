"""Remind people who have not confirmed an alert, and report alerts that reached no device."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import structlog

from responder.domain.ids import AlertId, IncidentId, ResponderId
from responder.live.circle.channel import Channel
from responder.live.circle.hub import Hub
from responder.live.circle.pending_calls import PendingDelivery
from responder.live.circle.per_person import PersonalizedJson
from responder.live.circle.session import ClientSession
from responder.live.protocol.metrics import Metrics
from responder.live.protocol.wire import text_frame

NOT_REACHED_AFTER_S = 30.0
"""A call without a receipt for this long has not reached the person; the console names them."""

GIVE_UP_AFTER_S = 120.0
"""No more reminders on an open socket after this long; a new connection is always reminded."""

_ROUND_S = 1.0

_log = structlog.get_logger(__name__)


class Reminders:
    """Makes rounds over the calls without a receipt."""

    def __init__(self, hub: Hub, *, metrics: Metrics, after_s: float) -> None:
        self._hub = hub
        self._metrics = metrics
        self._after_s = after_s

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(_ROUND_S, self._after_s / 2))
            for channel in self._hub.channels:
                if channel.pending:
                    self.check(channel, now=loop.time())

    async def remind(self, session: ClientSession) -> None:
        """
        Send a session again the alerts that it had not confirmed when it came, except those it was just sent.

        A snapshot of the circle holds few of the ended incidents, and a person who was away for long may
        have been called to others.
        """
        channel = self._hub.find(session.viewer.circle_id)
        if channel is None:
            return
        snapshot_deliveries = {delivery.alert_id for delivery in session.snapshot_deliveries}
        calls = [call for call in session.unconfirmed if call.alert_id not in snapshot_deliveries]
        session.unconfirmed = session.snapshot_deliveries = ()
        for incident_id in dict.fromkeys(call.incident_id for call in calls):
            incident = await self._hub.incident(channel, incident_id)
            if session.connection.is_busy:
                await session.connection.drain()
            self._send(session, incident)

    def check(self, channel: Channel, *, now: float) -> None:
        """Make one round over the calls of a circle."""
        due = [call for call in channel.pending if self._is_due(call, now=now)]
        missed: list[PendingDelivery] = []
        not_reached: list[PendingDelivery] = []
        for call in due:
            # A call that was found again is as often due as it is old, but once in this round.
            call.reminders = max(call.reminders + 1, int((now - call.since) / self._after_s))
            # An ended incident is sent again, but is no reason to phone people.
            if channel.pending.is_over(call):
                continue
            if not call.missed:
                call.missed = True
                missed.append(call)
            if not call.not_reached and now - call.since >= NOT_REACHED_AFTER_S:
                call.not_reached = True
                not_reached.append(call)
        # The socket did not do, or there is none: what else can wake a phone is due.
        self._note("next_channel_due", channel, missed, counter="responder_live_next_channel_total")
        self._note("not_reached", channel, not_reached, counter="responder_live_not_reached_total")
        by_person: dict[ResponderId, list[PendingDelivery]] = defaultdict(list)
        for call in due:
            by_person[call.recipient_id].append(call)
        for session in channel.sessions:
            own = [call for person in session.viewer.responder_ids for call in by_person.get(person, ())]
            for incident_id in _newest_first(own):
                incident = channel.read_model.find(incident_id)
                if incident is not None:
                    self._send(session, incident)

    def _is_due(self, call: PendingDelivery, *, now: float) -> bool:
        waited_s = now - call.since
        return self._after_s * (call.reminders + 1) <= waited_s <= GIVE_UP_AFTER_S

    def _note(self, line: str, channel: Channel, calls: Iterable[PendingDelivery], *, counter: str) -> None:
        """Write one line for each alert, with all people whom it is about."""
        by_alert: dict[AlertId, list[PendingDelivery]] = defaultdict(list)
        for call in calls:
            by_alert[call.alert_id].append(call)
        for alert_id, of_alert in by_alert.items():
            self._metrics.count(counter, by=len(of_alert))
            _log.warning(
                line,
                circle=str(channel.circle_id),
                alert=str(alert_id),
                exercise=of_alert[0].exercise,
                people=len(of_alert),
                recipients=[str(call.recipient_id) for call in of_alert],
            )

    def _send(self, session: ClientSession, incident: PersonalizedJson) -> None:
        if not incident.audience.includes(session.viewer):
            return
        shown = incident.json_for(session.viewer) or incident.bare_for(session.viewer)
        self._metrics.count("responder_live_reminders_total")
        session.outbox.send(text_frame(b'{"type":"reminder","detail":%b}' % shown))


def _newest_first(calls: Iterable[PendingDelivery]) -> list[IncidentId]:
    return list(dict.fromkeys(call.incident_id for call in reversed(list(calls))))
