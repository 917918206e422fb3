"""JSON whose deliveries differ from viewer to viewer, put together from parts that are encoded once."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from responder.domain.ids import ResponderId
from responder.domain.incidents.delivery import Delivery
from responder.domain.people.access import Audience, Viewer
from responder.live.circle.audience import sees_every_delivery

_DELIVERY: TypeAdapter[Delivery] = TypeAdapter(Delivery)
_NO_DELIVERIES = b'"deliveries":[]'


class PersonalizedJson:
    """
    Something with deliveries, as JSON.

    Parameters
    ----------
    without_deliveries
        Its JSON with the last `"deliveries"` an empty list.
    deliveries
        What belongs into that list.
    audience
        Whom the incident concerns.
    """

    __slots__ = ("_encoded", "_head", "_own", "_tail", "_whole", "audience", "deliveries")

    def __init__(
        self, without_deliveries: bytes, deliveries: Sequence[Delivery], *, audience: Audience
    ) -> None:
        # In a string the quotes would have a backslash before them.
        at = without_deliveries.rindex(_NO_DELIVERIES) + len(_NO_DELIVERIES) - 1
        self._head, self._tail = without_deliveries[:at], without_deliveries[at:]
        self.audience = audience
        self.deliveries = deliveries
        self._encoded = [_DELIVERY.dump_json(delivery) for delivery in deliveries]
        self._own: dict[ResponderId, list[int]] = {}
        for number, delivery in enumerate(deliveries):
            self._own.setdefault(delivery.recipient_id, []).append(number)
        self._whole: bytes | None = None

    def json_for(self, viewer: Viewer) -> bytes | None:
        """Return what the viewer may see; None when there are deliveries, but none that they may see."""
        if sees_every_delivery(viewer, self.audience):
            return self.whole
        return self.own_json_for(viewer)

    def own_json_for(self, viewer: Viewer) -> bytes | None:
        """Return it with the viewer's own deliveries; None when there are deliveries, but none of those."""
        own = self._own_of(viewer)
        return self._with(own) if own or not self.deliveries else None

    @property
    def whole(self) -> bytes:
        if self._whole is None:
            self._whole = self._with(range(len(self.deliveries)))
        return self._whole

    @property
    def bare(self) -> bytes:
        return self._head + self._tail

    def own_of(self, viewer: Viewer) -> list[Delivery]:
        """Return the viewer's own deliveries."""
        return [self.deliveries[number] for number in self._own_of(viewer)]

    def _own_of(self, viewer: Viewer) -> list[int]:
        return sorted(number for person in viewer.responder_ids for number in self._own.get(person, ()))

    def _with(self, shown: Sequence[int]) -> bytes:
        listed = b",".join([self._encoded[number] for number in shown])
        return b"%b%b%b" % (self._head, listed, self._tail)
