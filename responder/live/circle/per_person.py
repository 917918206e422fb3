"""JSON whose deliveries differ from viewer to viewer, put together from parts that are encoded once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pydantic import TypeAdapter

from responder.domain.incidents.addressed import READS_ALL, Reader
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


class _Shown(NamedTuple):
    """What of it is shown, save deliveries."""

    reader: Reader
    ladder: bool


class PersonalizedJson:
    """
    Something with deliveries, as JSON.

    Parameters
    ----------
    without_deliveries
        Gives its JSON as a reader reads it, with the last `"deliveries"` an empty list.
    is_addressed
        Whether readers read different things; all are given the same otherwise.
    deliveries
        What belongs into that list.
    audience
        Whom the incident concerns.
    ladder
        What staff see of the ladder, which follows the deliveries as null.
    """

    __slots__ = (
        "_encoded",
        "_is_addressed",
        "_ladder",
        "_own",
        "_parts",
        "_whole",
        "_without_deliveries",
        "audience",
        "deliveries",
    )

    def __init__(
        self,
        without_deliveries: Callable[[Reader], bytes],
        deliveries: Sequence[Delivery],
        *,
        is_addressed: bool,
        audience: Audience,
        ladder: Ladder | None = None,
    ) -> None:
        self._without_deliveries = without_deliveries
        self._is_addressed = is_addressed
        self._ladder = ladder
        self._parts: dict[_Shown, tuple[bytes, bytes]] = {}
        self.audience = audience
        self.deliveries = deliveries
        self._encoded = [_DELIVERY.dump_json(delivery) for delivery in deliveries]
        self._own: dict[int, list[int]] = {}
        """By the number of the person's id, which is hashed faster."""
        for number, delivery in enumerate(deliveries):
            self._own.setdefault(delivery.recipient_id.int, []).append(number)
        self._whole: dict[_Shown, bytes] = {}

    def json_for(self, viewer: Viewer) -> bytes | None:
        """Return what the viewer may see; None when there are deliveries, but none that they may see."""
        if sees_every_delivery(viewer, self.audience):
            return self._whole_for(viewer)
        return self.own_json_for(viewer)

    def own_json_for(self, viewer: Viewer) -> bytes | None:
        """Return it with the viewer's own deliveries; None when there are deliveries, but none of those."""
        own = self._own_of(viewer)
        return self._with(own, self._shown(viewer)) if own or not self.deliveries else None

    def bare_for(self, viewer: Viewer) -> bytes:
        """Return it without any delivery."""
        return b"".join(self._around(self._shown(viewer)))

    def _whole_for(self, viewer: Viewer) -> bytes:
        shown = self._shown(viewer)
        if shown not in self._whole:
            self._whole[shown] = self._with(range(len(self.deliveries)), shown)
        return self._whole[shown]

    def _shown(self, viewer: Viewer) -> _Shown:
        reader = Reader.of(viewer) if self._is_addressed else READS_ALL
        return _Shown(reader, self._ladder is not None and viewer.may(Action.SEE_LADDER))

    def _around(self, shown: _Shown) -> tuple[bytes, bytes]:
        """Return what comes before and after the deliveries."""
        if shown not in self._parts:
            json = self._without_deliveries(shown.reader)
            # In a string the quotes would have a backslash before them.
            at = json.rindex(_NO_DELIVERIES) + len(_NO_DELIVERIES) - 1
            tail = with_ladder(json[at:], self._ladder) if shown.ladder else json[at:]
            self._parts[shown] = json[:at], tail
        return self._parts[shown]

    def own_of(self, viewer: Viewer) -> list[Delivery]:
        """Return the viewer's own deliveries."""
        return [self.deliveries[number] for number in self._own_of(viewer)]

    def _own_of(self, viewer: Viewer) -> list[int]:
        own = [number for person in viewer.responder_ids for number in self._own.get(person.int, ())]
        own.sort()
        return own

    def _with(self, numbers: Sequence[int], shown: _Shown) -> bytes:
        listed = b",".join([self._encoded[number] for number in numbers])
        head, tail = self._around(shown)
        return b"%b%b%b" % (head, listed, tail)
