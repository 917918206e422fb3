"""Open sessions, by the hash of their token."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text, Uuid, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.account import Account
from responder.domain.ids import AccountId
from responder.store.account import ACCOUNT
from responder.store.metadata import METADATA, time

SESSION = Table(
    "session",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False, index=True),
    time("opened_at"),
    time("expires_at"),
    CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name="token_hashed"),
)


class PostgresSessions:
    """Open sessions, by the hash of their token."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, token_hash: str, *, account_id: AccountId, opened_at: datetime, expires_at: datetime
    ) -> None:
        """Keep a session that was just opened."""
        await self._connection.execute(
            insert(SESSION).values(
                token_hash=token_hash, account_id=account_id, opened_at=opened_at, expires_at=expires_at
            )
        )
        # Whoever signs in sweeps up their own old sessions, so that the table does not grow without end.
        await self._connection.execute(
            delete(SESSION).where(SESSION.c.account_id == account_id, SESSION.c.expires_at <= opened_at)
        )

    async def account(self, token_hash: str, *, now: datetime) -> Account | None:
        """Return whose session it is, unless it is unknown, ended or expired."""
        found = await self._connection.execute(
            select(ACCOUNT.c.id, ACCOUNT.c.username, ACCOUNT.c.name, ACCOUNT.c.admin)
            .join(SESSION, SESSION.c.account_id == ACCOUNT.c.id)
            .where(SESSION.c.token_hash == token_hash, SESSION.c.expires_at > now)
        )
        row = found.one_or_none()
        if row is None:
            return None
        return Account(id=AccountId(row.id), username=row.username, name=row.name, admin=row.admin)

    async def remove(self, token_hash: str) -> None:
        """End a session; nothing happens when there is none."""
        await self._connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash))

    async def living(self, token_hashes: Collection[str], *, now: datetime) -> frozenset[str]:
        """Return those of the sessions that are still open."""
        found = await self._connection.execute(
            select(SESSION.c.token_hash).where(
                SESSION.c.token_hash.in_(token_hashes), SESSION.c.expires_at > now
            )
        )
        return frozenset(found.scalars())
