"""Call people: one delivery for each person, however many of the units in reach they are in."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from responder.domain.ids import AlertId, ResponderId, UnitId
from responder.domain.incidents.delivery import RANK, Delivery, DeliveryState
from responder.domain.incidents.response_circle import Member
from responder.domain.map.unit import Responder


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What an open incident's deliveries become when other units can be there in time."""

    new: tuple[Delivery, ...]
    """To people who were not called before."""
    changed: tuple[Delivery, ...]
    """Of people who can go with other units now."""
    again: Mapping[ResponderId, Delivery]
    """To people who had left or were released and are back, by the recipient that they were."""

    @property
    def calls(self) -> int:
        """How many people are called who were not, or no longer."""
        return len(self.new) + len(self.again)


def call(
    people: Iterable[Responder], alert_id: AlertId, *, members: Sequence[Member], now: datetime
) -> tuple[Delivery, ...]:
    """Return a delivery of the alert for each person, each with the quickest of their units, by recipient."""
    made = [_delivery(places, alert_id, now=now) for places in _by_person(people, members=members).values()]
    return tuple(sorted(made, key=lambda delivery: delivery.recipient_id))


def extend(
    people: Iterable[Responder],
    deliveries: Iterable[Delivery],
    *,
    recipients: Mapping[ResponderId, Responder],
    alert_id: AlertId,
    members: Sequence[Member],
    now: datetime,
) -> Extension:
    """
    Return what calling `people` changes for those who have `deliveries` of the alert already.

    All who were called stay called. Units that come within reach are added to those that the person may
    go with; until they answer it is the quickest, from then on it is the unit that they said.
    """
    known = {
        recipients[delivery.recipient_id].person: delivery
        for delivery in deliveries
        if delivery.alert_id == alert_id
    }
    new: list[Delivery] = []
    changed: list[Delivery] = []
    again: dict[ResponderId, Delivery] = {}
    for person, places in _by_person(people, members=members).items():
        before = known.get(person)
        if before is None:
            new.append(_delivery(places, alert_id, now=now))
        elif recipients[before.recipient_id].has_left:
            again[before.recipient_id] = _delivery(places, alert_id, now=now)
        elif before.state is DeliveryState.RELEASED:
            # Their units can be there in time again, as the same recipient.
            called = _delivery(places, alert_id, now=now)
            again[before.recipient_id] = replace(called, recipient_id=before.recipient_id)
        else:
            after = _with_units(before, [place.unit_id for place in places])
            if after != before:
                changed.append(after)
    return Extension(new=tuple(new), changed=tuple(changed), again=again)


def _by_person(people: Iterable[Responder], *, members: Sequence[Member]) -> dict[Hashable, list[Responder]]:
    """Return the places of each person in units, the quickest unit first, those of unknown time last."""
    turn = {member.unit_id: number for number, member in enumerate(members)}
    found: dict[Hashable, list[Responder]] = {}
    for place in people:
        found.setdefault(place.person, []).append(place)
    for places in found.values():
        places.sort(key=lambda place: (turn.get(place.unit_id, len(turn)), place.id))
    return found


def _delivery(places: Sequence[Responder], alert_id: AlertId, *, now: datetime) -> Delivery:
    first = places[0]
    return Delivery(
        alert_id=alert_id,
        recipient_id=first.id,
        recipient_name=first.name,
        unit_id=first.unit_id,
        # A person belongs to units of one partner only.
        partner_id=first.partner_id,
        state=DeliveryState.QUEUED,
        times={DeliveryState.QUEUED.value: now},
        unit_ids=_once(place.unit_id for place in places),
    )


def _with_units(before: Delivery, in_reach: Sequence[UnitId]) -> Delivery:
    unit_ids = _once((*in_reach, *before.unit_ids))
    answered = RANK[before.state] >= RANK[DeliveryState.DECLINED]
    if answered and set(unit_ids) == set(before.unit_ids):
        return before
    return replace(before, unit_id=before.unit_id if answered else unit_ids[0], unit_ids=unit_ids)


def _once(unit_ids: Iterable[UnitId]) -> tuple[UnitId, ...]:
    return tuple(dict.fromkeys(unit_ids))
