"""Things that go: what rests on them, and what is said of them elsewhere."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId
from responder.domain.map.feature_import import Noun
from responder.store.bbox import one_of
from responder.store.incidents.incident_table import INCIDENT
from responder.store.map.closure import CLOSURE
from responder.store.map.position import POSITION
from responder.store.people.invitation import INVITATION
from responder.store.people.responder_table import RESPONDER
from responder.store.registers.household import HOUSEHOLD


class PostgresRemovals:
    """Things that go, and what rests on them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def held(
        self, circle_id: CircleId, noun: Noun, ids: Collection[UUID], *, now: datetime
    ) -> Mapping[UUID, str]:
        wanted = list(ids)
        match noun:
            case Noun.BUILDINGS:
                found = await self._ids(
                    INCIDENT.c.building_id,
                    and_(INCIDENT.c.circle_id == circle_id, INCIDENT.c.ended_at.is_(None)),
                    wanted,
                )
                listed = await self._ids(HOUSEHOLD.c.building_id, HOUSEHOLD.c.circle_id == circle_id, wanted)
                return {
                    **dict.fromkeys(listed, "building_has_households"),
                    **dict.fromkeys(found, "in_open_incident"),
                }
            case Noun.HAZARDS:
                found = await self._ids(
                    CLOSURE.c.hazard_id,
                    and_(CLOSURE.c.circle_id == circle_id, CLOSURE.c.lifted_at.is_(None)),
                    wanted,
                )
                return dict.fromkeys(found, "closure_rests_on_it")
            case Noun.UNITS:
                return await self._held_units(circle_id, wanted, now)
            case _:
                return {}

    async def _held_units(self, circle_id: CircleId, ids: list[UUID], now: datetime) -> Mapping[UUID, str]:
        # Also people who have left: alerts that they had are told with their unit.
        people = await self._ids(RESPONDER.c.unit_id, RESPONDER.c.circle_id == circle_id, ids)
        promised = await self._ids(
            INVITATION.c.unit_id, and_(INVITATION.c.circle_id == circle_id, _is_open(now)), ids
        )
        found = await self._connection.execute(
            select(INCIDENT.c.response_circle["members"]).where(
                INCIDENT.c.circle_id == circle_id, INCIDENT.c.ended_at.is_(None)
            )
        )
        counted_on = {member["unit_id"] for members in found.scalars() for member in members or ()}
        return {
            **dict.fromkeys(promised, "unit_has_invitation"),
            **dict.fromkeys(people, "unit_has_people"),
            **{each: "in_open_incident" for each in ids if str(each) in counted_on},
        }

    async def release(self, circle_id: CircleId, noun: Noun, ids: Collection[UUID]) -> None:
        wanted = list(ids)
        if noun is Noun.HAZARDS:
            await self._connection.execute(
                update(CLOSURE)
                .where(CLOSURE.c.circle_id == circle_id, one_of(CLOSURE.c.hazard_id, wanted))
                .values(hazard_id=None)
            )
        if noun is Noun.UNITS:
            await self._connection.execute(
                delete(POSITION).where(POSITION.c.circle_id == circle_id, one_of(POSITION.c.unit_id, wanted))
            )
            await self._connection.execute(
                update(INVITATION)
                .where(INVITATION.c.circle_id == circle_id, one_of(INVITATION.c.unit_id, wanted))
                .values(unit_id=None)
            )

    async def _ids(self, column: Any, where: ColumnElement[bool], ids: list[UUID]) -> frozenset[UUID]:  # noqa: ANN401 - a column
        found = await self._connection.execute(select(column).where(where, one_of(column, ids)))
        return frozenset(found.scalars())


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(
        INVITATION.c.used_at.is_(None),
        INVITATION.c.withdrawn_at.is_(None),
        INVITATION.c.expires_at > now,
    )
