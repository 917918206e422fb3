"""One-use tickets: what a socket shows first, so that no other site can open one with a stolen cookie."""

import secrets
from datetime import timedelta

from responder.domain.errors import NotSignedInError
from responder.domain.people.account import LiveTicket
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.sign_in import TOKEN_BYTES, hash_token

TICKET_LASTS = timedelta(seconds=30)


async def issue_ticket(database: Database, *, token: str, clock: Clock) -> LiveTicket:
    """
    Issue a ticket bound to the session.

    Raises
    ------
    NotSignedInError
        The session is unknown, has ended or has expired.
    """
    now = moment(clock)
    ticket = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + TICKET_LASTS
    session_hash = hash_token(token)
    async with database.begin() as transaction:
        if await transaction.sessions.account(session_hash, now=now) is None:
            raise NotSignedInError
        await transaction.live_tickets.add(
            hash_token(ticket), session_hash=session_hash, expires_at=expires_at
        )
    return LiveTicket(ticket=ticket, expires_at=expires_at)
