"""What closed roads cost, and the computations that find it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    Table,
    Text,
    Uuid,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import BuildingId, CircleId
from responder.domain.reach.criticality import Criticality
from responder.ports.reach import Home, Homes, JobKey, StoredJob
from responder.store.map.building import BUILDING
from responder.store.metadata import METADATA, AnyRow, circle_id, point, time

CRITICALITY = Table(
    "criticality",
    METADATA,
    circle_id(),
    # The building, or the circle itself. Not a reference: the cost of a removed building is never read.
    Column("subject_id", Uuid, primary_key=True),
    Column("pedestrians_pass", Boolean, primary_key=True),
    Column("run_id", Uuid),
    Column("step", Text, nullable=False),
    Column("progress", Float, nullable=False),
    time("told_at"),
    Column("code", Text),
    Column("version", Text),
    time("computed_at", nullable=True),
    Column("result", JSONB(none_as_null=True)),
    CheckConstraint("progress BETWEEN 0 AND 1", name="progress_of_one"),
    CheckConstraint(
        "(version IS NULL) = (result IS NULL) AND (version IS NULL) = (computed_at IS NULL)",
        name="result_whole",
    ),
)
_RESULT: TypeAdapter[Criticality] = TypeAdapter(Criticality)
_INSIDE = func.ST_PointOnSurface(BUILDING.c.geometry)
_HOMES = select(
    BUILDING.c.id,
    BUILDING.c.households,
    BUILDING.c.entrances,
    func.ST_X(_INSIDE).label("lon"),
    func.ST_Y(_INSIDE).label("lat"),
)


class PostgresCriticalities:
    """What closed roads cost, and the computations that find it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def homes(
        self, circle_id: CircleId, *, most: int, near: tuple[float, float] | None = None
    ) -> Homes:
        """Return up to `most` buildings with households; of a circle without any, all buildings count."""
        lived_in = await self._count(BUILDING.c.circle_id == circle_id, BUILDING.c.households > 0)
        of_circle = [BUILDING.c.circle_id == circle_id]
        if lived_in:
            of_circle.append(BUILDING.c.households > 0)
        total = lived_in or await self._count(*of_circle)
        order: list[ColumnElement[Any]] = [BUILDING.c.households.desc(), BUILDING.c.id]
        if near is not None:
            order = [BUILDING.c.geometry.op("<->")(point(*near)), BUILDING.c.id]
        found = await self._connection.execute(_HOMES.where(*of_circle).order_by(*order).limit(most))
        homes = tuple(_home(row, households=row.households if lived_in else 1) for row in found)
        return Homes(homes=homes, excluded=total - len(homes), lived_in=lived_in > 0)

    async def home(self, circle_id: CircleId, building_id: BuildingId) -> Homes:
        found = await self._connection.execute(
            _HOMES.where(BUILDING.c.circle_id == circle_id, BUILDING.c.id == building_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        home = _home(row, households=row.households or 1)
        return Homes(homes=(home,), excluded=0, lived_in=row.households > 0)

    async def job(self, key: JobKey) -> StoredJob | None:
        found = await self._connection.execute(select(CRITICALITY).where(_is(key)))
        row = found.one_or_none()
        if row is None:
            return None
        return StoredJob(
            run_id=row.run_id,
            step=row.step,
            progress=row.progress,
            told_at=row.told_at,
            code=row.code,
            version=row.version,
            computed_at=row.computed_at,
            result=None if row.result is None else _RESULT.validate_python(row.result),
        )

    async def begin(self, key: JobKey, *, run_id: UUID, now: datetime, dead_before: datetime) -> bool:
        fresh = {"run_id": run_id, "step": "", "progress": 0.0, "told_at": now, "code": None}
        begun = await self._connection.execute(
            insert(CRITICALITY)
            .values(
                circle_id=key.circle_id,
                subject_id=key.building_id or key.circle_id,
                pedestrians_pass=key.pedestrians_pass,
                **fresh,
            )
            .on_conflict_do_update(
                index_elements=list(CRITICALITY.primary_key.columns),
                set_=fresh,
                where=or_(CRITICALITY.c.run_id.is_(None), CRITICALITY.c.told_at < dead_before),
            )
            .returning(CRITICALITY.c.run_id)
        )
        return begun.scalar_one_or_none() is not None

    async def report_progress(
        self, key: JobKey, *, run_id: UUID, now: datetime, step: str, progress: float
    ) -> bool:
        return await self._change(key, run_id, told_at=now, step=step, progress=progress)

    async def finish(
        self, key: JobKey, *, run_id: UUID, now: datetime, version: str, result: Criticality
    ) -> None:
        await self._change(
            key,
            run_id,
            run_id=None,
            told_at=now,
            progress=1.0,
            version=version,
            computed_at=now,
            result=_RESULT.dump_python(result, mode="json"),
        )

    async def fail(self, key: JobKey, *, run_id: UUID, now: datetime, code: str) -> None:
        await self._change(key, run_id, run_id=None, told_at=now, code=code)

    async def _change(self, key: JobKey, run: UUID, **values: object) -> bool:
        changed = await self._connection.execute(
            update(CRITICALITY)
            .where(_is(key), CRITICALITY.c.run_id == run)
            .values(**values)
            .returning(CRITICALITY.c.subject_id)
        )
        return changed.scalar_one_or_none() is not None

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        found = await self._connection.execute(select(func.count()).select_from(BUILDING).where(*conditions))
        return int(found.scalar_one())


def _home(row: AnyRow, *, households: int) -> Home:
    doors = tuple((door["lon"], door["lat"]) for door in row.entrances)
    return Home(id=BuildingId(row.id), doors=doors or ((row.lon, row.lat),), households=households)


def _is(key: JobKey) -> ColumnElement[bool]:
    return and_(
        CRITICALITY.c.circle_id == key.circle_id,
        CRITICALITY.c.subject_id == (key.building_id or key.circle_id),
        CRITICALITY.c.pedestrians_pass == key.pedestrians_pass,
    )
