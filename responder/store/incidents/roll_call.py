"""Roll-calls of incidents: their doors as they stand, and every mark that led there."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, BuildingId, CircleId, IncidentId, RollCallMarkId
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Viewer
from responder.domain.registers.roll_call import (
    RollCall,
    RollCallBuilding,
    RollCallDoor,
    RollCallMark,
    RollCallState,
)
from responder.ports.registers.roll_calls import Excerpt, KnownMark
from responder.store.incidents.audience import is_visible_to
from responder.store.incidents.incident_table import INCIDENT, to_incident
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

_STATES = ", ".join(repr(each.value) for each in RollCallState)

ROLL_CALL = Table(
    "roll_call",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("incident_id", Uuid, primary_key=True),
    time("started_at"),
    # Named as they were then: a building may go while its people are looked for.
    Column("buildings", JSONB, nullable=False),
    ForeignKeyConstraint(
        ["circle_id", "incident_id"], ["incident.circle_id", "incident.id"], ondelete="CASCADE"
    ),
)
ROLL_CALL_DOOR = Table(
    "roll_call_door",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("incident_id", Uuid, primary_key=True),
    Column("building_id", Uuid, primary_key=True),
    Column("label", Text(collation="C"), primary_key=True),
    Column("floor", Integer),
    Column("expected", SmallInteger),
    Column("state", Text, nullable=False),
    Column("people", SmallInteger, nullable=False),
    Column("note", Text, nullable=False),
    time("at", nullable=True),
    ForeignKeyConstraint(
        ["circle_id", "incident_id"], ["roll_call.circle_id", "roll_call.incident_id"], ondelete="CASCADE"
    ),
    CheckConstraint(f"state IN ({_STATES})", name="state_known"),
)
ROLL_CALL_MARK = Table(
    "roll_call_mark",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("id", Uuid, primary_key=True),
    Column("incident_id", Uuid, nullable=False),
    Column("building_id", Uuid, nullable=False),
    Column("label", Text(collation="C"), nullable=False),
    Column("state", Text, nullable=False),
    Column("people", SmallInteger, nullable=False),
    Column("note", Text, nullable=False),
    time("at"),
    time("received_at"),
    # Not a foreign key: accounts may be gone.
    Column("by", Uuid),
    Column("by_name", Text, nullable=False),
    ForeignKeyConstraint(
        ["circle_id", "incident_id"], ["roll_call.circle_id", "roll_call.incident_id"], ondelete="CASCADE"
    ),
    CheckConstraint(f"state IN ({_STATES})", name="state_known"),
    Index("ix_roll_call_mark_of_door", "circle_id", "incident_id", "building_id", "label", "at", "id"),
)
_DOORS_IN_ORDER = (ROLL_CALL_DOOR.c.building_id, ROLL_CALL_DOOR.c.label)
_OF_INCIDENT = [column for column in INCIDENT.c if column is not INCIDENT.c.response_circle]


async def load_roll_calls(
    connection: AsyncConnection, circle_id: CircleId, incident_ids: Collection[IncidentId]
) -> dict[IncidentId, RollCall]:
    """Return the roll-calls of these incidents; one without is left out."""
    begun = await connection.execute(
        select(ROLL_CALL).where(ROLL_CALL.c.circle_id == circle_id, ROLL_CALL.c.incident_id.in_(incident_ids))
    )
    rows = {IncidentId(row.incident_id): row for row in begun}
    if not rows:
        return {}
    doors: dict[IncidentId, list[RollCallDoor]] = defaultdict(list)
    for row in await connection.execute(
        select(ROLL_CALL_DOOR)
        .where(ROLL_CALL_DOOR.c.circle_id == circle_id, ROLL_CALL_DOOR.c.incident_id.in_(rows))
        .order_by(*_DOORS_IN_ORDER)
    ):
        doors[IncidentId(row.incident_id)].append(_door(row))
    return {incident_id: _roll_call(row, doors[incident_id]) for incident_id, row in rows.items()}


class PostgresRollCalls:
    """Roll-calls of incidents and drills."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def incident(self, viewer: Viewer, incident_id: IncidentId) -> Incident:
        found = await self._connection.execute(
            select(*_OF_INCIDENT).where(
                INCIDENT.c.circle_id == viewer.circle_id,
                INCIDENT.c.id == incident_id,
                is_visible_to(viewer),
            )
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return to_incident(row)

    async def find(self, circle_id: CircleId, incident_id: IncidentId) -> RollCall | None:
        return (await load_roll_calls(self._connection, circle_id, [incident_id])).get(incident_id)

    async def excerpt(
        self, circle_id: CircleId, incident_id: IncidentId, *, of: Collection[tuple[BuildingId, str]]
    ) -> Excerpt | None:
        door = ROLL_CALL_DOOR.c
        of_roll_call = (door.circle_id == circle_id) & (door.incident_id == incident_id)
        count = select(func.count()).where(of_roll_call).scalar_subquery()
        begun = await self._connection.execute(
            select(ROLL_CALL, count.label("door_count")).where(
                ROLL_CALL.c.circle_id == circle_id, ROLL_CALL.c.incident_id == incident_id
            )
        )
        row = begun.one_or_none()
        if row is None:
            return None
        found = await self._connection.execute(
            select(ROLL_CALL_DOOR)
            .where(of_roll_call, tuple_(door.building_id, door.label).in_(list(of)))
            .order_by(*_DOORS_IN_ORDER)
        )
        return Excerpt(_roll_call(row, [_door(each) for each in found]), row.door_count)

    async def put(self, circle_id: CircleId, incident_id: IncidentId, roll_call: RollCall) -> None:
        buildings = [
            {"id": str(each.id), "name": each.name, "name_en": each.name_en} for each in roll_call.buildings
        ]
        own = {"circle_id": circle_id, "incident_id": incident_id}
        await upsert(
            self._connection,
            ROLL_CALL,
            [{**own, "started_at": roll_call.started_at, "buildings": buildings}],
        )
        await self._connection.execute(
            delete(ROLL_CALL_DOOR).where(
                ROLL_CALL_DOOR.c.circle_id == circle_id, ROLL_CALL_DOOR.c.incident_id == incident_id
            )
        )
        await self.put_doors(circle_id, incident_id, roll_call.doors)

    async def put_doors(
        self, circle_id: CircleId, incident_id: IncidentId, doors: Sequence[RollCallDoor]
    ) -> None:
        rows = [
            {
                "circle_id": circle_id,
                "incident_id": incident_id,
                "building_id": door.building_id,
                "label": door.label,
                "floor": door.floor,
                "expected": door.expected,
                "state": door.state.value,
                "people": door.people,
                "note": door.note,
                "at": door.at,
            }
            for door in doors
        ]
        await upsert(self._connection, ROLL_CALL_DOOR, rows)

    async def known(
        self, circle_id: CircleId, mark_ids: Collection[RollCallMarkId]
    ) -> dict[RollCallMarkId, KnownMark]:
        found = await self._connection.execute(
            select(ROLL_CALL_MARK).where(
                ROLL_CALL_MARK.c.circle_id == circle_id, ROLL_CALL_MARK.c.id.in_(mark_ids)
            )
        )
        return {
            RollCallMarkId(row.id): KnownMark(incident_id=IncidentId(row.incident_id), mark=_mark(row))
            for row in found
        }

    async def add(self, circle_id: CircleId, incident_id: IncidentId, marks: Sequence[RollCallMark]) -> None:
        rows = [
            {
                "circle_id": circle_id,
                "id": mark.id,
                "incident_id": incident_id,
                "building_id": mark.building_id,
                "label": mark.label,
                "state": mark.state.value,
                "people": mark.people,
                "note": mark.note,
                "at": mark.at,
                "received_at": mark.received_at,
                "by": mark.by,
                "by_name": mark.by_name,
            }
            for mark in marks
        ]
        if rows:
            await self._connection.execute(insert(ROLL_CALL_MARK), rows)

    async def marks(
        self,
        circle_id: CircleId,
        incident_id: IncidentId,
        *,
        of: Collection[tuple[BuildingId, str]] | None = None,
        newest: int | None = None,
    ) -> tuple[RollCallMark, ...]:
        mark = ROLL_CALL_MARK.c
        query = (
            select(ROLL_CALL_MARK)
            .where(mark.circle_id == circle_id, mark.incident_id == incident_id)
            .order_by(mark.at.desc(), mark.id.desc())
        )
        if of is not None:
            query = query.where(tuple_(mark.building_id, mark.label).in_(list(of)))
        if newest is not None:
            query = query.limit(newest)
        return tuple(_mark(row) for row in await self._connection.execute(query))


def _roll_call(row: AnyRow, doors: Sequence[RollCallDoor]) -> RollCall:
    buildings = tuple(
        RollCallBuilding(id=BuildingId(UUID(each["id"])), name=each["name"], name_en=each["name_en"])
        for each in row.buildings
    )
    return RollCall(started_at=row.started_at, buildings=buildings, doors=tuple(doors))


def _door(row: AnyRow) -> RollCallDoor:
    return RollCallDoor(
        building_id=BuildingId(row.building_id),
        label=row.label,
        floor=row.floor,
        expected=row.expected,
        state=RollCallState(row.state),
        people=row.people,
        note=row.note,
        at=row.at,
    )


def _mark(row: AnyRow) -> RollCallMark:
    return RollCallMark(
        id=RollCallMarkId(row.id),
        building_id=BuildingId(row.building_id),
        label=row.label,
        state=RollCallState(row.state),
        people=row.people,
        note=row.note,
        at=row.at,
        received_at=row.received_at,
        by=None if row.by is None else AccountId(row.by),
        by_name=row.by_name,
    )
