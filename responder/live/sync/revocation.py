"""The round over all sockets: an ended session closes them, a changed standing starts them afresh."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from responder.domain.ids import CircleId
from responder.live.circle.channel import Channel
from responder.live.circle.hub import Hub
from responder.live.circle.session import ClientSession
from responder.live.protocol import close_codes
from responder.ports import Clock, Database, DatabaseAwayError
from responder.security.sign_in import living_sessions

AT_ONCE = 250
"""Sockets per query: reading the result must not delay an alert's receipts."""
PUT_OFF_S = 1.0
"""How long a round waits at most while an alert is on its way."""

_log = logging.getLogger(__name__)


class RevocationMonitor:
    """
    Checks that open sessions are still allowed.

    `membership_version` counts the changes of memberships in a circle. All sessions of a circle are checked
    when that number has moved, and once more in the next round, to cover clients that were connecting.
    Each round also checks some sessions of all circles, because a count is no proof.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        *,
        clock: Clock,
        interval_s: float,
        idle_in_s: Callable[[], float],
    ) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._interval_s = interval_s
        self._calm_in_s = idle_in_s
        self._go_on_at = 0.0
        self._changed: set[Channel] = set()
        self._once_more: set[Channel] = set()
        self._looking: dict[Channel, asyncio.Task[None]] = {}
        self._next = 0

    def membership_changed(self, channel: Channel) -> None:
        """
        Check all sessions of the circle at once, and again in the next round.

        A person who was just put in a unit may have been called with it, and hears of it on a socket that
        starts afresh.
        """
        self._changed.add(channel)
        if channel not in self._looking:
            self._looking[channel] = asyncio.create_task(self._check_soon(channel))

    async def finish(self) -> None:
        looking = tuple(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self.check()
            except DatabaseAwayError:
                pass
            except Exception as error:  # noqa: BLE001 - the next round tries again
                _log.warning("sessions cannot be checked: %r", error)

    async def check(self) -> None:
        """Make one round: all sessions, the standings that changed, and some of the others."""
        self._go_on_at = asyncio.get_running_loop().time() + PUT_OFF_S
        for sessions in _batches(tuple(self._hub.sessions)):
            await self._yield_to_alert()
            await self._check_sessions(sessions)
        changed, self._changed = self._changed, set()
        try:
            await self._check_memberships(
                [session for channel in changed | self._once_more for session in channel.sessions]
            )
        except BaseException:
            self._changed |= changed
            raise
        self._once_more = changed
        await self._check_memberships(self._some_sessions())

    async def _check_soon(self, channel: Channel) -> None:
        try:
            await self._check_memberships(tuple(channel.sessions))
        except DatabaseAwayError:
            pass
        except Exception as error:  # noqa: BLE001 - the next round tries again
            _log.warning("memberships cannot be checked: %r", error)
        finally:
            del self._looking[channel]

    async def _check_sessions(self, sessions: Sequence[ClientSession]) -> None:
        living = await living_sessions(
            self._database, session_hashes={session.session_hash for session in sessions}, clock=self._clock
        )
        for session in sessions:
            if session.session_hash not in living:
                session.connection.close_soon(close_codes.NOT_SIGNED_IN, "not_signed_in")

    async def _check_memberships(self, sessions: Sequence[ClientSession]) -> None:
        for part in _batches(sessions):
            await self._yield_to_alert()
            by_circle: dict[CircleId, list[ClientSession]] = defaultdict(list)
            for session in part:
                by_circle[session.viewer.circle_id].append(session)
            async with self._database.snapshot() as transaction:
                for circle_id, some in by_circle.items():
                    accounts = {session.viewer.account_id for session in some}
                    viewers = await transaction.admissions.viewers(circle_id, accounts)
                    for session in some:
                        if viewers.get(session.viewer.account_id) != session.viewer:
                            session.connection.close_soon(close_codes.RESYNC, "membership_changed")

    async def _yield_to_alert(self) -> None:
        """Let an alert and its receipts go first, but not for long: an ended session is an ended session."""
        left_s = self._go_on_at - asyncio.get_running_loop().time()
        pause_s = min(self._calm_in_s(), left_s)
        if pause_s > 0:
            await asyncio.sleep(pause_s)

    def _some_sessions(self) -> Sequence[ClientSession]:
        sessions = tuple(self._hub.sessions)
        first = self._next if self._next < len(sessions) else 0
        self._next = first + AT_ONCE
        return sessions[first : self._next]


def _batches(sessions: Iterable[ClientSession]) -> Iterator[Sequence[ClientSession]]:
    all_of_them = tuple(sessions)
    for first in range(0, len(all_of_them), AT_ONCE):
        yield all_of_them[first : first + AT_ONCE]
