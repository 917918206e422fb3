"""Where units are: in from their devices, out to those who may see it. Latest wins."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from responder.domain.errors import ResponderError
from responder.domain.ids import CircleId, UnitId
from responder.domain.map.unit import Position
from responder.domain.people.access import may_see_position
from responder.live.circle.channel import Channel
from responder.live.circle.hub import Hub
from responder.live.circle.session import ClientSession
from responder.live.protocol.messages import PositionMessage, Refused, ReportPosition
from responder.live.protocol.wire import encode
from responder.ports import Clock, Database, DatabaseAwayError
from responder.ports.clock import moment
from responder.ports.people import SharedPosition
from responder.services.map.report_position import report_position
from responder.services.map.show_positions import positions_after

_log = logging.getLogger(__name__)

_OVERLAP = timedelta(seconds=2)
"""Looks reach back a little: transactions do not commit in the order of their times."""

_MARKED = timedelta(minutes=10)
"""Older positions are not said to be stale: they say so themselves."""

SELDOM = timedelta(seconds=10)
"""How often the database is read while the bus brings positions, since it may lose some."""


class HeardPosition(NamedTuple):
    """A position that another process stored."""

    circle_id: CircleId
    position: Position


class PositionBus(Protocol):
    """Brings positions from other processes at once, and may lose some."""

    @property
    def is_connected(self) -> bool:
        """Whether it does so just now."""

    def positions(self) -> AsyncIterator[HeardPosition]:
        """Yield, without end, positions just stored by other processes."""


class PositionRelay:
    """Takes positions in and passes them on, each at most once per interval for each unit."""

    def __init__(
        self, database: Database, hub: Hub, *, clock: Clock, interval_s: float, bus: PositionBus | None
    ) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._interval_s = interval_s
        self._bus = bus
        self._reported: dict[tuple[CircleId, UnitId], tuple[ClientSession, ReportPosition]] = {}
        self._heard: dict[Channel, dict[UnitId, Position]] = {}
        self._looked_at: dict[Channel, datetime] = {}
        self._shown: dict[Channel, dict[UnitId, datetime]] = {}
        self._said_stale = False

    @property
    def is_stale(self) -> bool:
        """Whether positions of other gateways come late, because there is a bus and it is away."""
        return self._bus is not None and not self._bus.is_connected

    def receive(self, session: ClientSession, message: ReportPosition) -> None:
        """Take in a position in place of an earlier one of the same unit. Never waits."""
        unit_id = UnitId(message.unit_id)
        if unit_id not in session.viewer.unit_ids:
            # Not kept: a stranger's message must not take the place of the unit's own.
            session.outbox.send(encode(Refused(code="not_found", detail="unit_id")))
            return
        self._reported[session.viewer.circle_id, unit_id] = (session, message)

    def admitted(self, session: ClientSession) -> None:
        """Tell a session that the positions in its snapshot are stale, when they are."""
        channel = self._hub.find(session.viewer.circle_id)
        if self._said_stale and channel is not None:
            self._send(channel, self._known(channel), to=[session])

    async def hear(self) -> None:
        """Take in what the bus brings, in place of earlier positions of the same unit."""
        if self._bus is None:
            return
        async for heard in self._bus.positions():
            channel = self._hub.find(heard.circle_id)
            if channel is not None:
                self._heard.setdefault(channel, {})[heard.position.unit_id] = heard.position

    async def run(self) -> None:
        """Store reported positions and pass on those that others stored, until cancelled."""
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self.store_reported()
                await self.pass_on()
            except DatabaseAwayError:
                pass
            except Exception as error:  # noqa: BLE001 - positions are stale until the next round
                _log.warning("positions cannot be exchanged: %r", error)

    async def store_reported(self) -> None:
        """Store the latest position of each unit that reported one."""
        reported, self._reported = self._reported, {}
        for session, message in reported.values():
            try:
                position = await report_position(
                    self._database,
                    viewer=session.viewer,
                    unit_id=UnitId(message.unit_id),
                    lon=message.lon,
                    lat=message.lat,
                    accuracy_m=message.accuracy_m,
                    at=message.at,
                    clock=self._clock,
                )
            except ResponderError as error:
                detail = str(error.detail.get("field", ""))
                session.outbox.send(encode(Refused(code=error.code, detail=detail)))
                continue
            channel = self._hub.find(session.viewer.circle_id)
            if channel is not None:
                self._heard.setdefault(channel, {})[position.unit_id] = position

    async def pass_on(self) -> None:
        """Send what is new in each circle to those who may see it, and whether it may be stale."""
        channels = self._hub.channels
        for forgotten in (self._looked_at.keys() | self._heard.keys()) - set(channels):
            for known in (self._looked_at, self._heard, self._shown):
                known.pop(forgotten, None)
        turned, self._said_stale = self._said_stale is not self.is_stale, self.is_stale
        for channel in channels:
            new = self._from_here(channel) + await self._from_database(channel)
            for each in new:
                channel.read_model.place(each)
            self._send(channel, self._known(channel) if turned else new, to=channel.sessions)

    def _from_here(self, channel: Channel) -> list[SharedPosition]:
        """Return positions, reported here or by the bus, that were not passed on yet."""
        now = moment(self._clock)
        return [
            SharedPosition(position=position, partner_id=partner_id, stored_at=now)
            for position in self._heard.pop(channel, {}).values()
            if (partner_id := channel.read_model.partner_of(position.unit_id))
            and self._is_new(channel, position)
        ]

    async def _from_database(self, channel: Channel) -> list[SharedPosition]:
        """Return what was stored since the last look and was not passed on yet."""
        before, now = self._looked_at.get(channel), moment(self._clock)
        is_told = self._bus is not None and self._bus.is_connected
        if before is not None and is_told and now - before < SELDOM:
            return []
        found = await positions_after(
            self._database, circle_id=channel.circle_id, stored_at=(before or now) - _OVERLAP
        )
        self._looked_at[channel] = now
        return [each for each in found if self._is_new(channel, each.position)]

    def _is_new(self, channel: Channel, position: Position) -> bool:
        shown = self._shown.setdefault(channel, {})
        last = shown.get(position.unit_id)
        if last is not None and position.at <= last:
            return False
        shown[position.unit_id] = position.at
        return True

    def _known(self, channel: Channel) -> list[SharedPosition]:
        return channel.read_model.positions(since=moment(self._clock) - _MARKED)

    def _send(
        self, channel: Channel, positions: Sequence[SharedPosition], *, to: Iterable[ClientSession]
    ) -> None:
        if not positions:
            return
        audiences, sessions = channel.read_model.shared, tuple(to)
        for each in positions:
            frame = encode(_message(each.position, stale=self._said_stale))
            for session in sessions:
                if session.is_live and may_see_position(session.viewer, each.partner_id, shared=audiences):
                    session.outbox.send_position(each.position.unit_id, frame)


def _message(position: Position, *, stale: bool) -> PositionMessage:
    return PositionMessage(
        unit_id=position.unit_id,
        lon=position.lon,
        lat=position.lat,
        accuracy_m=position.accuracy_m,
        at=position.at,
        stale=stale,
    )
