"""
What strangers can do to an alert: its times while sign-ins flood in, and under thousands of silent sockets.

Short blocks with no one else there and under attack take turns in one run, there and back, so that whatever
else the machine does falls on all alike. The attackers have a process of their own with a lower priority, and
what they did is printed: how many sockets were really held open, and how sign-ins were answered. In the state
`rig` they send the same sign-ins to a listener of their own: what is left then is what they cost by sharing
the machine, which real ones do not. It is no reference, only said beside. Times are from the POST of an alert
to its commit, and to the last stored receipt of four phones. How far two calm halves of the run are apart,
and how far resampling moves a ratio, say what a ratio is worth. In each block a member signs in, too.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.alert import Phone, Round, first_alert, one_round, who_is_called
from benchmarks.start import running
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn, live_socket, signed_in
from responder.terminal.database_url import demo_password

CALM, CALM_AGAIN = "calm", "calm_again"
SIGN_INS, IDLERS, RIG = "under_sign_ins", "under_idle_sockets", "rig"
ATTACKERS = Path(__file__).parent / "fleet" / "attackers.py"
REST_S = (0.05, 0.45)
"""Between one alert and the next, any in between, so that alerts meet hashes of passwords at any moment."""
LINGER_S = {SIGN_INS: 3.0, IDLERS: 6.0, RIG: 3.0}
"""How long the attackers have to come before the first alert of a block."""
SETTLE_S = 5.0
"""How long what attackers left behind is waited for before a block without any."""
RESAMPLED = 2000


def main() -> None:
    """Let calm and attacks take turns on one fresh installation, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8116)
    arguments.add_argument("--blocks", type=int, default=15)
    arguments.add_argument("--alerts", type=int, default=40, help="alerts in a block")
    arguments.add_argument("--attacks", nargs="+", choices=[SIGN_INS, IDLERS], default=[SIGN_INS, IDLERS])
    arguments.add_argument("--sign-ins-per-s", type=float, default=100)
    arguments.add_argument("--sockets", type=int, default=5000)
    arguments.add_argument("--sockets-per-s", type=float, default=1000)
    arguments.add_argument("--addresses", type=int, default=50, help="addresses that the attackers come from")
    chosen = arguments.parse_args()
    # More alerts in a minute than the installation lets one person raise.
    os.environ["RESPONDER_ALERTS_PER_MINUTE"] = "100000"
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        with running(data_dir, port=chosen.port) as url:
            rounds, sign_ins_s = asyncio.run(take_turns(url, password=demo_password(data_dir), chosen=chosen))
    show(rounds, sign_ins_s)


async def take_turns(
    url: str, *, password: str, chosen: argparse.Namespace
) -> tuple[dict[str, list[Round]], dict[str, list[float]]]:
    """Return the rounds of each state, and how long a member needed to sign in."""
    told = demo_accounts()
    await first_alert(url, password=password)
    attacks = [*chosen.attacks, RIG] if SIGN_INS in chosen.attacks else chosen.attacks
    turns = [CALM, *attacks[:1], CALM_AGAIN, *attacks[1:]]
    found: dict[str, list[Round]] = {state: [] for state in turns}
    sign_ins_s: dict[str, list[float]] = {state: [] for state in turns}
    async with AsyncExitStack() as doors:
        staff, *sessions = [
            await doors.enter_async_context(
                signed_in(url, username=username, password=password, circle_name=told.circle_name)
            )
            for username in (told.staff, *told.players)
        ]
        called = await who_is_called(staff, sessions)
        phones = [
            Phone(await doors.enter_async_context(live_socket(called[number % len(called)])))
            for number in range(4)
        ]
        try:
            await rounds_of(staff, phones, count=5)
            for block in range(chosen.blocks):
                for state in turns if block % 2 == 0 else reversed(turns):
                    async with under(state, chosen):
                        found[state] += await rounds_of(staff, phones, count=chosen.alerts)
                        sign_ins_s[state].append(await sign_in_s(url, told.staff, password=password))
        finally:
            for phone in phones:
                phone.listening.cancel()
    return found, sign_ins_s


