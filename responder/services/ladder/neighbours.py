"""What a circle agrees on with others of the installation: which of its units they may call."""

from dataclasses import dataclass
from datetime import datetime

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import CircleId, UnitId
from responder.domain.ladder.neighbour import Neighbour
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.security_context import as_system

MOST_NEIGHBOURS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNeighbour:
    """One side of an agreement; of the other no more than its name, and that only once it has agreed."""

    neighbour_id: CircleId
    unit_ids: tuple[UnitId, ...]
    """Own units that the other may call."""
    is_agreed: bool
    """Whether the other circle has named this one, too."""
    name: str
    name_en: str
    units: int
    """How many of the other's units may be called."""
    set_at: datetime
    set_by_name: str


async def list_neighbours(database: Database, *, viewer: Viewer) -> tuple[ShownNeighbour, ...]:
    """
    Return the circle's agreements.

    Raises
    ------
    NotAllowedError
        The role may not see them.
    """
    viewer.must(Action.EDIT_LADDERS)
    # The other side belongs to another circle: no more than its name is taken, once it has agreed.
    with as_system():
        async with database.snapshot() as transaction:
            own = await transaction.neighbours.of_circle(viewer.circle_id)
            others = {
                each.circle_id: each for each in await transaction.neighbours.agreed_with(viewer.circle_id)
            }
            circles = {each: await transaction.circles.get(each) for each in others}
    return tuple(_shown(each, others.get(each.neighbour_id), circles.get(each.neighbour_id)) for each in own)


async def set_neighbour(
    database: Database,
    *,
    viewer: Viewer,
    neighbour_id: CircleId,
    unit_ids: tuple[UnitId, ...],
    clock: Clock,
) -> tuple[ShownNeighbour, ...]:
    """
    Agree that another circle may call these units, and that this circle may ask it for help.

    Whether there is such a circle is not told: nothing follows until its coordinator has named this one.

    Raises
    ------
    NotAllowedError
        The role may not change them.
    InvalidValueError
        It is the circle itself, a unit is not the circle's, or there are too many.
    """
    viewer.must(Action.EDIT_LADDERS)
    if neighbour_id == viewer.circle_id:
        message = "a circle is no neighbour of itself"
        raise InvalidValueError(message, field="neighbour_id")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        known = {unit.id for unit in await transaction.layer(Unit).of_circle(viewer.circle_id)}
        if not known.issuperset(unit_ids):
            message = "the circle has no such unit"
            raise InvalidValueError(message, field="unit_ids")
        own = await transaction.neighbours.of_circle(viewer.circle_id)
        if len(own) >= MOST_NEIGHBOURS and neighbour_id not in {each.neighbour_id for each in own}:
            message = f"at most {MOST_NEIGHBOURS} neighbours"
            raise InvalidValueError(message, field="neighbour_id")
        await transaction.neighbours.put(
            Neighbour(
                circle_id=viewer.circle_id,
                neighbour_id=neighbour_id,
                unit_ids=tuple(dict.fromkeys(unit_ids)),
                set_at=now,
                set_by_name=viewer.name,
            )
        )
        act = audit_entry(
            viewer,
            AuditAction.NEIGHBOUR_AGREED,
            subject=Subject(kind="circle", id=neighbour_id),
            detail={"units": len(unit_ids)},
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return await list_neighbours(database, viewer=viewer)


async def remove_neighbour(
    database: Database, *, viewer: Viewer, neighbour_id: CircleId, clock: Clock
) -> tuple[ShownNeighbour, ...]:
    """
    End an agreement: neither circle calls the other any more. Who is called already stays called.

    Raises
    ------
    NotAllowedError
        The role may not change them.
    NotFoundError
        There is no such agreement.
    """
    viewer.must(Action.EDIT_LADDERS)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        if not await transaction.neighbours.remove(viewer.circle_id, neighbour_id):
            raise NotFoundError
        act = audit_entry(
            viewer, AuditAction.NEIGHBOUR_ENDED, subject=Subject(kind="circle", id=neighbour_id)
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return await list_neighbours(database, viewer=viewer)


def _shown(own: Neighbour, other: Neighbour | None, circle: Circle | None) -> ShownNeighbour:
    return ShownNeighbour(
        neighbour_id=own.neighbour_id,
        unit_ids=own.unit_ids,
        is_agreed=other is not None,
        name="" if circle is None else circle.name,
        name_en="" if circle is None else circle.name_en,
        units=0 if other is None else len(other.unit_ids),
        set_at=own.set_at,
        set_by_name=own.set_by_name,
    )
