"""Which deliveries an event creates, and which were handed to open sockets."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

from responder.domain.ids import AlertId, CircleId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
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
from responder.live.sync.write_batcher import WriteBatcher
from responder.ports import Clock, Database
from responder.ports.incidents import AddressedEvent
from responder.services.incidents.mark_sent import mark_sent
from responder.services.security_context import as_system

BATCH = 2000
LINGER_S = 0.5
"""The marks are batched; a receipt usually supersedes them."""

Pair = tuple[AlertId, ResponderId]


def deliveries_of(event: Event) -> tuple[Delivery, ...]:
    """Return the deliveries that an event brings into being."""
    if isinstance(event, AlertRaised | AlertExtended | IncidentMoved):
        return event.detail.deliveries
    if isinstance(event, IncidentEnded | AlertUpdated):
        return event.deliveries
    return ()


class SentMarks:
    """
    Notes which deliveries were handed to open sockets, `after_receipts` that are being stored.

    A person who has confirmed needs no mark; storing marks of a thousand people would hold up their receipts.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        *,
        clock: Clock,
        after_receipts: Callable[[CircleId], Awaitable[None]],
    ) -> None:
        self._database = database
        self._after_receipts = after_receipts
        self._hub = hub
        self._clock = clock
        self.batcher = WriteBatcher[Pair](
            self._store, on_rejected=lambda _: None, batch=BATCH, gather_s=LINGER_S
        )

    def published(self, addressed: AddressedEvent, reached: Sequence[ClientSession]) -> None:
        """Note those of the event's recipients that it was handed to."""
        deliveries = deliveries_of(addressed.recorded.event)
        if deliveries:
            people = {person for session in reached for person in session.viewer.responder_ids}
            self.note(addressed.recorded.circle_id, deliveries, people=people)

    def admitted(self, session: ClientSession) -> None:
        """Note the session's own deliveries that were in its snapshot."""
        self.note(session.viewer.circle_id, session.snapshot_deliveries, people=session.viewer.responder_ids)

    def note(
        self, circle_id: CircleId, deliveries: Iterable[Delivery], *, people: Collection[ResponderId]
    ) -> None:
        """Note the deliveries of these people that are still queued."""
        self.batcher.put(
            circle_id,
            *[
                (delivery.alert_id, delivery.recipient_id)
                for delivery in deliveries
                if delivery.state is DeliveryState.QUEUED and delivery.recipient_id in people
            ],
        )

    async def _store(self, circle_id: CircleId, pairs: Sequence[Pair]) -> None:
        await self._after_receipts(circle_id)
        channel = self._hub.find(circle_id)
        if channel is not None:
            pairs = [pair for pair in pairs if channel.pending.find(*pair) is not None]
        with as_system(circle_id):
            await mark_sent(self._database, circle_id=circle_id, pairs=pairs, clock=self._clock)
