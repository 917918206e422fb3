"""Open sessions, by the hash of their token."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Table,
    Text,
    Uuid,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId
from responder.domain.people.account import SEEN_EVERY, SESSION_IDLES, Account, Session
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.store.metadata import METADATA, time
from responder.store.people.account import ACCOUNT

SESSION = Table(
    "session",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False, index=True),
    time("opened_at"),
    time("expires_at"),
    Column("id", Uuid, nullable=False, unique=True),
    Column("device", Text, nullable=False),
    Column("address", Text, nullable=False),
    time("last_seen_at"),
    CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name="token_hashed"),
)

SOCKET_SEEN_EVERY = timedelta(minutes=5)
"""A socket uses its session all the time; with ten thousand of them, every minute would be too often."""
SEEN_AT_ONCE = 500
"""Rows written for sockets in one round; the others have their turn in the next."""


def is_open(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a session has neither expired nor been idle for too long."""
    return and_(SESSION.c.expires_at > now, SESSION.c.last_seen_at > now - SESSION_IDLES)


class PostgresSessions:
    """Open sessions, by the hash of their token."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        token_hash: str,
        *,
        account_id: AccountId,
        opened_at: datetime,
        expires_at: datetime,
        origin: ClientInfo = UNKNOWN_CLIENT,
    ) -> None:
        await self._connection.execute(
            insert(SESSION).values(
                token_hash=token_hash,
                account_id=account_id,
                opened_at=opened_at,
                expires_at=expires_at,
                id=uuid4(),
                device=origin.device,
                address=origin.address,
                last_seen_at=opened_at,
            )
        )

    async def account(self, token_hash: str, *, now: datetime) -> Account | None:
        found = await self._connection.execute(
            select(ACCOUNT.c.id, ACCOUNT.c.username, ACCOUNT.c.name, ACCOUNT.c.admin, SESSION.c.last_seen_at)
            .join(SESSION, SESSION.c.account_id == ACCOUNT.c.id)
            .where(SESSION.c.token_hash == token_hash, is_open(now))
        )
        row = found.one_or_none()
        if row is None:
            return None
        if now - row.last_seen_at >= SEEN_EVERY:
            await self._connection.execute(
                update(SESSION).where(SESSION.c.token_hash == token_hash).values(last_seen_at=now)
            )
        return Account(id=AccountId(row.id), username=row.username, name=row.name, admin=row.admin)

    async def of_account(
        self, account_id: AccountId, *, current_hash: str, now: datetime
    ) -> tuple[Session, ...]:
        found = await self._connection.execute(
            select(SESSION)
            .where(SESSION.c.account_id == account_id, is_open(now))
            .order_by(SESSION.c.last_seen_at.desc(), SESSION.c.id)
        )
        return tuple(
            Session(
                id=row.id,
                device=row.device,
                address=row.address,
                created_at=row.opened_at,
                last_seen_at=row.last_seen_at,
                expires_at=row.expires_at,
                current=row.token_hash == current_hash,
            )
            for row in found
        )

    async def end(self, account_id: AccountId, session_id: UUID) -> bool:
        gone = await self._connection.execute(
            delete(SESSION).where(SESSION.c.account_id == account_id, SESSION.c.id == session_id)
        )
        return gone.rowcount == 1

    async def end_others(self, account_id: AccountId, *, kept_hash: str | None) -> int:
        gone = await self._connection.execute(
            delete(SESSION).where(
                SESSION.c.account_id == account_id, SESSION.c.token_hash != (kept_hash or "")
            )
        )
        return gone.rowcount

    async def remove(self, token_hash: str) -> AccountId | None:
        found = await self._connection.execute(
            delete(SESSION).where(SESSION.c.token_hash == token_hash).returning(SESSION.c.account_id)
        )
        account_id = found.scalar_one_or_none()
        return None if account_id is None else AccountId(account_id)

    async def living(self, token_hashes: Collection[str], *, now: datetime) -> frozenset[str]:
        found = await self._connection.execute(
            select(SESSION.c.token_hash, SESSION.c.last_seen_at).where(
                SESSION.c.token_hash == func.any(list(token_hashes)), is_open(now)
            )
        )
        rows = found.all()
        unseen = [row.token_hash for row in rows if now - row.last_seen_at >= SOCKET_SEEN_EVERY]
        if unseen:
            await self._connection.execute(
                update(SESSION)
                .where(SESSION.c.token_hash.in_(unseen[:SEEN_AT_ONCE]))
                .values(last_seen_at=now)
            )
        return frozenset(row.token_hash for row in rows)

    async def delete_expired(self, *, now: datetime) -> int:
        gone = await self._connection.execute(
            delete(SESSION).where(
                or_(SESSION.c.expires_at <= now, SESSION.c.last_seen_at <= now - SESSION_IDLES)
            )
        )
        return gone.rowcount
