"""A circle's services, and how long it waits before a person's next channel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service import CHANNEL_TIMEOUT_S, ChannelService
from responder.domain.errors import NameTakenError, NotFoundError
from responder.domain.ids import CircleId
from responder.store.channels.channel_tables import CHANNEL_POLICY, CHANNEL_SERVICE
from responder.store.metadata import AnyRow


class PostgresChannels:
    """A circle's services, and how long it waits before a person's next channel."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def services(self, circle_id: CircleId) -> tuple[ChannelService, ...]:
        found = await self._connection.execute(
            select(CHANNEL_SERVICE)
            .where(CHANNEL_SERVICE.c.circle_id == circle_id, CHANNEL_SERVICE.c.removed_at.is_(None))
            .order_by(CHANNEL_SERVICE.c.name)
        )
        return tuple(_to_service(row) for row in found)

    async def service(
        self, circle_id: CircleId, service_id: UUID, *, to_change: bool = False
    ) -> ChannelService:
        query = select(CHANNEL_SERVICE).where(
            CHANNEL_SERVICE.c.circle_id == circle_id,
            CHANNEL_SERVICE.c.id == service_id,
            CHANNEL_SERVICE.c.removed_at.is_(None),
        )
        if to_change:
            query = query.with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError
        return _to_service(row)

    async def by_reply_hash(self, reply_hash: str) -> ChannelService | None:
        found = await self._connection.execute(
            select(CHANNEL_SERVICE).where(
                CHANNEL_SERVICE.c.reply_hash == reply_hash, CHANNEL_SERVICE.c.removed_at.is_(None)
            )
        )
        row = found.first()
        return None if row is None else _to_service(row)

    async def add_service(self, service: ChannelService) -> None:
        await self._named(insert(CHANNEL_SERVICE).values(**_service_values(service)))

    async def put_service(self, service: ChannelService) -> None:
        await self._named(
            update(CHANNEL_SERVICE)
            .where(CHANNEL_SERVICE.c.circle_id == service.circle_id, CHANNEL_SERVICE.c.id == service.id)
            .values(**_service_values(service))
        )

    async def remove_service(self, circle_id: CircleId, service_id: UUID, *, at: datetime) -> None:
        await self._connection.execute(
            update(CHANNEL_SERVICE)
            .where(CHANNEL_SERVICE.c.circle_id == circle_id, CHANNEL_SERVICE.c.id == service_id)
            .values(removed_at=at, enabled=False, settings={}, reply_hash=None)
        )

    async def next_channel_after_s(self, circle_id: CircleId) -> int:
        found = await self._connection.execute(
            select(CHANNEL_POLICY.c.next_channel_after_s).where(CHANNEL_POLICY.c.circle_id == circle_id)
        )
        return found.scalar_one_or_none() or CHANNEL_TIMEOUT_S

    async def put_next_channel_after_s(self, circle_id: CircleId, seconds: int) -> None:
        statement = upsert(CHANNEL_POLICY).values(circle_id=circle_id, next_channel_after_s=seconds)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["circle_id"], set_={"next_channel_after_s": seconds}
            )
        )

    async def _named(self, statement: Any) -> None:  # noqa: ANN401 - an insert or an update
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(statement)
        except IntegrityError as error:
            raise NameTakenError from error


def _service_values(service: ChannelService) -> dict[str, object]:
    return {
        "circle_id": service.circle_id,
        "id": service.id,
        "channel": service.channel.value,
        "name": service.name,
        "settings": dict(service.settings),
        "enabled": service.enabled,
        "outside_public": service.outside_public,
        "reply_hash": service.reply_hash,
        "changed_at": service.changed_at,
    }


def _to_service(row: AnyRow) -> ChannelService:
    return ChannelService(
        id=row.id,
        circle_id=CircleId(row.circle_id),
        channel=ContactChannel(row.channel),
        name=row.name,
        settings=row.settings,
        enabled=row.enabled,
        outside_public=row.outside_public,
        reply_hash=row.reply_hash,
        changed_at=row.changed_at,
    )
