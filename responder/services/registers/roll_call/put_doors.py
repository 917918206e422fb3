"""Begin the roll-call of an open incident, or say which doors its buildings have."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from responder.domain.audit import AuditAction
from responder.domain.errors import InvalidValueError
from responder.domain.ids import BuildingId, IncidentId
from responder.domain.incidents.event import RollCallChanged
from responder.domain.map.building import Building
from responder.domain.people.access import Viewer
from responder.domain.registers.roll_call import (
    MOST_BUILDINGS,
    MOST_DOORS,
    MOST_PEOPLE,
    RollCall,
    RollCallBuilding,
    RollCallDoor,
    checked_label,
    door_grid,
    floor_of,
)
from responder.ports import Clock, Database, Transaction
from responder.services.directing.direct_incident import directed, note

HIGHEST_FLOOR: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDoor:
    """Input of a door."""

    label: str
    floor: int | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGrid:
    """Doors of a building that has as many on each storey."""

    stairwells: int
    storeys: int
    doors: int
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorsOfBuilding:
    """Which doors a building has: those listed, and those of a grid; with neither those of the register."""

    building_id: BuildingId
    doors: tuple[NewDoor, ...] = ()
    grid: DoorGrid | None = None


async def put_doors(
    database: Database,
    *,
    viewer: Viewer,
    incident_id: IncidentId,
    buildings: Sequence[DoorsOfBuilding],
    clock: Clock,
) -> RollCall:
    """
    Begin the roll-call of an open incident with these buildings, or change which doors they have.

    A door of which something was said stays. Other buildings of the roll-call stay as they are.

    Raises
    ------
    NotFoundError
        The viewer may see no such incident, or the circle has no such building.
    NotAllowedError
        The role may not direct the incident.
    IncidentEndedError
        The incident has ended.
    InvalidValueError
        A label is none, a building is named twice or has no door, or there are too many of either.
    """
    listed = {each.building_id: _doors(each) for each in buildings}
    if len(listed) < len(buildings):
        message = "each building once"
        raise InvalidValueError(message, field="buildings")
    async with directed(database, viewer=viewer, incident_id=incident_id, clock=clock) as (
        transaction,
        before,
        now,
    ):
        known = before.roll_call
        given = {
            building_id: doors
            or await _registered(transaction, viewer, building_id, counts=not before.incident.exercise)
            for building_id, doors in listed.items()
        }
        begun = known or RollCall(started_at=now, buildings=(), doors=())
        named = await _named(transaction, viewer, given)
        stays = [door for door in begun.doors if door.building_id not in given or door.at is not None]
        roll_call = RollCall(
            started_at=begun.started_at,
            buildings=_by_id([*(each for each in begun.buildings if each.id not in given), *named]),
            doors=(),
        ).with_doors(_joined(stays, [door for doors in given.values() for door in doors]))
        if len(roll_call.doors) > MOST_DOORS or len(roll_call.buildings) > MOST_BUILDINGS:
            message = f"at most {MOST_DOORS} doors in {MOST_BUILDINGS} buildings"
            raise InvalidValueError(message, field="buildings")
        if roll_call == known:
            return roll_call
        await transaction.roll_calls.put(viewer.circle_id, incident_id, roll_call)
        event = RollCallChanged(incident_id=incident_id, roll_call=roll_call)
        await transaction.record(viewer.circle_id, event, at=now, incident_id=incident_id)
        action = AuditAction.ROLL_CALL_BEGUN if known is None else AuditAction.ROLL_CALL_CHANGED
        await note(transaction, viewer, action, before.incident, {"doors": len(roll_call.doors)}, at=now)
        return roll_call


def _doors(given: DoorsOfBuilding) -> tuple[RollCallDoor, ...]:
    grid = given.grid
    listed: dict[str, RollCallDoor] = {}
    if grid is not None:
        if grid.stairwells * grid.storeys * grid.doors > MOST_DOORS:
            message = f"at most {MOST_DOORS} doors"
            raise InvalidValueError(message, field="grid")
        for door in door_grid(
            given.building_id,
            stairwells=grid.stairwells,
            storeys=grid.storeys,
            doors=grid.doors,
            expected=grid.expected,
        ):
            listed[door.label] = door
    for each in given.doors:
        label = checked_label(each.label)
        floor = floor_of(label) if each.floor is None else each.floor
        listed[label] = RollCallDoor(
            building_id=given.building_id, label=label, floor=floor, expected=each.expected
        )
    return tuple(listed.values())


async def _registered(
    transaction: Transaction, viewer: Viewer, building_id: BuildingId, *, counts: bool
) -> tuple[RollCallDoor, ...]:
    """Return the doors of the register: in a real incident with how many live there, and never with names."""
    doors: dict[str, RollCallDoor] = {}
    for each in await transaction.households.doors(viewer.circle_id, building_id, at_most=MOST_DOORS):
        with suppress(InvalidValueError):
            label = checked_label(each.door)
            floor = floor_of(label) if each.floor is None else each.floor
            expected = min(each.people, MOST_PEOPLE) if counts else None
            doors[label] = RollCallDoor(building_id=building_id, label=label, floor=floor, expected=expected)
    if not doors:
        message = "the building has no doors in the register: list them, or say how many each storey has"
        raise InvalidValueError(message, field="doors")
    return tuple(doors.values())


def _joined(stays: Iterable[RollCallDoor], given: Iterable[RollCallDoor]) -> Iterable[RollCallDoor]:
    """Return all doors; one that stays keeps what was said of it, and takes its floor and people."""
    doors = {door.key: door for door in stays}
    for door in given:
        known = doors.get(door.key)
        doors[door.key] = door if known is None else replace(known, floor=door.floor, expected=door.expected)
    return doors.values()


async def _named(
    transaction: Transaction, viewer: Viewer, ids: Iterable[BuildingId]
) -> list[RollCallBuilding]:
    found = [await transaction.layer(Building).get(viewer.circle_id, each) for each in ids]
    return [RollCallBuilding(id=each.id, name=each.name, name_en=each.name_en) for each in found]


def _by_id(buildings: Iterable[RollCallBuilding]) -> tuple[RollCallBuilding, ...]:
    return tuple(sorted(buildings, key=lambda each: each.id))
