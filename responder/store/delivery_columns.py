"""
Many deliveries as JSON in an event: what differs from person to person in columns, all else once.

An alert to a thousand people names twenty units, and one time. Written out for each person that is a third of
a MiB, which the database compresses and every gateway parses between the alert and its sockets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_json

from responder.domain.ids import AlertId, PartnerId, ResponderId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Deliveries by column; the three of the same length are about the people, one after the other."""

    groups: tuple["_Group", ...]
    group: tuple[int, ...]
    """Which of the groups the person's delivery belongs to."""
    recipient_ids: tuple[ResponderId, ...]
    recipient_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What the deliveries of several people have in common."""

    alert_id: AlertId
    unit_id: UnitId
    partner_id: PartnerId
    state: DeliveryState
    times: dict[str, datetime]
    unit_ids: tuple[UnitId, ...]


_COLUMNS: TypeAdapter[_Columns] = TypeAdapter(_Columns)


def dump_columns(deliveries: Sequence[Delivery]) -> bytes:
    """Return the deliveries as JSON, by column."""
    numbers: dict[tuple[object, ...], int] = {}
    groups: list[dict[str, object]] = []
    of_person: list[int] = []
    for each in deliveries:
        key = (
            each.alert_id.int,
            each.unit_id.int,
            each.partner_id.int,
            each.state,
            *each.times.items(),
            *[unit_id.int for unit_id in each.unit_ids],
        )
        number = numbers.setdefault(key, len(groups))
        if number == len(groups):
            groups.append(
                {
                    "alert_id": each.alert_id,
                    "unit_id": each.unit_id,
                    "partner_id": each.partner_id,
                    "state": each.state,
                    "times": each.times,
                    "unit_ids": each.unit_ids,
                }
            )
        of_person.append(number)
    return to_json(
        {
            "groups": groups,
            "group": of_person,
            "recipient_ids": [each.recipient_id for each in deliveries],
            "recipient_names": [each.recipient_name for each in deliveries],
        }
    )


def load_columns(body: dict[str, Any]) -> tuple[Delivery, ...]:
    """Return the deliveries of a body that was parsed."""
    columns = _COLUMNS.validate_python(body)
    people = zip(columns.group, columns.recipient_ids, columns.recipient_names, strict=True)
    return tuple(_delivery(columns.groups[number], person, name) for number, person, name in people)


def _delivery(group: _Group, recipient_id: UUID, name: str) -> Delivery:
    return Delivery(
        alert_id=group.alert_id,
        recipient_id=ResponderId(recipient_id),
        recipient_name=name,
        unit_id=group.unit_id,
        partner_id=group.partner_id,
        state=group.state,
        times=group.times,
        unit_ids=group.unit_ids,
    )
