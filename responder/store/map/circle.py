"""Circles: the tenants, each with the head of its log."""

from dataclasses import fields

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Table,
    Text,
    Uuid,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NameTakenError, NotFoundError
from responder.domain.ids import CircleId
from responder.domain.map.circle import Circle, CircleCounts, RoadsOfCircle
from responder.domain.map.feature_import import MIXED, WORLDWIDE
from responder.ports.map import AlertSettings, LogHead
from responder.store.bodies import load_catalogue, load_ladder_profiles_json
from responder.store.limits import STATEMENT_TIMEOUT_MS, TURN_TIMEOUT_MS
from responder.store.map.building import BUILDING
from responder.store.map.layers import LAYERS
from responder.store.metadata import METADATA, SRID, AnyRow, point, positive, to_lonlat

CIRCLE = Table(
    "circle",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("name_en", Text, nullable=False),
    Column("centre", Geometry("POINT", srid=SRID, spatial_index=False), nullable=False),
    Column("limit_s", Float, nullable=False),
    Column("illustrative", Boolean, nullable=False),
    # The head of the log: only the holder of this row's lock writes to the log.
    Column("epoch", Text, nullable=False),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("event_id", Uuid),
    # Counted up by the database itself: see migration 0019.
    Column("reach_version", BigInteger, nullable=False, server_default="0"),
    Column("roads_hash", Text, ForeignKey("road_network.content_hash")),
    Column("roads_summary", JSONB(none_as_null=True)),
    positive("limit_s"),
    CheckConstraint("seq >= 0", name="seq_counts"),
    CheckConstraint("(roads_hash IS NULL) = (roads_summary IS NULL)", name="roads_whole"),
)
_TURN = select(func.set_config("statement_timeout", f"{TURN_TIMEOUT_MS}ms", true()))
_USUAL = func.set_config("statement_timeout", f"{STATEMENT_TIMEOUT_MS}ms", true())
_REACH_HASHES = text("""
    SELECT roads_hash, (SELECT content_hash FROM profile_table WHERE circle_id = :circle_id) AS profiles_hash
    FROM circle WHERE id = :circle_id
""")
_ALERT_SETTINGS = text("""
    SELECT circle.reach_version, circle.limit_s,
           (SELECT body::text FROM alert_catalogue WHERE circle_id = :circle_id) AS catalogue,
           (SELECT body::text FROM ladder_profiles WHERE circle_id = :circle_id) AS ladders
    FROM circle WHERE circle.id = :circle_id
""")
_HEAD = (CIRCLE.c.epoch, CIRCLE.c.seq, CIRCLE.c.event_id, CIRCLE.c.reach_version)
_COLUMNS = (
    CIRCLE.c.id,
    CIRCLE.c.name,
    CIRCLE.c.name_en,
    CIRCLE.c.centre,
    CIRCLE.c.limit_s,
    CIRCLE.c.illustrative,
)


