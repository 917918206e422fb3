"""Incidents with who can respond."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Audience, Viewer
from responder.ports.incidents import IncidentQuery
from responder.store.bodies import dump_response_circle
from responder.store.incidents.alert import ALERT
from responder.store.incidents.audience import audiences, is_visible_to
from responder.store.incidents.begin_incident import begin_incident
from responder.store.incidents.details import load_details
from responder.store.incidents.incident_table import INCIDENT, to_incident, to_values
from responder.store.map.circle import CIRCLE
from responder.store.map.closure import CLOSURE

_ITSELF = [column for column in INCIDENT.c if column is not INCIDENT.c.response_circle]
"""An incident's own columns: who can respond is long, and not asked for here."""


class PostgresIncidents:
    """Incidents with who can respond."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, circle_id: CircleId, incident_id: IncidentId) -> Incident:
        found = await self._connection.execute(
            select(*_ITSELF).where(INCIDENT.c.circle_id == circle_id, INCIDENT.c.id == incident_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return to_incident(row)

    async def of_alerts(self, circle_id: CircleId, alert_ids: Collection[AlertId]) -> dict[AlertId, Incident]:
        found = await self._connection.execute(
            select(ALERT.c.id.label("alert_id"), *_ITSELF)
            .join(INCIDENT, and_(INCIDENT.c.circle_id == circle_id, INCIDENT.c.id == ALERT.c.incident_id))
            .where(ALERT.c.circle_id == circle_id, ALERT.c.id == func.any(list(alert_ids)))
        )
        return {AlertId(row.alert_id): to_incident(row) for row in found}

    async def begin(self, detail: IncidentDetail, *, reach_version: int) -> None:
        await begin_incident(self._connection, detail, reach_version=reach_version)

    async def put(self, incident: Incident) -> None:
        await self._connection.execute(
            update(INCIDENT)
            .where(INCIDENT.c.circle_id == incident.circle_id, INCIDENT.c.id == incident.id)
            .values(to_values(incident))
        )

    async def put_response_circle(
        self,
        circle_id: CircleId,
        incident_id: IncidentId,
        response_circle: ResponseCircle,
        *,
        reach_version: int | None = None,
    ) -> None:
        values: dict[str, object] = {"response_circle": dump_response_circle(response_circle)}
        if reach_version is not None:
            values["reach_version"] = reach_version
        await self._connection.execute(
            update(INCIDENT)
            .where(INCIDENT.c.circle_id == circle_id, INCIDENT.c.id == incident_id)
            .values(values)
        )

    async def raised_since(
        self, circle_id: CircleId, since: datetime, *, exercise: bool, visible_to: Viewer
    ) -> tuple[Incident, ...]:
        found = await self._connection.execute(
            select(*_ITSELF)
            .where(
                INCIDENT.c.circle_id == circle_id,
                INCIDENT.c.ended_at.is_(None),
                INCIDENT.c.raised_at >= since,
                INCIDENT.c.exercise.is_(exercise),
                is_visible_to(visible_to),
            )
            .order_by(INCIDENT.c.raised_at, INCIDENT.c.id)
        )
        return tuple(to_incident(row) for row in found)

    async def put_reach_version(self, circle_id: CircleId, reach_version: int) -> None:
        await self._connection.execute(
            update(INCIDENT)
            .where(
                INCIDENT.c.circle_id == circle_id,
                INCIDENT.c.ended_at.is_(None),
                INCIDENT.c.reach_version != reach_version,
            )
            .values(reach_version=reach_version)
        )

    async def detail(self, circle_id: CircleId, incident_id: IncidentId) -> IncidentDetail:
        details = await load_details(self._connection, circle_id, [incident_id])
        if not details:
            raise NotFoundError
        return details[0]

    async def details(
        self, circle_id: CircleId, incident_ids: Collection[IncidentId]
    ) -> tuple[IncidentDetail, ...]:
        return await load_details(self._connection, circle_id, incident_ids)

    async def open_details(self, circle_id: CircleId) -> tuple[IncidentDetail, ...]:
        ids = await self._ids(INCIDENT.c.circle_id == circle_id, INCIDENT.c.ended_at.is_(None))
        return await load_details(self._connection, circle_id, ids)

    async def visible_details(self, viewer: Viewer, *, ended_kept: int) -> tuple[IncidentDetail, ...]:
        visible = [INCIDENT.c.circle_id == viewer.circle_id, is_visible_to(viewer)]
        ids = [
            *await self._ids(*visible, INCIDENT.c.ended_at.is_(None)),
            *await self._ids(*visible, INCIDENT.c.ended_at.is_not(None), limit=ended_kept),
        ]
        return await load_details(self._connection, viewer.circle_id, ids)

    async def search(self, viewer: Viewer, query: IncidentQuery) -> tuple[IncidentDetail, ...]:
        visible = [INCIDENT.c.circle_id == viewer.circle_id, is_visible_to(viewer)]
        wanted = list(visible)
        if query.exercise is not None:
            wanted.append(INCIDENT.c.exercise.is_(query.exercise))
        if query.open is not None:
            ended_at = INCIDENT.c.ended_at
            wanted.append(ended_at.is_(None) if query.open else ended_at.is_not(None))
        if query.before is not None:
            found = await self._connection.execute(
                select(INCIDENT.c.raised_at, INCIDENT.c.id).where(*visible, INCIDENT.c.id == query.before)
            )
            row = found.one_or_none()
            if row is None:
                raise NotFoundError
            wanted.append(tuple_(INCIDENT.c.raised_at, INCIDENT.c.id) < tuple_(row.raised_at, row.id))
        ids = await self._connection.execute(
            select(INCIDENT.c.id)
            .where(*wanted)
            .order_by(INCIDENT.c.raised_at.desc(), INCIDENT.c.id.desc())
            .limit(query.limit)
        )
        found_ids = [IncidentId(incident_id) for incident_id in ids.scalars()]
        details = await load_details(self._connection, viewer.circle_id, found_ids)
        return details[::-1]

    async def due(self, *, now: datetime) -> frozenset[CircleId]:
        computed_at = cast(INCIDENT.c.response_circle["computed_at"].astext, DateTime(timezone=True))
        found = await self._connection.execute(
            select(INCIDENT.c.circle_id)
            .distinct()
            .join(CLOSURE, CLOSURE.c.circle_id == INCIDENT.c.circle_id)
            .where(
                INCIDENT.c.ended_at.is_(None),
                CLOSURE.c.lifted_at.is_(None),
                or_(
                    *(
                        and_(turn > computed_at, turn <= now)
                        for turn in (CLOSURE.c.starts_at, CLOSURE.c.ends_at)
                    )
                ),
            )
        )
        return frozenset(CircleId(circle_id) for circle_id in found.scalars())

    async def outdate(self, circle_id: CircleId, incident_id: IncidentId) -> None:
        # No circle has this version.
        await self._connection.execute(
            update(INCIDENT)
            .where(INCIDENT.c.circle_id == circle_id, INCIDENT.c.id == incident_id)
            .values(reach_version=-1)
        )

    async def outdated(self) -> frozenset[CircleId]:
        found = await self._connection.execute(
            select(INCIDENT.c.circle_id)
            .distinct()
            .join(CIRCLE, CIRCLE.c.id == INCIDENT.c.circle_id)
            .where(INCIDENT.c.ended_at.is_(None), INCIDENT.c.reach_version != CIRCLE.c.reach_version)
        )
        return frozenset(CircleId(circle_id) for circle_id in found.scalars())

    async def open_audiences(self, circle_id: CircleId) -> dict[IncidentId, Audience]:
        return await audiences(self._connection, circle_id, None)

    async def _ids(self, *conditions: ColumnElement[bool], limit: int | None = None) -> Sequence[IncidentId]:
        found = await self._connection.execute(
            select(INCIDENT.c.id)
            .where(*conditions)
            .order_by(INCIDENT.c.ended_at.desc(), INCIDENT.c.id.desc())
            .limit(limit)
        )
        return [IncidentId(incident_id) for incident_id in found.scalars()]
