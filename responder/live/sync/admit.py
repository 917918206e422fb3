"""From an open socket to a live client: ticket, hello, then everything that the client does not have yet."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from websockets.exceptions import ConnectionClosed

from responder.domain.errors import NotFoundError, ResponderError, TicketRefusedError
from responder.domain.ids import CircleId
from responder.domain.people.access import ViewerCard
from responder.live.circle.audience import shown_snapshot
from responder.live.circle.channel import Channel
from responder.live.circle.hub import Hub
from responder.live.circle.read_model import VisibleSnapshot
from responder.live.circle.rendering import EncodedEvent
from responder.live.circle.session import ClientSession
from responder.live.connection.connection import LiveConnection
from responder.live.connection.outbox import Outbox
from responder.live.connection.unauthenticated import Slot
from responder.live.protocol import close_codes
from responder.live.protocol.limits import Limits
from responder.live.protocol.messages import Hello, Refused, Resumed, Snapshot, Ticket
from responder.live.protocol.wire import InvalidMessageError, decode, encode, text_frame, to_json
from responder.live.sync.admission_batch import Admission, Admitted
from responder.live.sync.sent_marks import deliveries_of
from responder.ports import Clock, Database, DatabaseAwayError
from responder.services.circles.snapshot import missed_events, show_circle
from responder.services.security_context import as_account, as_system

_log = logging.getLogger(__name__)

Message = TypeVar("Message", Ticket, Hello)


class ClosingError(Exception):
    """The socket is to be closed with a code."""

    def __init__(self, close_code: int, refusal: ResponderError | str) -> None:
        super().__init__(refusal)
        self.close_code = close_code
        self.refusal = refusal.code if isinstance(refusal, ResponderError) else refusal


class Handshake:
    """Brings sockets to life in the hub."""

    def __init__(self, database: Database, hub: Hub, *, clock: Clock, limits: Limits) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._limits = limits
        self._admission = Admission(database, hub, clock=clock)
        self._snapshots = asyncio.Semaphore(limits.snapshots_at_once)

    async def admit(self, connection: LiveConnection) -> ClientSession | None:
        """Return the live client; or None, with its socket closed for a reason."""
        try:
            admitted, hello = await self._admit(connection)
            session = self._session(connection, admitted, device=hello.device)
            return await self._sync(session, hello)
        except ClosingError as closing:
            connection.write(encode(Refused(code=closing.refusal)))
            connection.close_soon(closing.close_code, closing.refusal)
        except ConnectionClosed:
            pass
        except DatabaseAwayError:
            connection.close_soon(close_codes.TRY_AGAIN, "not_ready")
        except Exception as error:  # noqa: BLE001 - whatever it was, the client comes back
            _log.warning("a client could not be let in: %r", error)
            connection.close_soon(close_codes.TRY_AGAIN, "not_ready")
        return None

    async def finish(self) -> None:
        await self._admission.finish()

    async def _receive(self, connection: LiveConnection, kind: type[Message]) -> Message:
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

    async def _admit(self, connection: LiveConnection) -> tuple[Admitted, Hello]:
        ticket = await self._receive(connection, Ticket)
        hello = await self._receive(connection, Hello)
        circle_id = CircleId(hello.circle_id)
        # From now on it waits for us, so that its going would be no fault of its own.
        slot, connection.slot = connection.slot, Slot()
        try:
            return await self._admission.admit(ticket=ticket.ticket, circle_id=circle_id), hello
        except TicketRefusedError as error:
            slot.release_later()
            raise ClosingError(close_codes.NOT_SIGNED_IN, error) from None
        except NotFoundError as error:
            raise ClosingError(close_codes.NOT_ALLOWED, error) from None
        finally:
            slot.release()

    def _session(self, connection: LiveConnection, admitted: Admitted, *, device: str) -> ClientSession:
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
        session = ClientSession(
            connection,
            outbox,
            viewer=admitted.viewer,
            session_hash=admitted.redeemed.session_hash,
            device=device,
        )
        session.unconfirmed = admitted.unconfirmed
        return session

    async def _sync(self, session: ClientSession, hello: Hello) -> ClientSession:
        channel = await self._hub.join(session)
        try:
            if hello.epoch is None or hello.seq is None or not await self._resume(session, channel, hello):
                await self._send_snapshot(session, channel)
        except BaseException:
            self._hub.leave(session)
            raise
        return session

    async def _resume(self, session: ClientSession, channel: Channel, hello: Hello) -> bool:
        """Send what the client missed; tell whether that could be done."""
        epoch, seq, event_id = hello.epoch or "", hello.seq or 0, hello.event_id
        missed = channel.since(epoch, seq, event_id)
        up_to = channel.last_seq
        if missed is None:
            found = await self._look_up(session.viewer.circle_id, epoch=epoch, seq=seq, event_id=event_id)
            if found is None:
                return False
            missed, up_to = found
        due = [
            (each.event, frame) for each in missed if (frame := each.frame_for(session.viewer)) is not None
        ]
        session.resumed = True
        session.snapshot_deliveries = tuple(
            delivery
            for each in missed
            for delivery in deliveries_of(each.event)
            if delivery.recipient_id in session.viewer.responder_ids
        )
        resumed = encode(Resumed(viewer=ViewerCard.of(session.viewer), epoch=epoch, seq=up_to))
        held = await self._catch_up(session, [resumed, *(frame for _, frame in due)], seq=up_to)
        session.replayed = (*(event for event, _ in due), *channel.recent(held))
        return True

    async def _catch_up(self, session: ClientSession, frames: Sequence[bytes], *, seq: int) -> set[int]:
        """
        Send what brings the client up to event number `seq`, as fast as it reads, and then let it go live.

        Returns the numbers of the events after `seq` that were sent as well.

        Hours of events are more than may wait for a live client: without this pace a client that missed much
        would be closed as too slow each time it comes back.
        """
        followed = set[int]()
        try:
            async with asyncio.timeout(self._limits.catch_up_s):
                for frame in frames:
                    await self._send(session, frame)
                while held := session.take_held():
                    for held_seq, frame in held:
                        if held_seq > seq:
                            await self._send(session, frame)
                            seq = held_seq
                            followed.add(seq)
        except TimeoutError:
            raise ClosingError(close_codes.TOO_SLOW, "too_slow") from None
        session.go_live(seq)
        return followed

    async def _send(self, session: ClientSession, frame: bytes) -> None:
        if session.connection.is_busy:
            await session.connection.drain()
        session.outbox.send(frame)

    async def _look_up(
        self, circle_id: CircleId, *, epoch: str, seq: int, event_id: UUID | None
    ) -> tuple[list[EncodedEvent], int] | None:
        """Return what happened after `event_id` and how far that goes; None when only a snapshot helps."""
        with as_system(circle_id):
            async with self._snapshots:
                found = await missed_events(
                    self._database, circle_id=circle_id, epoch=epoch, seq=seq, event_id=event_id
                )
        if found is None:
            return None
        missed, last_seq = found
        return [EncodedEvent(each) for each in missed], last_seq

    async def _send_snapshot(self, session: ClientSession, channel: Channel) -> None:
        shown = channel.read_model.show(session.viewer)
        if shown is None:
            viewer = session.viewer
            with as_account(viewer.account_id, viewer.circle_id):
                async with self._snapshots:
                    whole = await show_circle(self._database, viewer=viewer, clock=self._clock)
            snapshot = shown_snapshot(whole, session.viewer)
            message = to_json(Snapshot(viewer=ViewerCard.of(session.viewer), snapshot=snapshot))
            own = (delivery for incident in snapshot.incidents for delivery in incident.deliveries)
            shown = VisibleSnapshot(message, snapshot.seq, tuple(own))
        session.snapshot_deliveries = shown.deliveries
        held = await self._catch_up(session, [text_frame(shown.json)], seq=shown.seq)
        session.replayed = tuple(channel.recent(held))
