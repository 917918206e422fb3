"""
A client written from docs/protocol.md alone: it imports nothing of the product.

Robot devices are built on it, so a thing that the page does not say is a thing that they do not do.
"""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

DROP_RECEIPT = {
    "not_found",
    "not_a_recipient",
    "not_allowed",
    "invalid_value",
    "invalid_message",
    "incident_ended",
}
STAY_AWAY = {4003}
START_AFRESH = {4010}

Json = dict[str, Any]
Told = Callable[[str, Json], None]


def nothing(_what: str, _about: Json) -> None:
    """Tell no one."""


class SignedOutError(Exception):
    """The session has ended: there are no more tickets."""


@dataclass(kw_only=True)
class Stranger:
    """One device of one account in one circle."""

    circle_id: str
    token: str
    api_urls: list[str]
    live_urls: list[str]
    http: httpx.AsyncClient
    device: str = "stranger"
    clock_ahead: timedelta = timedelta()
    ping_s: float = 20.0
    """How long the link may be silent before this side asks, and then how long the answer may take."""
    tell: Told = nothing

    epoch: str | None = None
    seq: int | None = None
    event_id: str | None = None
    snapshot: Json = field(default_factory=dict)
    viewer: Json = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    """Alerts that have been on this device's screen."""
    waiting: dict[str, Json] = field(default_factory=dict)
    """Receipts that have not been answered, by action."""
    socket: ClientConnection | None = None
    tries: int = 0
    asked: str = ""
    """The interface that was asked for a ticket last."""
    tried: str = ""
    """The gateway that was tried last."""

    async def run(self) -> None:
        """Stay connected until cancelled, or until there is no point any more."""
        while True:
            try:
                code = await self._connect_once()
            except SignedOutError:
                self.tell("signed_out", {})
                return
            except (OSError, TimeoutError, InvalidHandshake, httpx.HTTPError) as error:
                self.tell("failed", {"error": type(error).__name__})
                code = 1006
            if code in STAY_AWAY:
                return
            if code in START_AFRESH:
                self.epoch = self.seq = self.event_id = None
            await asyncio.sleep(random.uniform(0, min(12.0, 0.4 * 2**self.tries)))  # noqa: S311
            self.tries = min(self.tries + 1, 10)

    async def answer(self, alert_id: str, state: str) -> str:
        """Send a receipt, now and after every reconnection until it is answered."""
        action_id = str(uuid4())
        at = (datetime.now(UTC) + self.clock_ahead).isoformat()
        receipt = {
            "type": "receipt",
            "action_id": action_id,
            "alert_id": alert_id,
            "state": state,
            "at": at,
        }
        self.waiting[action_id] = receipt
        if self.socket is not None:
            await self._send(self.socket, receipt)
        return action_id

    async def _connect_once(self) -> int:
        self.asked = _another(self.api_urls, than=self.asked)
        answer = await self.http.post(
            f"{self.asked}/api/live-tickets",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise SignedOutError
        answer.raise_for_status()
        self.tried = url = _another(self.live_urls, than=self.tried)
        async with connect(
            url,
            compression=None,
            max_size=None,
            close_timeout=1,
            proxy=None,
            ping_interval=self.ping_s,
            ping_timeout=self.ping_s,
        ) as socket:
            await self._send(socket, {"type": "ticket", "ticket": answer.json()["ticket"]})
            hello = {
                "type": "hello",
                "circle_id": self.circle_id,
                "epoch": self.epoch,
                "seq": self.seq,
                "event_id": self.event_id,
                "device": self.device,
            }
            await self._send(socket, hello)
            try:
                while True:
                    message = json.loads(await socket.recv())
                    await self._take(socket, message, url)
            except ConnectionClosed:
                pass
            finally:
                self.socket = None
            code = socket.close_code or 1006
            self.tell("closed", {"code": code, "reason": socket.close_reason})
            return code

    async def _take(self, socket: ClientConnection, message: Json, url: str) -> None:
        kind = message["type"]
        self.tell(kind, message)
        if kind == "snapshot":
            self.viewer, self.snapshot = message["viewer"], message["snapshot"]
            self.epoch, self.seq = self.snapshot["epoch"], self.snapshot["seq"]
            self.event_id = self.snapshot["event_id"]
            for incident in self.snapshot["incidents"]:
                await self._show(incident)
            await self._live(socket, url)
        elif kind == "resumed":
            self.viewer = message["viewer"]
            await self._live(socket, url)
        elif kind == "event":
            self.seq, self.event_id = message["seq"], message["id"]
            self.snapshot["reach_version"] = message["reach_version"]
            await self._apply(message["event"])
        elif kind == "reminder":
            self._put(message["detail"])
            await self._show(message["detail"], again=True)
        elif kind == "receipt_stored" or (kind == "refused" and message["code"] in DROP_RECEIPT):
            self.waiting.pop(message["action_id"] or "", None)

    async def _live(self, socket: ClientConnection, url: str) -> None:
        self.tries = 0
        self.socket = socket
        self.tell("live", {"url": url})
        for receipt in list(self.waiting.values()):
            await self._send(socket, receipt)

    async def _apply(self, event: Json) -> None:
        kind = event["kind"]
        if kind in {"alert_raised", "alert_extended"}:
            self._put(event["detail"])
            await self._show(event["detail"])
            return
        incident_id = event["incident"]["id"] if kind == "incident_ended" else event.get("incident_id")
        known = [each for each in self.snapshot["incidents"] if each["incident"]["id"] == incident_id]
        if not known:
            return
        [incident] = known
        if kind == "incident_ended":
            incident["incident"] = event["incident"]
            incident["alerts"].append(event["alert"])
            incident["deliveries"] += event["deliveries"]
            await self._show(incident)
        elif kind == "response_circle_updated":
            incident["response_circle"] = event["response_circle"]
        elif kind == "deliveries_updated":
            for moved in event["deliveries"]:
                incident["deliveries"] = [
                    moved if _key(each) == _key(moved) else each for each in incident["deliveries"]
                ]

    def _put(self, incident: Json) -> None:
        others = [e for e in self.snapshot["incidents"] if e["incident"]["id"] != incident["incident"]["id"]]
        self.snapshot["incidents"] = [*others, incident]

    async def _show(self, incident: Json, *, again: bool = False) -> None:
        """Put every alert of the device's own on the screen, once, and say that it is there."""
        for delivery in incident["deliveries"]:
            if delivery["recipient_id"] not in self.viewer["responder_ids"]:
                continue
            alert_id = delivery["alert_id"]
            known = alert_id in self.shown
            self.tell(
                "alert", {"alert_id": alert_id, "incident_id": incident["incident"]["id"], "known": known}
            )
            self.shown.add(alert_id)
            if not known or again:
                await self.answer(alert_id, "delivered")

    async def _send(self, socket: ClientConnection, message: Json) -> None:
        try:
            await socket.send(json.dumps(message))
        except ConnectionClosed:
            return


def _another(urls: list[str], *, than: str) -> str:
    """Choose one of the addresses, another one than last time when there are several."""
    return random.choice([url for url in urls if url != than] or urls)  # noqa: S311


def _key(delivery: Json) -> tuple[str, str]:
    return delivery["alert_id"], delivery["recipient_id"]
