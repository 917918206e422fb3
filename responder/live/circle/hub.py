"""All circles that this gateway serves."""

import asyncio
from collections.abc import Iterable, Iterator

from responder.domain.ids import CircleId, IncidentId
from responder.live.circle.channel import RECENT, Channel
from responder.live.circle.per_person import PersonalizedJson
from responder.live.circle.read_model import encoded, load
from responder.live.circle.session import ClientSession
from responder.live.protocol.close_codes import RESYNC
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.security_context import as_system

IDLE_S = 30.0
"""How long a circle is followed after its last socket has gone: clients come back."""


class Hub:
    """The channels of all circles with a connected client."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._channels: dict[CircleId, Channel] = {}
        self._opening: dict[CircleId, asyncio.Task[Channel]] = {}

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(self._channels.values())

    @property
    def sessions(self) -> Iterator[ClientSession]:
        """All connected sessions."""
        return (session for channel in self.channels for session in channel.sessions)

    def find(self, circle_id: CircleId) -> Channel | None:
        """Return the circle's channel, if it is followed."""
        return self._channels.get(circle_id)

    async def join(self, session: ClientSession) -> Channel:
        """Add a session to the channel of its circle, which holds back events for it from now on."""
        circle_id = session.viewer.circle_id
        opened = self._channels.get(circle_id) or await self._opened(circle_id)
        # It may have been dropped as idle just now; one can follow from where it stands all the same.
        channel = self._channels.setdefault(circle_id, opened)
        channel.sessions.add(session)
        return channel

    def leave(self, session: ClientSession) -> None:
        channel = self._channels.get(session.viewer.circle_id)
        if channel is None:
            return
        channel.sessions.discard(session)
        if not channel.sessions:
            channel.idle_since = asyncio.get_running_loop().time()

    def drop_idle(self) -> None:
        """Stop following circles without clients for a while."""
        now = asyncio.get_running_loop().time()
        for channel in self.channels:
            if not channel.sessions and now - channel.idle_since > IDLE_S:
                del self._channels[channel.circle_id]

    def drop_other_log(self, channel: Channel) -> None:
        """Stop following a channel whose log is not that of the database; its clients start afresh."""
        if self._channels.get(channel.circle_id) is channel:
            del self._channels[channel.circle_id]
        channel.disconnect_all(RESYNC, "the log starts afresh")

    async def drop_other_logs(self, transaction: Transaction, circle_ids: Iterable[CircleId]) -> None:
        """Stop following those of these circles whose log is not the one that the transaction sees."""
        followed = [channel for each in circle_ids if (channel := self.find(each)) is not None]
        if not followed:
            return
        positions = {channel: channel.position for channel in followed}
        heads = await transaction.events.heads([channel.circle_id for channel in followed])
        for channel, position in positions.items():
            head = heads.get(channel.circle_id)
            if (
                head is None
                or head.epoch != position.epoch
                or not await transaction.events.has(channel.circle_id, position.seq, position.event_id)
            ):
                self.drop_other_log(channel)

    async def refresh(self, channel: Channel) -> None:
        """Reload a circle from the database: some changes, such as a partner's name, have no event."""
        with as_system(channel.circle_id):
            async with self._database.snapshot() as transaction:
                read_model = await load(transaction, channel.circle_id)
                seq, event_id = channel.last_seq, channel.last_event_id
                is_same_log = await transaction.events.has(channel.circle_id, seq, event_id)
        # The relay may have passed on more since; it also notices when the log is another.
        if is_same_log and read_model.epoch == channel.epoch and read_model.seq >= channel.last_seq:
            channel.read_model = read_model
            channel.loaded_at = asyncio.get_running_loop().time()

    async def incident(self, channel: Channel, incident_id: IncidentId) -> PersonalizedJson:
        """Return an incident as JSON, also one that ended too long ago to be held here."""
        held = channel.read_model.find(incident_id)
        if held is not None:
            return held
        with as_system(channel.circle_id):
            async with self._database.snapshot() as transaction:
                return encoded(await transaction.incidents.detail(channel.circle_id, incident_id))

    async def _opened(self, circle_id: CircleId) -> Channel:
        """Open a channel once, however many wait for it."""
        opening = self._opening.get(circle_id)
        if opening is None:
            opening = asyncio.create_task(self._open(circle_id))
            self._opening[circle_id] = opening
            opening.add_done_callback(lambda _: self._opening.pop(circle_id))
        return await asyncio.shield(opening)

    async def _open(self, circle_id: CircleId) -> Channel:
        with as_system(circle_id):
            async with self._database.snapshot() as transaction:
                heads = await transaction.events.heads([circle_id])
                read_model = await load(transaction, circle_id)
                recent = await transaction.events.after(circle_id, max(0, read_model.seq - RECENT))
        now = asyncio.get_running_loop().time()
        channel = Channel(circle_id, read_model, recent=recent, now=now, at=moment(self._clock))
        channel.membership_version = heads[circle_id].membership_version
        return self._channels.setdefault(circle_id, channel)
