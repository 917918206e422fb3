"""All circles that this gateway serves."""

import asyncio
from collections.abc import Iterator

from responder.domain.access import operator
from responder.domain.ids import CircleId
from responder.domain.picture import ENDED_KEPT
from responder.live.channel import Channel
from responder.live.member import Member
from responder.live.unanswered import Unanswered
from responder.services.ports import Database


class Hub:
    """The channels of the circles that somebody here is connected to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._channels: dict[CircleId, Channel] = {}

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels with members."""
        return tuple(self._channels.values())

    @property
    def members(self) -> Iterator[Member]:
        """Everybody who is connected here."""
        return (member for channel in self.channels for member in tuple(channel.members))

    def find(self, circle_id: CircleId) -> Channel | None:
        """Return the circle's channel, if anybody here is in it."""
        return self._channels.get(circle_id)

    async def join(self, member: Member) -> Channel:
        """Put a member into the channel of its circle, where events are held back for it from now on."""
        circle_id = member.viewer.circle_id
        channel = self._channels.get(circle_id)
        if channel is None:
            opened = await self._open(circle_id)
            # Somebody else may have opened the channel meanwhile; theirs reads the log from an earlier point.
            channel = self._channels.setdefault(circle_id, opened)
        channel.members.add(member)
        member.joined_at_seq = channel.last_seq
        return channel

    async def _open(self, circle_id: CircleId) -> Channel:
        async with self._database.snapshot() as transaction:
            head = await transaction.circles.head(circle_id)
            pictures = await transaction.incidents.visible_pictures(
                operator(circle_id), ended_kept=ENDED_KEPT
            )
        now = asyncio.get_running_loop().time()
        return Channel(circle_id, head, unanswered=Unanswered(pictures, now=now))

    def leave(self, member: Member) -> None:
        """Take a member out; the last one closes the channel."""
        channel = self._channels.get(member.viewer.circle_id)
        if channel is None:
            return
        channel.members.discard(member)
        if not channel.members:
            del self._channels[channel.circle_id]
