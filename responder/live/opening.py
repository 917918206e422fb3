"""From an open socket to a live client: ticket, hello, then everything that the client does not have yet."""

import asyncio
import logging
from typing import TypeVar

from websockets.exceptions import ConnectionClosed

from responder.domain.access import Viewer
from responder.domain.account import RedeemedTicket
from responder.domain.errors import NotFoundError, ResponderError, TicketRefusedError
from responder.domain.event import RecordedEvent
from responder.domain.ids import CircleId
from responder.live import close_codes
from responder.live.calls import deliveries_of
from responder.live.channel import Channel
from responder.live.connection import LiveConnection
from responder.live.hub import Hub
from responder.live.limits import Limits
from responder.live.member import Member
from responder.live.messages import EventMessage, Hello, Refused, Resumed, Snapshot, Ticket, ViewerCard
from responder.live.outbox import Outbox
from responder.live.wire import InvalidMessageError, decode, encode
from responder.services.live_ticket import redeem_ticket
from responder.services.ports import Clock, Database
from responder.services.show_circle import events_after, show_circle
from responder.services.sign_in import viewer as find_viewer

_log = logging.getLogger(__name__)

Message = TypeVar("Message", Ticket, Hello)


class ClosingError(Exception):
    """The socket is to be closed with a code."""

    def __init__(self, close_code: int, refusal: ResponderError | str) -> None:
        super().__init__(refusal)
        self.close_code = close_code
        self.refusal = refusal.code if isinstance(refusal, ResponderError) else refusal


class Opening:
    """Brings sockets to life in the hub."""

    def __init__(self, database: Database, hub: Hub, *, clock: Clock, limits: Limits) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._limits = limits
        self._snapshots = asyncio.Semaphore(limits.snapshots_at_once)

    async def admit(self, connection: LiveConnection) -> Member | None:
        """Return the live client; or None, with its socket closed for a reason."""
        try:
            redeemed = await self._redeem(connection)
            hello = await self._first(connection, Hello)
            viewer = await self._find_viewer(redeemed, CircleId(hello.circle_id))
            connection.settle()
            member = self._member(connection, viewer, redeemed=redeemed, device=hello.device)
            return await self._bring_up_to_date(member, hello)
        except ClosingError as closing:
            connection.write(encode(Refused(code=closing.refusal)))
            connection.close_soon(closing.close_code, closing.refusal)
        except ConnectionClosed:
            pass
        except Exception as error:  # noqa: BLE001 - such as a database that is away; the client comes back
            _log.warning("a client could not be let in: %r", error)
            connection.close_soon(close_codes.TRY_AGAIN, "not_ready")
        return None

    async def _first(self, connection: LiveConnection, kind: type[Message]) -> Message:
        try:
            async with asyncio.timeout(self._limits.first_message_s):
                message = decode(await connection.recv())
        except TimeoutError:
            raise ClosingError(close_codes.TOO_LATE, "too_late") from None
        except InvalidMessageError as error:
            raise ClosingError(close_codes.NOT_SIGNED_IN, error) from None
        if not isinstance(message, kind):
            raise ClosingError(close_codes.NOT_SIGNED_IN, InvalidMessageError())
        return message

    async def _redeem(self, connection: LiveConnection) -> RedeemedTicket:
        message = await self._first(connection, Ticket)
        try:
            return await redeem_ticket(self._database, ticket=message.ticket, clock=self._clock)
        except TicketRefusedError as error:
            raise ClosingError(close_codes.NOT_SIGNED_IN, error) from None

    async def _find_viewer(self, redeemed: RedeemedTicket, circle_id: CircleId) -> Viewer:
        try:
            return await find_viewer(self._database, account_id=redeemed.account.id, circle_id=circle_id)
        except NotFoundError as error:
            raise ClosingError(close_codes.NOT_ALLOWED, error) from None

    def _member(
        self, connection: LiveConnection, viewer: Viewer, *, redeemed: RedeemedTicket, device: str
    ) -> Member:
        def give_up() -> None:
            connection.close_soon(close_codes.TOO_SLOW, "too_slow")

        outbox = Outbox(
            connection,
            limit_bytes=self._limits.queue_bytes,
            limit_s=self._limits.queue_s,
            now=connection.loop.time,
            on_too_slow=give_up,
        )
        connection.outbox = outbox
        return Member(connection, outbox, viewer=viewer, session_hash=redeemed.session_hash, device=device)

    async def _bring_up_to_date(self, member: Member, hello: Hello) -> Member:
        channel = await self._hub.join(member)
        try:
            missed = await self._missed(member, hello)
            if missed is None:
                await self._send_snapshot(member)
            else:
                self._send_missed(member, missed, channel=channel, known_seq=hello.seq or 0)
        except BaseException:
            self._hub.leave(member)
            raise
        return member

    async def _missed(self, member: Member, hello: Hello) -> list[RecordedEvent] | None:
        if hello.epoch is None or hello.seq is None:
            return None
        missed = await events_after(self._database, viewer=member.viewer, epoch=hello.epoch, seq=hello.seq)
        return None if missed is None else list(missed)

    async def _send_snapshot(self, member: Member) -> None:
        async with self._snapshots:
            picture = await show_circle(self._database, viewer=member.viewer, clock=self._clock)
        member.outbox.send(encode(Snapshot(viewer=card(member.viewer), picture=picture)))
        member.told = tuple(delivery for incident in picture.incidents for delivery in incident.deliveries)
        member.go_live(picture.seq)

    def _send_missed(
        self, member: Member, missed: list[RecordedEvent], *, channel: Channel, known_seq: int
    ) -> None:
        # What was missed was read after the member joined, so it reaches at least to where the channel stood
        # then; the numbers in between belong to events that are not this viewer's business.
        up_to = max(known_seq, missed[-1].seq if missed else 0, member.joined_at_seq)
        member.resumed = True
        member.told = tuple(delivery for recorded in missed for delivery in deliveries_of(recorded.event))
        member.outbox.send(encode(Resumed(viewer=card(member.viewer), epoch=channel.epoch, seq=up_to)))
        for recorded in missed:
            member.outbox.send(encode(EventMessage(seq=recorded.seq, at=recorded.at, event=recorded.event)))
        member.go_live(up_to)


def card(viewer: Viewer) -> ViewerCard:
    """Return what a client is told about itself."""
    return ViewerCard(
        account_id=viewer.account_id,
        name=viewer.name,
        role=viewer.role,
        partner_id=viewer.partner_id,
        responder_ids=sorted(viewer.responder_ids),
        unit_ids=sorted(viewer.unit_ids),
    )
