"""
From POST to commit to the receipts, over the real interfaces, with 4 and with 100 sockets.

Sockets are opened by the demo's own accounts, so that each hears what that account may hear. A receipt counts
when the gateway says that it is in the database. Medians of the rounds; times from when the POST was sent.
`timer_lateness_p99_ms`: a thousand steps of ladders, due within twenty seconds in twenty circles.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fleet.timers import timer_lateness_ms
from benchmarks.start import running
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import LiveSocket, SignedIn, live_socket, signed_in
from responder.live.protocol.messages import Receipt
from responder.terminal.database_url import demo_password

INCIDENT = {"kind": "fire", "severity": "red", "exercise": True, "lon": 112.985, "lat": 28.158}
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Times of one alert in milliseconds since the POST was sent."""

    commit_ms: float
    heard_ms: list[float]
    receipts_ms: list[float]


def main() -> None:
    """Run both sizes against one fresh installation, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8112)
    arguments.add_argument("--rounds", type=int, default=7)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        with running(data_dir, port=chosen.port) as url:
            password = demo_password(data_dir)
            first_ms = asyncio.run(first_alert(url, password=password))
            few = asyncio.run(measure(url, password=password, sockets=4, rounds=chosen.rounds))
            many = asyncio.run(measure(url, password=password, sockets=100, rounds=chosen.rounds))
            late_ms = asyncio.run(timer_lateness_ms(data_dir))
    for sockets, rounds in ((4, few), (100, many)):
        heard_ms = statistics.median(max(one.heard_ms) for one in rounds)
        print(f"{sockets} sockets: all had the alert after {heard_ms:.1f} ms (median of {len(rounds)})")
    print(f"first_alert_commit_ms {first_ms:.1f}")
    print(f"alert_commit_ms {statistics.median(one.commit_ms for one in few + many):.1f}")
    print(f"first_receipt_ms_4 {statistics.median(min(one.receipts_ms) for one in few):.1f}")
    print(f"last_receipt_ms_4 {statistics.median(max(one.receipts_ms) for one in few):.1f}")
    print(f"timer_lateness_p99_ms {statistics.quantiles(late_ms, n=100)[98]:.1f}")
    print(f"last_receipt_ms_100 {statistics.median(max(one.receipts_ms) for one in many):.1f}")


async def first_alert(url: str, *, password: str) -> float:
    """Raise the first alert after the roads are prepared; return the time to its commit in milliseconds."""
    told = demo_accounts()
    async with (
        signed_in(url, username=told.staff, password=password, circle_name=told.circle_name) as staff,
        asyncio.timeout(60),
    ):
        # Another process has no event to wait for.
        while (await staff.http.get("/readyz")).json()["roads"] != "prepared":  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)
        path = f"/api/circles/{staff.circle_id}/incidents"
        began_s = time.perf_counter()
        answer = await staff.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
        commit_ms = 1000 * (time.perf_counter() - began_s)
        incident_id = answer.raise_for_status().json()["incident"]["id"]
        (await staff.http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()
    return commit_ms


async def measure(url: str, *, password: str, sockets: int, rounds: int) -> list[Round]:
    """Open the sockets and raise one alert after the other."""
    told = demo_accounts()
    async with AsyncExitStack() as doors:
        staff = await doors.enter_async_context(
            signed_in(url, username=told.staff, password=password, circle_name=told.circle_name)
        )
        sessions = [
            await doors.enter_async_context(
                signed_in(url, username=username, password=password, circle_name=told.circle_name)
            )
            for username in told.players
        ]
        called = await who_is_called(staff, sessions)
        phones = [
            Phone(await doors.enter_async_context(live_socket(called[number % len(called)])))
            for number in range(sockets)
        ]
        try:
            found = [await one_round(staff, phones) for _ in range(rounds + 1)]
        finally:
            for phone in phones:
                phone.listening.cancel()
    # The first finds cold caches, which is not what an office that runs all day has.
    return found[1:]


class Phone:
    """A socket that is always read, and confirms one alert of each round; waiters are told of its end."""

    def __init__(self, socket: LiveSocket) -> None:
        self._socket = socket
        self.heard_s: asyncio.Future[float]
        self.stored_s: asyncio.Future[float]
        self._action_id = uuid4()
        self.listening = asyncio.create_task(self._listen())
        self.listening.add_done_callback(self._ended)
        self.wait_for_alert()

    def wait_for_alert(self) -> None:
        """Begin a round."""
        loop = asyncio.get_running_loop()
        self.heard_s, self.stored_s = loop.create_future(), loop.create_future()
        self._action_id = uuid4()
        if self.listening.done():
            self._ended(self.listening)

    async def _listen(self) -> None:
        # A hundred of them share this process, so only the start of a message is looked at.
        async for text in self._socket.texts():
            said = text if isinstance(text, str) else text.decode()
            if '"alert_raised"' in said[:200] and not self.heard_s.done():
                self.heard_s.set_result(time.perf_counter())
                alert_id = UUID(json.loads(said)["event"]["detail"]["alerts"][0]["id"])
                now = datetime.now(UTC)
                await self._socket.send(
                    Receipt(action_id=self._action_id, alert_id=alert_id, state="delivered", at=now)
                )
            elif self.stored_s.done():
                continue
            elif '"receipt_stored"' in said[:40] and str(self._action_id) in said:
                self.stored_s.set_result(time.perf_counter())
            elif '"refused"' in said[:40]:
                self.stored_s.set_exception(RuntimeError(said))
        message = "the gateway closed the socket in good order"
        raise ConnectionError(message)

    def _ended(self, listening: asyncio.Task[None]) -> None:
        """Tell waiters why nothing more will come; without this they would wait in vain."""
        if listening.cancelled():
            return
        for waited_for in (self.heard_s, self.stored_s):
            if not waited_for.done():
                waited_for.set_exception(RuntimeError(f"a phone listens no more: {listening.exception()!r}"))
                # Both are told, and only the first that is asked for is looked at.
                waited_for.exception()


async def who_is_called(staff: SignedIn, sessions: list[SignedIn]) -> list[SignedIn]:
    """Raise one alert to see whose phone it rings: a unit may be off duty, or too far away."""
    path = f"/api/circles/{staff.circle_id}/incidents"
    answer = await staff.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
    detail = answer.raise_for_status().json()
    recipients = {delivery["recipient_id"] for delivery in detail["deliveries"]}
    await staff.http.post(f"{path}/{detail['incident']['id']}/end", json={"reason": "resolved"})
    called = []
    for session in sessions:
        card = (await session.http.get(f"/api/circles/{session.circle_id}")).raise_for_status().json()
        if recipients.intersection(card["viewer"]["responder_ids"]):
            called.append(session)
    return called


async def one_round(staff: SignedIn, phones: list[Phone], *, rest_s: float = 1.0) -> Round:
    """Raise an alert, wait until each socket has its receipt stored, and end the incident."""
    path = f"/api/circles/{staff.circle_id}/incidents"
    for phone in phones:
        phone.wait_for_alert()
    began_s = time.perf_counter()
    answer = await staff.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
    commit_ms = 1000 * (time.perf_counter() - began_s)
    answer.raise_for_status()
    try:
        async with asyncio.timeout(PATIENCE_S):
            heard_s = [await phone.heard_s for phone in phones]
            stored_s = [await phone.stored_s for phone in phones]
    except TimeoutError:
        heard = sum(phone.heard_s.done() for phone in phones)
        stored = sum(phone.stored_s.done() for phone in phones)
        message = f"after {PATIENCE_S} s {heard} of {len(phones)} had heard of it, {stored} had a receipt"
        raise TimeoutError(message) from None
    incident_id = answer.json()["incident"]["id"]
    (await staff.http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()
    # Whatever the end of this one still causes shall not be measured with the next.
    await asyncio.sleep(rest_s)
    return Round(
        commit_ms=commit_ms,
        heard_ms=[1000 * (one - began_s) for one in heard_s],
        receipts_ms=[1000 * (one - began_s) for one in stored_s],
    )


if __name__ == "__main__":
    main()
