"""The live gateway: one process that holds sockets, and passes on what is recorded in the log."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from functools import partial
from typing import cast
from uuid import UUID

import structlog
from websockets.asyncio.server import Server
from websockets.exceptions import ConnectionClosed

from responder.live.circle.hub import Hub
from responder.live.circle.session import ClientSession
from responder.live.connection.connection import CLOSE_GRACE_S, LiveConnection
from responder.live.connection.gc_pause import GcScheduler
from responder.live.connection.handshake import HandshakeCheck
from responder.live.connection.keepalive import Keepalive
from responder.live.connection.listener import GatewayListener
from responder.live.connection.listening_socket import listening_socket
from responder.live.connection.probes import Probes
from responder.live.connection.proxies import Proxies
from responder.live.connection.unauthenticated import HandshakeLimiter
from responder.live.protocol import close_codes
from responder.live.protocol.limits import Limits
from responder.live.protocol.metrics import Metrics
from responder.live.sync.admit import Handshake
from responder.live.sync.dispatch_log import DispatchLog, dispatch_of
from responder.live.sync.inbox import Inbox
from responder.live.sync.positions import PositionBus, PositionRelay
from responder.live.sync.receipts import ReceiptWriter
from responder.live.sync.relay import Relay
from responder.live.sync.reminders import Reminders
from responder.live.sync.revocation import RevocationMonitor
from responder.live.sync.sent_marks import SentMarks
from responder.ports import Clock, Database, DatabaseAwayError
from responder.ports.database import Impairment
from responder.ports.incidents import AddressedEvent
from responder.security.alert_priority import AlertPriority

_log = structlog.get_logger(__name__)

SENDING_S = 0.25
"""How long after an alert no connection is accepted: that is when most of its receipts come."""
BUSY_WINDOW_S = 2.0
"""How long an alert keeps a gateway busy: its receipts come in."""

Wakeups = Callable[[], AsyncIterator[UUID]]


class Gateway:
    """
    Everything between the log in the database and the sockets.

    Parameters
    ----------
    database
        Where sessions, snapshots, the log and the receipts are.
    wakeups
        Called once; yields the id of a circle whose log has grown. It may lose some, or be None: the log
        is looked at every `limits.poll_s` anyway.
    clock
        The time of receipts and positions.
    positions
        Brings positions from other gateways at once; without it, and while it is away, they are looked up.
    allowed_origins
        Origins of the pages that may open a socket, such as `https://circle.example`.
    proxies
        Addresses of proxies whose word is taken for where a client is; `*` for all.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        allowed_origins: frozenset[str],
        wakeups: Wakeups | None = None,
        positions: PositionBus | None = None,
        limits: Limits | None = None,
        proxies: Sequence[str] = (),
    ) -> None:
        self.limits = limits or Limits()
        self._database = database
        self._proxies = Proxies(proxies)
        self.metrics = Metrics()
        self.hub = Hub(database, clock=clock)
        self.connections: set[LiveConnection] = set()
        self._idle_at = 0.0
        self._priority = AlertPriority(afterwards_s=SENDING_S)
        self._allowed_origins = allowed_origins
        self._receipts = ReceiptWriter(
            database, self.hub, on_published=self._published, clock=clock, metrics=self.metrics
        )
        self._dispatch_log = DispatchLog(self.hub)
        self._sent = SentMarks(database, self.hub, clock=clock, after_receipts=self._receipts.stored)
        self._reminders = Reminders(self.hub, metrics=self.metrics, after_s=self.limits.resend_after_s)
        self._handshake = Handshake(database, self.hub, clock=clock, limits=self.limits)
        self._positions = PositionRelay(
            database, self.hub, clock=clock, interval_s=self.limits.position_interval_s, bus=positions
        )
        self._inbox = Inbox(
            limit=self.limits.unanswered_messages,
            on_receipt=self._receipts.receive,
            on_position=self._positions.receive,
        )
        self._sessions = RevocationMonitor(
            database,
            self.hub,
            clock=clock,
            interval_s=self.limits.session_check_s,
            idle_in_s=lambda: self.idle_in_s,
        )
        self.relay = Relay(
            database,
            self.hub,
            wakeups=wakeups,
            on_published=self._published,
            after_receipts=self._receipts.stored,
            on_membership_changed=self._sessions.membership_changed,
            poll_s=self.limits.poll_s,
        )
        self._keepalive = Keepalive(self.connections, limits=self.limits, metrics=self.metrics)
        self._listener: GatewayListener | None = None
        self._server: Server | None = None
        self._rounds: list[asyncio.Task[None]] = []
        self._show_gauges()

    @property
    def idle_in_s(self) -> float:
        """Seconds until the receipts of the last alert should be in."""
        return max(0.0, self._idle_at - asyncio.get_running_loop().time())

    @property
    def is_idle(self) -> bool:
        """Whether no alert went out just now and no receipt waits."""
        return not self.idle_in_s and not self._receipts.batcher.depth

    @property
    def closed(self) -> int:
        """How many connections have ended."""
        return self._listener.closed if self._listener is not None else 0

    async def start(self, host: str, port: int) -> int:
        """Serve; return the port, which is of the system's choosing when `port` is 0."""
        limits = self.limits
        listening = listening_socket(host, port, tcp_user_timeout_s=limits.tcp_user_timeout_s)
        probes = Probes(self.metrics, parts=self._parts)
        handshakes = HandshakeLimiter(
            cooldown_s=limits.wasted_place_s,
            per_address=limits.unauthenticated_per_address,
            total=limits.unauthenticated_together,
        )
        self.metrics.gauge("responder_live_unauthenticated_connections", lambda: len(handshakes))
        check_request = HandshakeCheck(
            allowed_origins=self._allowed_origins,
            probes={"/healthz": probes.health, "/readyz": probes.readiness, "/metrics": probes.figures},
            handshakes=handshakes,
            proxies=self._proxies,
        )
        self._listener = GatewayListener(
            listening,
            check_request=check_request,
            serve=self._serve_client,
            handshakes=handshakes,
            proxies=self._proxies,
            limits=limits,
            metrics=self.metrics,
        )
        self._server = await self._listener.open()
        self._rounds = [
            asyncio.create_task(self._keep_on(round_))
            for round_ in (
                self.relay.listen,
                self.relay.poll,
                self._positions.run,
                self._positions.hear,
                self._reminders.run,
                self._keepalive.run,
                self._sessions.run,
                partial(
                    self._priority.give_way, self._listener.listener.pause, self._listener.listener.resume
                ),
            )
        ]
        return cast("int", listening.getsockname()[1])

    async def stop(self) -> None:
        """Take no more clients, store what came in, and close all sockets as "going away"."""
        if self._server is None:
            return
        self._server.close(close_connections=False)
        for connection in tuple(self.connections):
            connection.close_soon(close_codes.RESTART, "restart")
        await self._receipts.batcher.finish(within_s=2 * CLOSE_GRACE_S)
        await self._server.wait_closed()
        for round_ in self._rounds:
            round_.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        await self._handshake.finish()
        await self.relay.finish()
        await self._sessions.finish()
        self._dispatch_log.finish()
        await self._sent.batcher.finish(within_s=CLOSE_GRACE_S)

    async def _serve_client(self, client: LiveConnection) -> None:
        self.connections.add(client)
        try:
            session = await self._handshake.admit(client)
            if session is not None:
                await self._serve_session(client, session)
        finally:
            self.connections.discard(client)
            client.close_soon(1000, "")

    async def _serve_session(self, client: LiveConnection, session: ClientSession) -> None:
        how = "resumed" if session.resumed else "snapshot"
        self.metrics.count("responder_live_admitted_total", f'how="{how}"')
        self._sent.admitted(session)
        self._dispatch_log.admitted(session)
        self._positions.admitted(session)
        try:
            client.on_text = partial(self._inbox.receive, session)
            await self._reminders.remind(session)
            # What came in before, or in pieces, waits with the library.
            async for text in client:
                self._inbox.receive(session, text)
        except ConnectionClosed:
            pass
        finally:
            client.on_text = None
            self.hub.leave(session)

    def _published(self, addressed: AddressedEvent, reached: Sequence[ClientSession]) -> None:
        self.metrics.count("responder_live_events_total", f'kind="{addressed.recorded.event.kind}"')
        self.metrics.count("responder_live_event_frames_total", by=len(reached))
        self._sent.published(addressed, reached)
        passed = dispatch_of(addressed.recorded.event)
        if passed is not None:
            self._idle_at = asyncio.get_running_loop().time() + BUSY_WINDOW_S
            with self._priority.alert():
                pass
            self._dispatch_log.published(passed, seq=addressed.recorded.seq, sockets=len(reached))

    def _parts(self) -> dict[str, bool]:
        impaired = self._database.impaired
        return {
            "database": self.relay.database_answers,
            "disk": impaired is not Impairment.DISK,
            "writable": impaired is not Impairment.READ_ONLY,
            "socket": self._server is not None,
        }

    def _show_gauges(self) -> None:
        gauge = self.metrics.gauge
        gauge("responder_live_connections", lambda: len(self.connections))
        gauge("responder_live_members", lambda: sum(1 for _ in self.hub.sessions))
        gauge("responder_live_circles", lambda: len(self.hub.channels))
        gauge("responder_live_queued_frames", lambda: sum(s.outbox.queued for s in self.hub.sessions))
        gauge("responder_live_queued_bytes", lambda: sum(m.outbox.queued_bytes for m in self.hub.sessions))
        gauge("responder_live_positions_stale", lambda: float(self._positions.is_stale))
        gauge("responder_live_receipts_waiting", lambda: self._receipts.batcher.depth)

    async def _keep_on(self, round_: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin a round again when it failed: nothing that a round meets may end it for good."""
        while True:
            try:
                await round_()
            except DatabaseAwayError:
                await asyncio.sleep(1.0)
            except Exception:  # noqa: BLE001 - whatever it was, serving without this round would be worse
                _log.exception("a round of the gateway failed and begins again")
                await asyncio.sleep(1.0)
            else:
                return


async def serve(gateway: Gateway, *, host: str, port: int, stop: asyncio.Event) -> None:
    """
    Serve until `stop` is set, then close all sockets as "going away".

    This is the process's one job, so it also decides when garbage is collected.
    """
    gc_scheduler = GcScheduler(is_idle=lambda: gateway.is_idle, closed=lambda: gateway.closed)
    collecting = asyncio.create_task(gc_scheduler.run())
    try:
        await gateway.start(host, port)
        await stop.wait()
    finally:
        await gateway.stop()
        collecting.cancel()
