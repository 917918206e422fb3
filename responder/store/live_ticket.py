"""One-use tickets for sockets, by their hash."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.account import RedeemedTicket
from responder.store.metadata import METADATA, time
from responder.store.session import PostgresSessions

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
        """Keep a ticket that was just issued."""
        await self._connection.execute(
            insert(LIVE_TICKET).values(
                ticket_hash=ticket_hash, session_hash=session_hash, expires_at=expires_at
            )
        )

    async def take(self, ticket_hash: str, *, now: datetime) -> RedeemedTicket | None:
        """Remove the ticket and return what it proves; None when it is unknown, used or expired."""
        # DELETE … RETURNING: of two sockets with one ticket, one gets the row.
        taken = await self._connection.execute(
            delete(LIVE_TICKET)
            .where(LIVE_TICKET.c.ticket_hash == ticket_hash)
            .returning(LIVE_TICKET.c.session_hash, LIVE_TICKET.c.expires_at)
        )
        row = taken.one_or_none()
        if row is None or row.expires_at <= now:
            return None
        # Tickets that were never used go with the next one that is.
        await self._connection.execute(
            delete(LIVE_TICKET).where(
                LIVE_TICKET.c.session_hash == row.session_hash, LIVE_TICKET.c.expires_at <= now
            )
        )
        account = await self._sessions.account(row.session_hash, now=now)
        return None if account is None else RedeemedTicket(account=account, session_hash=row.session_hash)
