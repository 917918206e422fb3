"""Where units are: in from their devices, out to those who may see it. Latest wins."""

import asyncio
import logging
from datetime import datetime, timedelta

from responder.domain.access import may_see_position
from responder.domain.errors import ResponderError
from responder.domain.ids import CircleId, UnitId
from responder.live.channel import Channel
from responder.live.hub import Hub
from responder.live.member import Member
from responder.live.messages import PositionMessage, Refused, ReportPosition
from responder.live.wire import encode
from responder.services.ports import Clock, Database
from responder.services.ports.clock import moment
from responder.services.report_position import report_position
from responder.services.show_positions import open_audiences, positions_after

_log = logging.getLogger(__name__)

_OVERLAP = timedelta(seconds=2)
"""Looks reach back a little: transactions do not commit in the order of their times."""


class Positions:
    """Takes positions in and passes them on, each at most once per interval for each unit."""

    def __init__(self, database: Database, hub: Hub, *, clock: Clock, interval_s: float) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._interval_s = interval_s
        self._reported: dict[tuple[CircleId, UnitId], tuple[Member, ReportPosition]] = {}
        self._looked_at: dict[Channel, datetime] = {}
        self._shown: dict[Channel, dict[UnitId, datetime]] = {}

    def take(self, member: Member, message: ReportPosition) -> None:
        """Take in a position in place of an earlier one of the same unit. Never waits."""
        unit_id = UnitId(message.unit_id)
        if unit_id not in member.viewer.unit_ids:
            # Not kept: a stranger's message must not take the place of the unit's own.
            member.outbox.send(encode(Refused(code="not_found", detail="unit_id")))
            return
        self._reported[member.viewer.circle_id, unit_id] = (member, message)

    async def run(self) -> None:
        """Store what came in and pass on what others stored, again and again."""
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self.store_reported()
                await self.pass_on()
            except Exception as error:  # noqa: BLE001 - positions are stale until the next round
                _log.warning("positions cannot be exchanged: %r", error)

    async def store_reported(self) -> None:
        """Store the latest position of each unit that reported one."""
        reported, self._reported = self._reported, {}
        for member, message in reported.values():
            try:
                await report_position(
                    self._database,
                    viewer=member.viewer,
                    unit_id=UnitId(message.unit_id),
                    lon=message.lon,
                    lat=message.lat,
                    accuracy_m=message.accuracy_m,
                    at=message.at,
                    clock=self._clock,
                )
            except ResponderError as error:
                detail = str(error.detail.get("field", ""))
                member.outbox.send(encode(Refused(code=error.code, detail=detail)))

    async def pass_on(self) -> None:
        """Send what is new in each circle to those who may see it."""
        channels = self._hub.channels
        for forgotten in self._looked_at.keys() - set(channels):
            del self._looked_at[forgotten]
            self._shown.pop(forgotten, None)
        for channel in channels:
            await self._pass_on_in(channel)

    async def _pass_on_in(self, channel: Channel) -> None:
        before = self._looked_at.get(channel)
        now = moment(self._clock)
        found = await positions_after(
            self._database, circle_id=channel.circle_id, stored_at=(before or now) - _OVERLAP
        )
        self._looked_at[channel] = now
        shown = self._shown.setdefault(channel, {})
        new = [each for each in found if shown.get(each.position.unit_id) != each.position.at]
        if not new:
            return
        audiences = tuple((await open_audiences(self._database, circle_id=channel.circle_id)).values())
        for each in new:
            position = each.position
            shown[position.unit_id] = position.at
            channel.mirror.place(each)
            frame = encode(
                PositionMessage(
                    unit_id=position.unit_id,
                    lon=position.lon,
                    lat=position.lat,
                    accuracy_m=position.accuracy_m,
                    at=position.at,
                )
            )
            for member in channel.members:
                if member.is_live and may_see_position(member.viewer, each.partner_id, shared=audiences):
                    member.outbox.send_position(position.unit_id, frame)
