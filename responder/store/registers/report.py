"""What residents report, and the links by which they do."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, BuildingId, CircleId, HazardId, ReportId
from responder.domain.map.hazard import HazardState
from responder.domain.registers.report import DismissalReason, Report, ReportKind, ReportLink, ReportState
from responder.ports.photos import Photo
from responder.ports.registers.reports import BuildingChoice, FollowedReport, ReportQuery
from responder.store.map.building import BUILDING
from responder.store.map.hazard import HAZARD
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

LINK = Table(
    "report_link",
    METADATA,
    circle_id(),
    Column("token", Text, nullable=False),
    time("opened_at"),
    Index("ix_report_link_token", "token", unique=True),
)
REPORT = Table(
    "report",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # Not foreign keys: a report stays when what it is about is taken off the map, and accounts are erased.
    Column("building_id", Uuid),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("accuracy_m", Double),
    Column("place", Text, nullable=False),
    Column("place_en", Text, nullable=False),
    Column("text", Text, nullable=False),
    time("reported_at"),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("hazard_id", Uuid),
    Column("shows_text", Boolean, nullable=False),
    Column("shows_photo", Boolean, nullable=False),
    time("decided_at", nullable=True),
    Column("decided_by", Uuid),
    Column("decided_by_name", Text, nullable=False),
    CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
    CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_or_waiting"),
    CheckConstraint("(state = 'accepted') = (hazard_id IS NOT NULL)", name="accepted_as_a_hazard"),
    CheckConstraint("(state = 'dismissed') = (reason IS NOT NULL)", name="dismissed_for_a_reason"),
    Index("ix_report_code", "code", unique=True),
    Index("ix_report_state", "circle_id", "state", "reported_at", "id"),
)
PHOTO = Table(
    "report_photo",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("report_id", Uuid, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(["circle_id", "report_id"], ["report.circle_id", "report.id"], ondelete="CASCADE"),
    CheckConstraint("octet_length(content) <= 1048576", name="small"),
)
_R = REPORT.c
_HAS_PHOTO = (
    select(PHOTO.c.report_id)
    .where(PHOTO.c.circle_id == _R.circle_id, PHOTO.c.report_id == _R.id)
    .exists()
    .label("has_photo")
)
_OF_HAZARD = and_(HAZARD.c.circle_id == _R.circle_id, HAZARD.c.id == _R.hazard_id)
_DIGITS = r"\D"


class PostgresReports:
    """What residents report."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_link(self, link: ReportLink) -> None:
        row = {"circle_id": link.circle_id, "token": link.token, "opened_at": link.opened_at}
        await upsert(self._connection, LINK, [row])

    async def delete_link(self, circle_id: CircleId) -> bool:
        done = await self._connection.execute(delete(LINK).where(LINK.c.circle_id == circle_id))
        return done.rowcount > 0

    async def link(self, circle_id: CircleId) -> ReportLink | None:
        found = await self._connection.execute(select(LINK).where(LINK.c.circle_id == circle_id))
        return _link(found.one_or_none())

    async def by_token(self, token: str, *, lock: bool = False) -> ReportLink | None:
        query = select(LINK).where(LINK.c.token == token)
        found = await self._connection.execute(query.with_for_update() if lock else query)
        return _link(found.one_or_none())

    async def buildings(self, circle_id: CircleId, *, limit: int) -> tuple[BuildingChoice, ...]:
        number = func.lpad(func.regexp_replace(BUILDING.c.name, _DIGITS, "", "g"), 12, "0")
        words = func.regexp_replace(BUILDING.c.name, r"\d.*$", "")
        found = await self._connection.execute(
            select(BUILDING.c.id, BUILDING.c.name, BUILDING.c.name_en)
            .where(BUILDING.c.circle_id == circle_id, BUILDING.c.name != "")
            .order_by(words, number, BUILDING.c.name, BUILDING.c.id)
            .limit(limit)
        )
        return tuple(BuildingChoice(BuildingId(row.id), row.name, row.name_en) for row in found)

    async def add(self, report: Report, photo: Photo | None, *, most_waiting: int) -> str | None:
        mine = and_(_R.circle_id == report.circle_id, _R.id == report.id)
        before = await self._connection.execute(select(_R.code).where(mine))
        if (code := before.scalar_one_or_none()) is not None:
            return str(code)
        if (await self.counts(report.circle_id)).get(ReportState.WAITING, 0) >= most_waiting:
            return None
        await self._connection.execute(insert(REPORT).values(_row(report)))
        if photo is not None:
            picture = {"circle_id": report.circle_id, "report_id": report.id, **photo._asdict()}
            await self._connection.execute(insert(PHOTO).values(picture))
        return report.code

    async def get(self, circle_id: CircleId, report_id: ReportId) -> Report:
        found = await self._connection.execute(
            select(REPORT, _HAS_PHOTO).where(_R.circle_id == circle_id, _R.id == report_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return _report(row)

    async def by_code(self, code: str) -> FollowedReport | None:
        found = await self._connection.execute(_followed().where(_R.code == code))
        row = found.one_or_none()
        return None if row is None else _with_hazard(row)

    async def search(self, circle_id: CircleId, query: ReportQuery) -> tuple[FollowedReport, ...]:
        waiting = query.state is ReportState.WAITING
        wanted = [_R.circle_id == circle_id]
        wanted.append(
            _R.state != ReportState.WAITING.value if query.state is None else _R.state == query.state.value
        )
        moment = _R.reported_at if waiting else _R.decided_at
        order = tuple_(moment, _R.id)
        if query.before is not None:
            one = await self._connection.execute(
                select(moment.label("at"), _R.id).where(_R.circle_id == circle_id, _R.id == query.before)
            )
            row = one.one_or_none()
            if row is None or row.at is None:
                raise NotFoundError
            there = tuple_(row.at, row.id)
            wanted.append(order > there if waiting else order < there)
        by = (moment, _R.id) if waiting else (moment.desc(), _R.id.desc())
        found = await self._connection.execute(_followed().where(*wanted).order_by(*by).limit(query.limit))
        return tuple(_with_hazard(row) for row in found)

    async def counts(self, circle_id: CircleId) -> Mapping[ReportState, int]:
        found = await self._connection.execute(
            select(_R.state, func.count().label("n")).where(_R.circle_id == circle_id).group_by(_R.state)
        )
        return {ReportState(row.state): row.n for row in found}

    async def accepted(self, circle_id: CircleId, *, limit: int) -> tuple[FollowedReport, ...]:
        found = await self._connection.execute(
            select(REPORT, _HAS_PHOTO, HAZARD.c.state.label("hazard_state"))
            .join(HAZARD, _OF_HAZARD)
            .where(_R.circle_id == circle_id, _R.state == ReportState.ACCEPTED.value)
            .order_by(_R.reported_at.desc(), _R.id)
            .limit(limit)
        )
        return tuple(_with_hazard(row) for row in found)

    async def accepted_counts(self, circle_id: CircleId) -> Mapping[HazardState, int]:
        found = await self._connection.execute(
            select(HAZARD.c.state, func.count().label("n"))
            .join(REPORT, _OF_HAZARD)
            .where(_R.circle_id == circle_id, _R.state == ReportState.ACCEPTED.value)
            .group_by(HAZARD.c.state)
        )
        return {HazardState(row.state): row.n for row in found}

    async def put_decision(self, report: Report) -> None:
        decided = (
            "place",
            "place_en",
            "state",
            "reason",
            "hazard_id",
            "shows_text",
            "shows_photo",
            "decided_at",
            "decided_by",
            "decided_by_name",
        )
        row = _row(report)
        await self._connection.execute(
            update(REPORT)
            .where(_R.circle_id == report.circle_id, _R.id == report.id)
            .values({name: row[name] for name in decided})
        )

    async def photo(self, circle_id: CircleId, report_id: ReportId) -> Photo | None:
        found = await self._connection.execute(
            select(PHOTO.c.media_type, PHOTO.c.content).where(
                PHOTO.c.circle_id == circle_id, PHOTO.c.report_id == report_id
            )
        )
        row = found.one_or_none()
        return None if row is None else Photo(row.media_type, row.content)

    async def clear_content(self, circle_id: CircleId, report_id: ReportId) -> None:
        await self._connection.execute(
            delete(PHOTO).where(PHOTO.c.circle_id == circle_id, PHOTO.c.report_id == report_id)
        )
        await self._connection.execute(
            update(REPORT)
            .where(_R.circle_id == circle_id, _R.id == report_id)
            .values(text="", shows_text=False, shows_photo=False)
        )

    async def forget(
        self, *, dismissed_before: datetime, accepted_before: datetime, decided_before: datetime
    ) -> int:
        gone = await self._connection.execute(delete(REPORT).where(_R.decided_at < decided_before))
        over = or_(
            and_(_R.state == ReportState.DISMISSED.value, _R.decided_at < dismissed_before),
            and_(_R.state == ReportState.ACCEPTED.value, _R.decided_at < accepted_before),
        )
        old = select(_R.circle_id, _R.id).where(over)
        without = await self._connection.execute(
            delete(PHOTO).where(tuple_(PHOTO.c.circle_id, PHOTO.c.report_id).in_(old))
        )
        silent = await self._connection.execute(
            update(REPORT)
            .where(over, or_(_R.text != "", _R.shows_text, _R.shows_photo))
            .values(text="", shows_text=False, shows_photo=False)
        )
        return int(gone.rowcount + max(without.rowcount, silent.rowcount))


def _followed() -> Select[*tuple[object, ...]]:
    query: Select[*tuple[object, ...]] = select(
        REPORT, _HAS_PHOTO, HAZARD.c.state.label("hazard_state")
    ).outerjoin(HAZARD, _OF_HAZARD)
    return query


def _row(report: Report) -> dict[str, object]:
    return {
        "circle_id": report.circle_id,
        "id": report.id,
        "code": report.code,
        "kind": report.kind.value,
        "building_id": report.building_id,
        "lon": report.lon,
        "lat": report.lat,
        "accuracy_m": report.accuracy_m,
        "place": report.place,
        "place_en": report.place_en,
        "text": report.text,
        "reported_at": report.reported_at,
        "state": report.state.value,
        "reason": None if report.reason is None else report.reason.value,
        "hazard_id": report.hazard_id,
        "shows_text": report.shows_text,
        "shows_photo": report.shows_photo,
        "decided_at": report.decided_at,
        "decided_by": report.decided_by,
        "decided_by_name": report.decided_by_name,
    }


def _with_hazard(row: AnyRow) -> FollowedReport:
    state = row.hazard_state
    return FollowedReport(_report(row), None if state is None else HazardState(state))


def _report(row: AnyRow) -> Report:
    return Report(
        id=ReportId(row.id),
        circle_id=CircleId(row.circle_id),
        code=row.code,
        kind=ReportKind(row.kind),
        building_id=None if row.building_id is None else BuildingId(row.building_id),
        lon=row.lon,
        lat=row.lat,
        accuracy_m=row.accuracy_m,
        place=row.place,
        place_en=row.place_en,
        text=row.text,
        has_photo=row.has_photo,
        reported_at=row.reported_at,
        state=ReportState(row.state),
        reason=None if row.reason is None else DismissalReason(row.reason),
        hazard_id=None if row.hazard_id is None else HazardId(row.hazard_id),
        shows_text=row.shows_text,
        shows_photo=row.shows_photo,
        decided_at=row.decided_at,
        decided_by=None if row.decided_by is None else AccountId(row.decided_by),
        decided_by_name=row.decided_by_name,
    )


def _link(row: AnyRow | None) -> ReportLink | None:
    if row is None:
        return None
    return ReportLink(circle_id=CircleId(row.circle_id), token=row.token, opened_at=row.opened_at)
