"""
From POST to commit to the receipts, over the real interfaces, with 4 and with 100 sockets.

Sockets are opened by the demo's own accounts, so that each hears what that account may hear. A receipt counts
when the gateway says that it is in the database. Medians of the rounds; times from when the POST was sent.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.start import running
from responder.cli.demo_circle import cast
from responder.cli.place import demo_password
from responder.cli.simulated.client import LiveSocket, SignedIn, live_socket, signed_in
from responder.domain.event import AlertRaised
from responder.live.messages import EventMessage, Receipt, ReceiptStored, Refused

INCIDENT = {"kind": "fire", "severity": "red", "exercise": True, "lon": 112.985, "lat": 28.158}


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
            few = asyncio.run(measure(url, password=password, sockets=4, rounds=chosen.rounds))
            many = asyncio.run(measure(url, password=password, sockets=100, rounds=chosen.rounds))
    for sockets, rounds in ((4, few), (100, many)):
        heard_ms = statistics.median(max(one.heard_ms) for one in rounds)
        print(f"{sockets} sockets: all had the alert after {heard_ms:.1f} ms (median of {len(rounds)})")
    print(f"alert_commit_ms {statistics.median(one.commit_ms for one in few + many):.1f}")
    print(f"first_receipt_ms_4 {statistics.median(min(one.receipts_ms) for one in few):.1f}")
    print(f"last_receipt_ms_4 {statistics.median(max(one.receipts_ms) for one in few):.1f}")
    print(f"last_receipt_ms_100 {statistics.median(max(one.receipts_ms) for one in many):.1f}")


async def measure(url: str, *, password: str, sockets: int, rounds: int) -> list[Round]:
    """Open the sockets and raise one alert after the other."""
    told = cast()
    async with AsyncExitStack() as doors:
        staff = await doors.enter_async_context(
            signed_in(url, username=told.staff, password=password, circle_name=told.circle_name)
        )
        sessions = [
            await doors.enter_async_context(
                signed_in(url, username=username, password=password, circle_name=told.circle_name)
            )
            for username in told.players[: min(sockets, len(told.players))]
        ]
        opened = [
            await doors.enter_async_context(live_socket(sessions[number % len(sessions)]))
            for number in range(sockets)
        ]
        found = [await one_round(staff, opened) for _ in range(rounds + 1)]
    # The first finds cold caches, which is not what an office that runs all day has.
    return found[1:]


async def one_round(staff: SignedIn, opened: list[LiveSocket]) -> Round:
    """Raise an alert, wait until each socket has its receipt stored, and end the incident."""
    path = f"/api/circles/{staff.circle_id}/incidents"
    listening = [asyncio.create_task(hear_and_confirm(socket)) for socket in opened]
    began_s = time.perf_counter()
    answer = await staff.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
    commit_ms = 1000 * (time.perf_counter() - began_s)
    answer.raise_for_status()
    times = await asyncio.wait_for(asyncio.gather(*listening), timeout=30)
    incident_id = answer.json()["incident"]["id"]
    (await staff.http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()
    return Round(
        commit_ms=commit_ms,
        heard_ms=[1000 * (heard_s - began_s) for heard_s, _ in times],
        receipts_ms=[1000 * (stored_s - began_s) for _, stored_s in times],
    )


async def hear_and_confirm(socket: LiveSocket) -> tuple[float, float]:
    """Wait for an alert and send the receipt; return when it was heard and when its receipt was stored."""
    heard_s = 0.0
    action_id = uuid4()
    async for message in socket.messages():
        match message:
            case EventMessage(event=AlertRaised(picture=picture)) if heard_s == 0.0:
                heard_s = time.perf_counter()
                now = datetime.now(UTC)
                await socket.send(
                    Receipt(action_id=action_id, alert_id=picture.alerts[0].id, state="delivered", at=now)
                )
            case ReceiptStored(action_id=stored) if stored == action_id:
                return heard_s, time.perf_counter()
            case Refused(code=code):
                message_text = f"the gateway refused: {code}"
                raise SystemExit(message_text)
    message_text = "a socket was closed"
    raise SystemExit(message_text)


if __name__ == "__main__":
    main()
