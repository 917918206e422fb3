"""Who is let in to a circle's sockets, and who may stay: many accounts with one question."""

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import BigInteger, CheckConstraint, Column, Table, func
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import Viewer
from responder.store.metadata import METADATA, circle_id
from responder.store.people.membership import MEMBERSHIP, membership_query, viewer_of

MEMBERSHIP_VERSION = Table(
    "standing",
    METADATA,
    # Counted up by triggers on everything that decides who is what in a circle, so that gateways notice.
    circle_id(),
    Column("revision", BigInteger, nullable=False),
    CheckConstraint("revision > 0", name="revision_counts"),
)


class PostgresAdmissions:
    """Who is let in, and who may stay."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def viewers(
        self, circle_id: CircleId, account_ids: Collection[AccountId]
    ) -> dict[AccountId, Viewer]:
        found = await self._connection.execute(
            membership_query(circle_id)
            .where(MEMBERSHIP.c.account_id == func.any(list(account_ids)))
            .order_by(MEMBERSHIP.c.account_id)
        )
        return {
            AccountId(account_id): viewer_of(AccountId(account_id), circle_id, list(rows))
            for account_id, rows in groupby(found.all(), key=lambda row: row.account_id)
        }
