"""Deliveries: one recipient's state for one alert. The receipt in the database is the delivery."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from responder.domain.ids import AlertId, PartnerId, ResponderId, UnitId


class DeliveryState(StrEnum):
    """How far one alert has come with one person."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"


RANK = {state: rank for rank, state in enumerate(DeliveryState)}
"""
A delivery only moves to a higher rank: a message that comes late never takes it back.

A person who accepted and cannot come has withdrawn: that ranks above accepted, so that a late `en_route`
does not make them look as if they were coming. The same holds for a person removed from the unit: they
can neither be told nor answer any more.
"""

RECEIPTS = frozenset(DeliveryState) - {DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.RELEASED}
"""The states that a recipient's device may report."""


COMING = frozenset({DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE, DeliveryState.ON_SCENE})
"""The states of a person who comes, with one unit."""


NOT_COUNTED_ON = frozenset({DeliveryState.DECLINED, DeliveryState.WITHDRAWN, DeliveryState.RELEASED})
"""The states of a person who does not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One recipient's state for one alert."""

    alert_id: AlertId
    recipient_id: ResponderId
    recipient_name: str
    unit_id: UnitId
    """The unit that the person goes with, or would go with: the quickest, unless they say another."""
    partner_id: PartnerId
    state: DeliveryState
    times: dict[str, datetime] = field(default_factory=dict)
    """When each state was first reached, by state."""
    unit_ids: tuple[UnitId, ...] = ()
    """
    The units that the person was called in, the quickest first; `unit_id` is one of them.

    Only `unit_id` in what was stored before one person in two units became one delivery.
    """

    def __post_init__(self) -> None:
        """Name the unit that the person goes with when no others are given."""
        if not self.unit_ids:
            object.__setattr__(self, "unit_ids", (self.unit_id,))

    def advance(self, state: DeliveryState, *, at: datetime) -> "Delivery":
        """
        Return the delivery moved on to `state`, or itself when it is already there or further.

        A person who declined may still accept: `accepted` ranks higher. An earlier state reported late
        is kept with its time, without taking the delivery back.
        """
        times = {**self.times, state.value: at} if state.value not in self.times else self.times
        if RANK[state] <= RANK[self.state]:
            return self if times is self.times else replace(self, times=times)
        return replace(self, state=state, times=times)
