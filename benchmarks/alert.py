"""
From two taps to the commit, to the sockets and services of all who are called, and to their receipts.

taps_to_send                 taps of staff with a phone, counted by the page in Chromium at 390x844
seconds_to_send              from the first of them until the server has answered, after the commit: the
                             slowest, without the time in which a person reads
first_alert_commit_ms        from POST to answer, of the first alert after the roads are prepared
alert_commit_ms              the same of others, with 4 and with 100 sockets of the demo's accounts
first_receipt_ms_4           from POST until the gateway says that the first receipt is in the database
last_receipt_ms_4, _100      until it says so of the last one
first_wave_p99_ms_100, _1000 from POST until the last of so many called people has it on their socket: of
                             fewer than a hundred alerts the worst
first_channel_request_p99_ms_1000
                             from the commit to the first request for each of 1,000 people at the service
                             that carries messages, a stand-in for ntfy on this machine. Half a second of it
                             is the grace in which open pages confirm
timer_lateness_p99_ms        how late 1,000 steps of ladders are taken, due within 20 s in 20 circles

Medians of the rounds where nothing else is said.
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
from shutil import which
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fleet.first_requests import first_requests_ms, stand_in
from benchmarks.fleet.sockets import percentile, raise_open_file_limit
from benchmarks.fleet.timers import timer_lateness_ms
from benchmarks.paired import alert as paired
from benchmarks.paired.alert_worker import Village, village
from benchmarks.start import running
from benchmarks.visits.raising import Sent, raise_by_hand
from benchmarks.visits.visits import chromium
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import LiveSocket, SignedIn, live_socket, signed_in
from responder.live.protocol.messages import Receipt
from responder.terminal.database_url import demo_password

INCIDENT = {"kind": "fire", "severity": "red", "exercise": True, "lon": 112.985, "lat": 28.158}
PATIENCE_S = 30.0
BY_HAND = 3
"""Alerts that are raised on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Times of one alert in milliseconds since the POST was sent."""

    commit_ms: float
    heard_ms: list[float]
    receipts_ms: list[float]


def main() -> None:
    """Measure, and print the figures."""
    arguments = argparse.ArgumentParser(
        description=f"{__doc__}\nWith --baseline:\n{paired.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    arguments.add_argument("--port", type=int, default=8112)
    arguments.add_argument("--rounds", type=int, default=7)
    chosen = arguments.parse_args()
    raise_open_file_limit()
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "village").mkdir(mode=0o755)
        tell(asyncio.run(of_many(folder / "village", alerts=chosen.rounds)))
        tell(of_demo(folder / "data", port=chosen.port, rounds=chosen.rounds))


def tell(figures: dict[str, float]) -> None:
    """Print figures."""
    for figure, value in figures.items():
        print(f"{figure} {value:.1f}", flush=True)


def of_demo(data_dir: Path, *, port: int, rounds: int) -> dict[str, float]:
    """Measure what a fresh installation does for the people of the demo circle, and for a thousand timers."""
    with running(data_dir, port=port) as url:
        password = demo_password(data_dir)
        first_ms = asyncio.run(first_alert(url, password=password))
        few = asyncio.run(measure(url, password=password, sockets=4, rounds=rounds))
        many = asyncio.run(measure(url, password=password, sockets=100, rounds=rounds))
        sent = asyncio.run(by_hand(url, password=password))
        late_ms = asyncio.run(timer_lateness_ms(data_dir))
    for sockets, found in ((4, few), (100, many)):
        heard_ms = statistics.median(max(one.heard_ms) for one in found)
        print(f"{sockets} sockets: all had the alert after {heard_ms:.1f} ms (median of {len(found)})")
    figures = {
        "first_alert_commit_ms": first_ms,
        "alert_commit_ms": statistics.median(one.commit_ms for one in few + many),
        "first_receipt_ms_4": statistics.median(min(one.receipts_ms) for one in few),
        "last_receipt_ms_4": statistics.median(max(one.receipts_ms) for one in few),
        "last_receipt_ms_100": statistics.median(max(one.receipts_ms) for one in many),
        "timer_lateness_p99_ms": percentile(late_ms, 0.99),
    }
    if sent:
        figures["taps_to_send"] = max(one.taps for one in sent)
        figures["seconds_to_send"] = max(one.seconds for one in sent)
    return figures


async def by_hand(url: str, *, password: str) -> list[Sent]:
    """Raise alerts on the page."""
    if which("chromium") is None:
        print("Chromium is not installed, so nothing is raised by taps", file=sys.stderr)
        return []
    async with chromium() as browser:
        return await raise_by_hand(browser, url, password=password, times=BY_HAND)


async def of_many(folder: Path, *, alerts: int) -> dict[str, float]:
    """Measure what 100 and 1,000 people see of alerts."""
    with stand_in() as service:
        extra = {"RESPONDER_OUTGOING_HOSTS": f"127.0.0.1:{service.port}"}
        async with village(folder, extra=extra) as place:
            figures = {
                f"first_wave_p99_ms_{people}": percentile(
                    await first_wave_ms(place, people=people, alerts=alerts), 0.99
                )
                for people in (100, 1000)
            }
            asked_ms = await first_requests_ms(place, service, people=1000, alerts=alerts)
    return {**figures, "first_channel_request_p99_ms_1000": percentile(asked_ms, 0.99)}


async def first_wave_ms(place: Village, *, people: int, alerts: int) -> list[float]:
    """Raise alerts; return how long after its POST the last person had each on their socket."""
    async with place.opened(people) as one_round:
        found = [await one_round() for _ in range(alerts + 1)]
    # The first finds cold caches.
    return [each.heard_ms for each in found[1:]]


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
