"""Messages of live clients: parsed at once, processed from queues."""

from collections.abc import Callable

from responder.live.circle.session import ClientSession
from responder.live.protocol import close_codes
from responder.live.protocol.messages import Receipt, Refused, ReportPosition
from responder.live.protocol.wire import InvalidMessageError, decode, encode


class Inbox:
    """
    Sorts the messages of live clients.

    Nothing here waits, so that a client's socket is always being read: a pong that is not read in time would
    close a healthy connection.
    """

    def __init__(
        self,
        *,
        limit: int,
        on_receipt: Callable[[ClientSession, Receipt], None],
        on_position: Callable[[ClientSession, ReportPosition], None],
    ) -> None:
        self._limit = limit
        self._on_receipt = on_receipt
        self._on_position = on_position

    def receive(self, session: ClientSession, text: str | bytes) -> None:
        """Take in one message."""
        try:
            message = decode(text)
        except InvalidMessageError as error:
            where = str(error.detail.get("where", ""))
            session.outbox.send(encode(Refused(code=error.code, detail=where)))
            return
        if isinstance(message, ReportPosition):
            self._on_position(session, message)
        elif not isinstance(message, Receipt):
            session.outbox.send(encode(Refused(code=InvalidMessageError.code, detail="already_live")))
        elif session.unanswered >= self._limit:
            session.connection.close_soon(close_codes.TOO_SLOW, "too_many_messages")
        else:
            session.unanswered += 1
            self._on_receipt(session, message)
