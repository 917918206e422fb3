"""From the log in the database to the channels: wake-ups say when to look, a poll covers the lost ones."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from uuid import UUID

from responder.domain.ids import CircleId
from responder.live.circle.channel import Channel
from responder.live.circle.hub import Hub
from responder.live.circle.session import ClientSession
from responder.ports import Database, DatabaseAwayError
from responder.ports.database import DatabaseImpairedError
from responder.ports.incidents import AddressedEvent
from responder.services.security_context import as_system

BATCH = 500
"""Events read at a time."""

RELOAD_AFTER_S = 60.0
"""Age at which a read model that only follows events is loaded again."""

LINGER_S = 0.05
"""
Pause before the log of one circle is read again, in which its events gather.

An alert after a quiet moment is read at once. The hundreds of receipts that follow it are told together, when
most of them are stored: telling each at once would take the time that storing them needs.
"""

_AT_ONCE = 4
"""Circles read at the same time, so that one gateway never holds all connections of the pool."""

_log = logging.getLogger(__name__)

Published = Callable[[AddressedEvent, Sequence[ClientSession]], None]


class Relay:
    """
    Passes on what is recorded after each channel's last event.

    Wake-ups carry an id and may be lost; what is passed on is only ever read from the log, in its order.

    A circle's log is read `after_receipts` that are being stored: people wait for these, and
    telling a thousand people what became of the first half of theirs would hold up the other half.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        *,
        wakeups: Callable[[], AsyncIterator[UUID]] | None,
        on_published: Published,
        after_receipts: Callable[[CircleId], Awaitable[None]],
        on_membership_changed: Callable[[Channel], None],
        poll_s: float,
    ) -> None:
        self._database = database
        self._hub = hub
        self._wakeups = wakeups
        self._on_published = on_published
        self._after_receipts = after_receipts
        self._on_membership_changed = on_membership_changed
        self._poll_s = poll_s
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._reading: dict[Channel, asyncio.Task[None]] = {}
        self.database_answers = False
        """Whether the last look at the database went well."""

    async def listen(self) -> None:
        """Look at the log of each circle that a wake-up names. The iterator reconnects by itself."""
        if self._wakeups is None:
            return
        async for circle_id in self._wakeups():
            channel = self._hub.find(CircleId(circle_id))
            if channel is not None:
                self.check(channel)

    async def poll(self) -> None:
        """Look at the log of every channel again and again."""
        while True:
            try:
                self._hub.drop_idle()
                await self._compare_heads()
                await self._refresh_mirrors()
                self.database_answers = True
            except DatabaseAwayError:
                self.database_answers = False
            except Exception as error:  # noqa: BLE001 - whatever failed, the next round tries again
                self.database_answers = False
                _log.warning("the log cannot be read: %s", error)
            await asyncio.sleep(self._poll_s)

    def check(self, channel: Channel) -> None:
        """Read on in a channel's log, soon; asking twice reads once."""
        channel.dirty = True
        if channel not in self._reading:
            self._reading[channel] = asyncio.create_task(self._read_on(channel))

    async def finish(self) -> None:
        reading = tuple(self._reading.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    async def _compare_heads(self) -> None:
        channels = {channel.circle_id: channel for channel in self._hub.channels}
        # What it cannot store is no reason not to pass on what is stored.
        with suppress(DatabaseImpairedError):
            await self._database.check()
        if not channels:
            return
        # Events that are passed on while the heads are read are not part of them.
        positions = {circle_id: channel.position for circle_id, channel in channels.items()}
        async with self._database.snapshot() as transaction:
            heads = await transaction.events.heads(channels)
        for circle_id, channel in channels.items():
            head = heads.get(circle_id)
            if head is None or not positions[circle_id].can_be_in(head):
                self._hub.drop_other_log(channel)
                continue
            if head.seq > channel.last_seq:
                self.check(channel)
            if head.membership_version != channel.membership_version:
                channel.membership_version = head.membership_version
                self._on_membership_changed(channel)

    async def _refresh_mirrors(self) -> None:
        now = asyncio.get_running_loop().time()
        for channel in self._hub.channels:
            if now - channel.loaded_at > RELOAD_AFTER_S:
                await self._hub.refresh(channel)

    async def _read_on(self, channel: Channel) -> None:
        try:
            while channel.dirty:
                await self._after_receipts(channel.circle_id)
                channel.dirty = False
                events = await self._events_after(channel)
                if events is None:
                    self._hub.drop_other_log(channel)
                    return
                channel.dirty = channel.dirty or len(events) == BATCH
                for addressed, reached in channel.publish(events, now=asyncio.get_running_loop().time()):
                    self._on_published(addressed, reached)
                await asyncio.sleep(0 if len(events) == BATCH else LINGER_S)
        except DatabaseAwayError:
            pass
        except Exception as error:  # noqa: BLE001 - the poll looks again
            _log.warning("the log of %s cannot be read: %s", channel.circle_id, error)
        finally:
            del self._reading[channel]

    async def _events_after(self, channel: Channel) -> tuple[AddressedEvent, ...] | None:
        seq, event_id = channel.last_seq, channel.last_event_id
        with as_system(channel.circle_id):
            async with self._slots, self._database.snapshot() as transaction:
                return await transaction.events.following(
                    channel.circle_id, seq, event_id, limit=BATCH, known=channel.read_model.audience
                )
