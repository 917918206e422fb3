"""The round over all sessions: an ended one closes its sockets, a changed standing starts them afresh."""

import asyncio
import logging
from collections.abc import Sequence

from responder.domain.errors import NotFoundError
from responder.live import close_codes
from responder.live.hub import Hub
from responder.live.member import Member
from responder.services.ports import Clock, Database, Transaction
from responder.services.sign_in import living_sessions

STANDINGS_PER_ROUND = 20
"""So few, because each is a query, and an alert's receipts must not wait for them."""

_log = logging.getLogger(__name__)


class Sessions:
    """Looks again at whether the members may still be here."""

    def __init__(self, database: Database, hub: Hub, *, clock: Clock, interval_s: float) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._interval_s = interval_s
        self._next_standing = 0

    async def run(self) -> None:
        """Make rounds."""
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the next round tries again
                _log.warning("sessions cannot be checked: %r", error)

    async def look(self) -> None:
        """Make one round: all sessions, and some of the standings."""
        members = tuple(self._hub.members)
        if not members:
            return
        living = await living_sessions(
            self._database, session_hashes={member.session_hash for member in members}, clock=self._clock
        )
        for member in members:
            if member.session_hash not in living:
                member.connection.close_soon(close_codes.NOT_SIGNED_IN, "not_signed_in")
        await self._look_at_standings([member for member in members if member.session_hash in living])

    async def _look_at_standings(self, members: Sequence[Member]) -> None:
        """Look at the next few of the members: ten thousand at once would be a burst."""
        first = self._next_standing if self._next_standing < len(members) else 0
        self._next_standing = first + STANDINGS_PER_ROUND
        async with self._database.snapshot() as transaction:
            for member in members[first : self._next_standing]:
                if not await _stands_as_before(transaction, member):
                    member.connection.close_soon(close_codes.RESYNC, "standing_changed")


async def _stands_as_before(transaction: Transaction, member: Member) -> bool:
    viewer = member.viewer
    try:
        return viewer == await transaction.memberships.viewer(viewer.account_id, viewer.circle_id)
    except NotFoundError:
        return False