class PostgresCircles:
    """The circles themselves."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.locked: set[CircleId] = set()
        """Circles whose log this transaction has its turn at."""

    async def get(self, circle_id: CircleId) -> Circle:
        found = await self._connection.execute(select(*_COLUMNS).where(CIRCLE.c.id == circle_id))
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return _circle(row)

    async def everything(self) -> tuple[Circle, ...]:
        found = await self._connection.execute(select(*_COLUMNS).order_by(CIRCLE.c.name))
        return tuple(_circle(row) for row in found)

    async def add(self, circle: Circle, *, epoch: str) -> None:
        values = {
            "id": circle.id,
            "name": circle.name,
            "name_en": circle.name_en,
            "centre": point(*circle.centre),
            "limit_s": circle.limit_s,
            "illustrative": circle.illustrative,
            "epoch": epoch,
        }
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(insert(CIRCLE).values(values))
        except IntegrityError as error:
            if not any(key in str(error.orig) for key in ("uq_circle_name", "pk_circle")):
                raise
            raise NameTakenError(name=circle.name) from error

    async def head(self, circle_id: CircleId) -> LogHead:
        found = await self._connection.execute(select(*_HEAD).where(CIRCLE.c.id == circle_id))
        return _head(found.one_or_none())

    async def lock(self, circle_id: CircleId) -> LogHead:
        # Waiting for one's turn is not a statement gone wrong: it may take longer than a statement may
        # otherwise, and what comes after has the usual limit again.
        await self._connection.execute(_TURN)
        # NO KEY: rows that refer to the circle can still be added by others, readers are never kept waiting.
        found = await self._connection.execute(
            select(*_HEAD, _USUAL).where(CIRCLE.c.id == circle_id).with_for_update(key_share=True)
        )
        head = _head(found.one_or_none())
        self.locked.add(circle_id)
        return head

    async def reach_hashes(self, circle_id: CircleId) -> tuple[str, str | None] | None:
        found = await self._connection.execute(_REACH_HASHES, {"circle_id": circle_id})
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return None if row.roads_hash is None else (row.roads_hash, row.profiles_hash)

    async def alert_settings(self, circle_id: CircleId) -> AlertSettings:
        found = await self._connection.execute(_ALERT_SETTINGS, {"circle_id": circle_id})
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return AlertSettings(
            reach_version=row.reach_version,
            limit_s=row.limit_s,
            catalogue=None if row.catalogue is None else load_catalogue(row.catalogue),
            ladders=None if row.ladders is None else load_ladder_profiles_json(row.ladders),
        )

    async def begin_epoch(self, circle_id: CircleId, epoch: str) -> None:
        await self._connection.execute(update(CIRCLE).where(CIRCLE.c.id == circle_id).values(epoch=epoch))

    async def rests_on_openstreetmap(self, circle_id: CircleId) -> bool:
        taken, keys = METADATA.tables["feature_import"], METADATA.tables["source_key"]
        # The illustrative circle brings roads of its own; all others come from OpenStreetMap files.
        roads = select(CIRCLE.c.id).where(
            CIRCLE.c.id == circle_id, CIRCLE.c.roads_hash.is_not(None), ~CIRCLE.c.illustrative
        )
        # An import that was removed has left its roads.
        files = select(taken.c.id).where(taken.c.circle_id == circle_id, taken.c.noun == MIXED)
        # GeoJSON of OpenStreetMap, as overpass turbo writes it.
        features = select(keys.c.key).where(
            keys.c.circle_id == circle_id,
            keys.c.source == WORLDWIDE,
            keys.c.key.regexp_match("^(node|way|relation)/"),
        )
        found = await self._connection.execute(select(or_(roads.exists(), files.exists(), features.exists())))
        return bool(found.scalar_one())

    async def counts(self, circle_id: CircleId) -> CircleCounts:
        tables = METADATA.tables
        counted = {layer.name: layer.table for layer in LAYERS.values()}
        counted |= {"partners": tables["partner"], "roads": tables["road"]}

        def number(what: ColumnElement[int], table: Table) -> ColumnElement[int]:
            return select(what).select_from(table).where(table.c.circle_id == circle_id).scalar_subquery()

        names = [each.name for each in fields(CircleCounts)]
        households = number(func.coalesce(func.sum(BUILDING.c.households), 0), BUILDING)
        parts = [
            households if each == "households" else number(func.count(), counted[each]) for each in names
        ]
        row = (await self._connection.execute(select(*parts))).one()
        return CircleCounts(**{name: int(found) for name, found in zip(names, row, strict=True)})

    async def roads(self, circle_id: CircleId) -> RoadsOfCircle | None:
        found = await self._connection.execute(
            select(CIRCLE.c.roads_hash, CIRCLE.c.roads_summary).where(CIRCLE.c.id == circle_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        if row.roads_hash is None:
            return None
        return RoadsOfCircle(content_hash=row.roads_hash, summary=row.roads_summary)

    async def use_roads(self, circle_id: CircleId, roads: RoadsOfCircle) -> None:
        await self._connection.execute(
            update(CIRCLE)
            .where(CIRCLE.c.id == circle_id)
            .values(roads_hash=roads.content_hash, roads_summary=roads.summary)
        )


def _circle(row: AnyRow) -> Circle:
    return Circle(
        id=CircleId(row.id),
        name=row.name,
        name_en=row.name_en,
        centre=to_lonlat(row.centre),
        limit_s=row.limit_s,
        illustrative=row.illustrative,
    )


def _head(row: AnyRow | None) -> LogHead:
    if row is None:
        raise NotFoundError
    return LogHead(epoch=row.epoch, seq=row.seq, event_id=row.event_id, reach_version=row.reach_version)
