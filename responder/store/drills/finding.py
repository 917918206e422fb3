"""What drills showed to be put right."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Double,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    cast,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from responder.domain.drills.finding import SAME_PLACE_M, UNSETTLED, Finding, FindingState
from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId, DrillId, FindingId, PartnerId
from responder.ports.drills.findings import FindingCounts, FindingQuery
from responder.store.drills.drill import DRILL
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

FINDING = Table(
    "drill_finding",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("drill_id", Uuid),
    Column("objective", Text),
    Column("observation_id", Uuid),
    Column("text", Text, nullable=False),
    Column("owner_id", Uuid),
    Column("owner_name", Text, nullable=False),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    # Not foreign keys: what is on the map may be removed.
    Column("hazard_id", Uuid),
    Column("closure_id", Uuid),
    Column("lon", Double),
    Column("lat", Double),
    Column("version", Integer, nullable=False),
    time("created_at"),
    # Not foreign keys: accounts may be gone.
    Column("created_by", Uuid),
    Column("created_by_name", Text, nullable=False),
    time("changed_at"),
    Column("changed_by", Uuid),
    Column("changed_by_name", Text, nullable=False),
    time("closed_at", nullable=True),
    Column("closed_by", Uuid),
    Column("closed_by_name", Text, nullable=False),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill.circle_id", "drill.id"]),
    ForeignKeyConstraint(
        ["circle_id", "observation_id"], ["drill_observation.circle_id", "drill_observation.id"]
    ),
    CheckConstraint("state IN ('open', 'doing', 'closed', 'dropped')", name="known_state"),
    CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="a_point_or_none"),
    Index("ix_drill_finding_created_at", "circle_id", "created_at", "id"),
)
_IS_OPEN = FINDING.c.state.in_([each.value for each in UNSETTLED])


class PostgresFindings:
    """What drills showed to be put right."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, circle_id: CircleId, finding_id: FindingId) -> Finding:
        finding = await self.find(circle_id, finding_id)
        if finding is None:
            raise NotFoundError
        return finding

    async def find(self, circle_id: CircleId, finding_id: FindingId) -> Finding | None:
        found = await self._connection.execute(
            select(FINDING).where(FINDING.c.circle_id == circle_id, FINDING.c.id == finding_id)
        )
        row = found.one_or_none()
        return None if row is None else _finding(row)

    async def search(self, circle_id: CircleId, query: FindingQuery) -> tuple[Finding, ...]:
        wanted = [FINDING.c.circle_id == circle_id, *_asked(query)]
        if query.before is not None:
            last = await self.get(circle_id, query.before)
            wanted.append(tuple_(FINDING.c.created_at, FINDING.c.id) < tuple_(last.created_at, last.id))
        if query.for_drill is not None:
            wanted.append(_of_place_or_template(circle_id, query.for_drill))
        listed = await self._connection.execute(
            select(FINDING)
            .where(*wanted)
            .order_by(FINDING.c.created_at.desc(), FINDING.c.id.desc())
            .limit(query.limit)
        )
        return tuple(_finding(row) for row in listed)

    async def counts(self, circle_id: CircleId, *, owner_id: PartnerId | None, today: date) -> FindingCounts:
        wanted = [FINDING.c.circle_id == circle_id, _IS_OPEN]
        if owner_id is not None:
            wanted.append(FINDING.c.owner_id == owner_id)
        counted = await self._connection.execute(
            select(func.count(), func.count().filter(FINDING.c.due_on < today)).where(*wanted)
        )
        return FindingCounts(*counted.one())

    async def put(self, finding: Finding) -> None:
        await upsert(self._connection, FINDING, [{**asdict(finding), "state": finding.state.value}])


def _asked(query: FindingQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.owner_id is not None:
        wanted.append(FINDING.c.owner_id == query.owner_id)
    if query.is_open is not None:
        wanted.append(_IS_OPEN if query.is_open else ~_IS_OPEN)
    if query.due_before is not None:
        wanted.append(FINDING.c.due_on < query.due_before)
    if query.drill_id is not None:
        wanted.append(FINDING.c.drill_id == query.drill_id)
    return wanted


def _of_place_or_template(circle_id: CircleId, drill_id: DrillId) -> ColumnElement[bool]:
    """Within a hundred metres of the drill's place, or of a drill from the same template."""
    its, earlier = DRILL.alias("its"), DRILL.alias("earlier")
    place = its.c.body["place"]
    its_point = func.ST_MakePoint(cast(place["lon"].astext, Float), cast(place["lat"].astext, Float))
    near = func.ST_DistanceSphere(func.ST_MakePoint(FINDING.c.lon, FINDING.c.lat), its_point) <= SAME_PLACE_M
    template = its.c.body["template"].astext
    alike = (
        select(earlier.c.id)
        .where(
            earlier.c.circle_id == circle_id,
            earlier.c.id == FINDING.c.drill_id,
            earlier.c.body["template"].astext == template,
        )
        .correlate(FINDING, its)
        .exists()
    )
    return (
        select(its.c.id)
        .where(
            its.c.circle_id == circle_id, its.c.id == drill_id, or_(near, and_(template.is_not(None), alike))
        )
        .exists()
    )


def _finding(row: AnyRow) -> Finding:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Finding(**{**values, "state": FindingState(row.state)})