async def sign_in_s(url: str, username: str, *, password: str) -> float:
    """Sign a member in, again when told to come again, and return how long it took in seconds."""
    began_s = time.perf_counter()
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False, verify=False) as http:  # noqa: S501
        while True:
            answer = await http.post("/api/session", json={"username": username, "password": password})
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        answer.raise_for_status()
    return time.perf_counter() - began_s


async def rounds_of(staff: SignedIn, phones: list[Phone], *, count: int) -> list[Round]:
    """Raise so many alerts, one after the other."""
    rests_s = (random.uniform(*REST_S) for _ in range(count))  # noqa: S311 - no secret
    return [await one_round(staff, phones, rest_s=rest_s) for rest_s in rests_s]


@asynccontextmanager
async def under(state: str, chosen: argparse.Namespace) -> AsyncIterator[None]:
    """Have the attackers of a state at work, and print what they did."""
    if state in {CALM, CALM_AGAIN}:
        await asyncio.sleep(SETTLE_S)
        yield
        return
    if state == IDLERS:
        what = ["idlers", "--port", chosen.port + 1, "--count", chosen.sockets]
        per_s = chosen.sockets_per_s
    else:
        whom = ["--themselves"] if state == RIG else ["--port", chosen.port]
        what = ["sign-ins", *whom, "--usernames", *demo_accounts().players]
        per_s = chosen.sign_ins_per_s
    attackers = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ATTACKERS), *map(str, what)),
        *("--per-s", str(per_s), "--addresses", str(chosen.addresses)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # A session of its own has a priority of its own.
        start_new_session=True,
    )
    try:
        await asyncio.sleep(LINGER_S[state])
        yield
    finally:
        # Waited for beside the phones: a client that does not answer a ping for 15 s is cut off.
        said, _ = await attackers.communicate(b"")
        print(state, said.decode().strip(), flush=True)


def show(rounds: dict[str, list[Round]], sign_ins_s: dict[str, list[float]]) -> None:
    """Print a line for each state, then the ratios."""
    for state, took_s in sign_ins_s.items():
        middle_s = statistics.median(took_s)
        print(f"{state}: a member signed in within {middle_s:.2f} s (median), {max(took_s):.2f} s at most")
    for what, times in (
        ("commit", {state: [one.commit_ms for one in found] for state, found in rounds.items()}),
        ("receipt", {state: [max(one.receipts_ms) for one in found] for state, found in rounds.items()}),
    ):
        for state, found in times.items():
            middle = statistics.median(found)
            print(f"{state}: {what} p50 {middle:.1f} ms, p99 {p99(found):.1f} ms of {len(found)}")
        print(f"alert_{what}_p99_calm_again_vs_calm {ratio(times[CALM_AGAIN], times[CALM])}")
        calm = times.pop(CALM) + times.pop(CALM_AGAIN)
        print(f"alert_{what}_p99_ms_calm {p99(calm):.1f}")
        for state, found in times.items():
            print(f"alert_{what}_p99_{state}_vs_calm {ratio(found, calm)}")


def p99(times: list[float]) -> float:
    """Return what one in a hundred exceeds."""
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def ratio(times: list[float], others: list[float]) -> str:
    """Say how much larger the p99 is, and between what nine in ten resamplings of both would have put it."""
    chance = random.Random(15)  # noqa: S311 - it need not be unguessable
    again = [
        p99(chance.choices(times, k=len(times))) / p99(chance.choices(others, k=len(others)))
        for _ in range(RESAMPLED)
    ]
    again.sort()
    low, high = again[RESAMPLED // 20], again[-RESAMPLED // 20]
    return f"{p99(times) / p99(others):.2f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    main()
