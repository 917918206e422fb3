"""JSON whose deliveries differ from viewer to viewer, put together from parts that are encoded once."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from responder.domain.incidents.delivery import Delivery
from responder.domain.ladder.ladder import Ladder
from responder.domain.people.access import Action, Audience, Viewer
from responder.live.circle.audience import sees_every_delivery

_DELIVERY: TypeAdapter[Delivery] = TypeAdapter(Delivery)
_NO_DELIVERIES = b'"deliveries":[]'
_NO_LADDER = b'"ladder":null'
_LADDER: TypeAdapter[Ladder] = TypeAdapter(Ladder)


def with_ladder(json: bytes, ladder: Ladder | None) -> bytes:
    """Return JSON, whose last `"ladder"` is null, with the ladder that staff see."""
    if ladder is None:
        return json
    # In a string the quotes would have a backslash before them.
    at = json.rindex(_NO_LADDER)
    return b'%b"ladder":%b%b' % (json[:at], _LADDER.dump_json(ladder), json[at + len(_NO_LADDER) :])


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
    ladder
        What staff see of the ladder, which follows the deliveries as null.
    """

    __slots__ = ("_encoded", "_head", "_own", "_staff_tail", "_tail", "_whole", "audience", "deliveries")

    def __init__(
        self,
        without_deliveries: bytes,
        deliveries: Sequence[Delivery],
        *,
        audience: Audience,
        ladder: Ladder | None = None,
    ) -> None:
        # In a string the quotes would have a backslash before them.
        at = without_deliveries.rindex(_NO_DELIVERIES) + len(_NO_DELIVERIES) - 1
        self._head, self._tail = without_deliveries[:at], without_deliveries[at:]
        self._staff_tail = with_ladder(self._tail, ladder)
        self.audience = audience
        self.deliveries = deliveries
        self._encoded = [_DELIVERY.dump_json(delivery) for delivery in deliveries]
        self._own: dict[int, list[int]] = {}
        """By the number of the person's id, which is hashed faster."""
        for number, delivery in enumerate(deliveries):
            self._own.setdefault(delivery.recipient_id.int, []).append(number)
        self._whole: dict[bytes, bytes] = {}

    def json_for(self, viewer: Viewer) -> bytes | None:
        """Return what the viewer may see; None when there are deliveries, but none that they may see."""
        if sees_every_delivery(viewer, self.audience):
            return self._whole_for(viewer)
        return self.own_json_for(viewer)

    def own_json_for(self, viewer: Viewer) -> bytes | None:
        """Return it with the viewer's own deliveries; None when there are deliveries, but none of those."""
        own = self._own_of(viewer)
        return self._with(own, self._tail_for(viewer)) if own or not self.deliveries else None

    def bare_for(self, viewer: Viewer) -> bytes:
        """Return it without any delivery."""
        return self._head + self._tail_for(viewer)

    def _whole_for(self, viewer: Viewer) -> bytes:
        tail = self._tail_for(viewer)
        if tail not in self._whole:
            self._whole[tail] = self._with(range(len(self.deliveries)), tail)
        return self._whole[tail]

    def _tail_for(self, viewer: Viewer) -> bytes:
        return self._staff_tail if viewer.may(Action.SEE_LADDER) else self._tail

    def own_of(self, viewer: Viewer) -> list[Delivery]:
        """Return the viewer's own deliveries."""
        return [self.deliveries[number] for number in self._own_of(viewer)]

    def _own_of(self, viewer: Viewer) -> list[int]:
        own = [number for person in viewer.responder_ids for number in self._own.get(person.int, ())]
        own.sort()
        return own

    def _with(self, shown: Sequence[int], tail: bytes) -> bytes:
        listed = b",".join([self._encoded[number] for number in shown])
        return b"%b%b%b" % (self._head, listed, tail)
