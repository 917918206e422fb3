"""The round over all sockets: ping the silent, cut the dead, give up those for whom alerts wait too long."""

import asyncio

from responder.live.connection.connection import LiveConnection
from responder.live.protocol.limits import Limits
from responder.live.protocol.metrics import Metrics

_ROUND_S = 1.0


class Keepalive:
    """Looks at every socket once a second."""

    def __init__(self, connections: set[LiveConnection], *, limits: Limits, metrics: Metrics) -> None:
        self._connections = connections
        self._limits = limits
        self._metrics = metrics

    async def run(self) -> None:
        """Make rounds, and note how late the event loop was for each."""
        loop = asyncio.get_running_loop()
        while True:
            slept_at = loop.time()
            await asyncio.sleep(_ROUND_S)
            self._metrics.loop_lag_s.observe(max(0.0, loop.time() - slept_at - _ROUND_S))
            self.check(now=loop.time())

    def check(self, *, now: float) -> None:
        ping_s = self._limits.ping_interval_s
        cut_s = ping_s + self._limits.ping_timeout_s
        for connection in tuple(self._connections):
            silent_s = now - connection.last_heard
            if silent_s > cut_s:
                self._metrics.count("responder_live_connections_dropped_total")
                connection.cut()
            elif silent_s > ping_s:
                connection.write_ping()
            if connection.outbox is not None:
                connection.outbox.check_age()
