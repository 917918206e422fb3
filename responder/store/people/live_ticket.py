"""One-use tickets for sockets, by their hash."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId
from responder.domain.people.account import Account, RedeemedTicket
from responder.store.metadata import METADATA, time
from responder.store.people.account import ACCOUNT
from responder.store.people.session import SESSION, PostgresSessions

LIVE_TICKET = Table(
    "live_ticket",
    METADATA,
    Column("ticket_hash", Text, primary_key=True),
    Column(
        "session_hash",
        Text,
        ForeignKey("session.token_hash", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    time("expires_at"),
)


class PostgresLiveTickets:
    """One-use tickets for sockets, by their hash."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sessions = PostgresSessions(connection)

    async def add(self, ticket_hash: str, *, session_hash: str, expires_at: datetime) -> None:
        await self._connection.execute(
            insert(LIVE_TICKET).values(
                ticket_hash=ticket_hash, session_hash=session_hash, expires_at=expires_at
            )
        )

    async def redeem(self, ticket_hashes: Collection[str], *, now: datetime) -> dict[str, RedeemedTicket]:
        # DELETE … RETURNING: of two sockets with one ticket, one gets the row.
        taken = await self._connection.execute(
            delete(LIVE_TICKET)
            .where(LIVE_TICKET.c.ticket_hash == func.any(list(ticket_hashes)))
            .returning(LIVE_TICKET.c.ticket_hash, LIVE_TICKET.c.session_hash, LIVE_TICKET.c.expires_at)
        )
        good = {row.ticket_hash: row.session_hash for row in taken if row.expires_at > now}
        if not good:
            return {}
        # Tickets that were never used go with the next one that is.
        sessions = list(set(good.values()))
        await self._connection.execute(
            delete(LIVE_TICKET).where(
                LIVE_TICKET.c.session_hash == func.any(sessions), LIVE_TICKET.c.expires_at <= now
            )
        )
        accounts = await self._accounts(await self._sessions.living(sessions, now=now))
        return {
            ticket_hash: RedeemedTicket(account=accounts[session_hash], session_hash=session_hash)
            for ticket_hash, session_hash in good.items()
            if session_hash in accounts
        }

    async def _accounts(self, session_hashes: Collection[str]) -> dict[str, Account]:
        """Return whose each session is."""
        found = await self._connection.execute(
            select(SESSION.c.token_hash, ACCOUNT.c.id, ACCOUNT.c.username, ACCOUNT.c.name, ACCOUNT.c.admin)
            .join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id)
            .where(SESSION.c.token_hash == func.any(list(session_hashes)))
        )
        return {
            row.token_hash: Account(
                id=AccountId(row.id), username=row.username, name=row.name, admin=row.admin
            )
            for row in found
        }
