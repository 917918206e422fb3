"""What may go wrong, done to a rig while alerts are raised. Short in the suite, long in the benchmark."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import uuid4

import httpx
import psycopg

from responder.store.incidents.event import CHANNEL
from tests.faults.rig.checker import catch_up_s
from tests.faults.rig.driver import Answered
from tests.faults.rig.processes import Process
from tests.faults.rig.rig import Rig
from tests.faults.rig.town import Person

BACK_WITHIN_S = 120.0
"""A device that is not back by then is not waited for, and is reported as never back."""
ENDED_AFTER = 8
"""So many incidents stay open; then the oldest is ended: real circles have few at a time."""


async def raise_and_end(rig: Rig, *, times: int, pause_s: float = 0.0) -> None:
    """Raise alerts in the villages in turn, and end the oldest when there are many."""
    open_ones: list[Answered] = []
    for number in range(times):
        open_ones.append(await rig.driver.raise_alert(number % rig.town.villages, exercise=number % 3 == 0))
        if len(open_ones) > ENDED_AFTER:
            await rig.driver.end(open_ones.pop(0))
        await asyncio.sleep(pause_s)
    for raised in open_ones:
        await rig.driver.end(raised)


@contextlib.asynccontextmanager
async def background_alerts(rig: Rig, *, pause_s: float = 0.2) -> AsyncIterator[None]:
    """Raise alerts all the time."""
    going = True

    async def keep_raising() -> None:
        while going:
            raised = await rig.driver.raise_alert(random.randrange(rig.town.villages))  # noqa: S311
            await asyncio.sleep(pause_s)
            await rig.driver.end(raised)

    raising = asyncio.create_task(keep_raising())
    try:
        yield
    finally:
        going = False
        await raising


async def kill_and_restart(rig: Rig, process: Process) -> list[float]:
    """End a process as a power cut would; return after how many seconds each device was back."""
    return await kill_and_restart_all(rig, [process])


async def kill_and_restart_all(rig: Rig, processes: Sequence[Process]) -> list[float]:
    """End processes in one moment; return after how many seconds each device that lost one was back."""
    since, mark = time.time(), rig.journals.mark
    for process in processes:
        process.kill()
    for process in processes:
        process.start()
    await asyncio.gather(*(process.ready() for process in processes))
    await asyncio.sleep(0.5)
    return await all_back(rig, since=since, mark=mark)


async def all_back(rig: Rig, *, since: float, mark: int) -> list[float]:
    """Wait until every device is live again; return after how many seconds each was that had been lost."""
    deadline = time.monotonic() + BACK_WITHIN_S
    while True:
        back = catch_up_s(rig.lines(after=mark), since=since, devices=len(rig.town.people))
        if float("inf") not in back or time.monotonic() > deadline:
            return back
        await asyncio.sleep(0.25)


async def kill_between_commit_and_fan_out(rig: Rig, gateway: Process) -> None:
    """Freeze a gateway, raise an alert, and end the gateway: it has passed nothing on."""
    # At rest, so that it is not frozen in the middle of a transaction; that is a fault of its own.
    await rig.verdict()
    await asyncio.sleep(1.0)
    gateway.signal(signal.SIGSTOP)
    try:
        await rig.driver.raise_alert(random.randrange(rig.town.villages))  # noqa: S311
    finally:
        gateway.kill()
        gateway.start()
    await gateway.ready()


DEAF = """
CREATE FUNCTION end_listeners() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE application_name = 'responder wake-ups' AND datname = current_database()
    AND query = 'LISTEN "CHANNEL"';
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER end_listeners AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION end_listeners();
""".replace("CHANNEL", CHANNEL)
"""
A commit waits until the connections that it would wake have ended; they pause before they come again.

Those that listen for other things are left alone: while it waited for them, the first would be back.
"""


@contextlib.asynccontextmanager
async def no_listeners(database_url: str) -> AsyncIterator[None]:
    """As long as the block runs, what is recorded wakes nobody: those who listen lose their connection."""
    dsn = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(dsn, user="postgres", autocommit=True) as administrator:
        await administrator.execute(DEAF)
        try:
            yield
        finally:
            await administrator.execute("DROP FUNCTION end_listeners CASCADE")


async def kill_listeners(database_url: str, *, for_s: float) -> None:
    """End the connections that wake-ups come by for a while."""
    async with no_listeners(database_url):
        await asyncio.sleep(for_s)


async def restart_database(start: Callable[[], object], pid: int, *, how: signal.Signals) -> None:
    """Stop the database server at once (SIGINT: sessions end in order; SIGQUIT: as a crash) and start it."""
    os.kill(pid, how)
    await asyncio.sleep(1.0)
    await asyncio.to_thread(start)


async def post_many_times_at_once(rig: Rig, *, times: int) -> set[str]:
    """Send one request with one key many times at once; return the alerts of all answers."""
    body = rig.driver.body(0)
    token = next(person.token for person in rig.town.staff if person.role == "coordinator")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:

        async def post(number: int) -> httpx.Response:
            url = rig.driver.api_urls[number % len(rig.driver.api_urls)]
            return await http.post(
                f"{url}/api/circles/{rig.town.circle_id}/incidents", json=body, headers=headers
            )

        answers = await asyncio.gather(*(post(number) for number in range(times)))
    details = [answer.raise_for_status().json() for answer in answers]
    rig.driver.keep(details[0], 0, tries=times)
    return {detail["alerts"][0]["id"] for detail in details}


async def post_and_hang_up(rig: Rig) -> None:
    """Send a request and go away before the answer; then send it again with the same key."""
    key = str(uuid4())
    body = rig.driver.body(1)
    token = next(person.token for person in rig.town.staff if person.role == "coordinator")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    url = f"{rig.driver.api_urls[0]}/api/circles/{rig.town.circle_id}/incidents"
    async with httpx.AsyncClient(trust_env=False) as http:
        for patience_s in (0.005, 0.02, 0.05):
            with contextlib.suppress(httpx.TimeoutException):
                await http.post(url, json=body, headers=headers, timeout=patience_s)
        answer = await http.post(url, json=body, headers=headers, timeout=30)
    rig.driver.keep(answer.raise_for_status().json(), 1, tries=4)


async def end_session(rig: Rig, person: Person) -> None:
    """Sign a person out by the interface, while the socket is open."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.delete(
            f"{rig.driver.api_urls[0]}/api/session", headers={"Authorization": f"Bearer {person.token}"}
        )
    answer.raise_for_status()


def devices_that_heard(rig: Rig, raised: Answered, *, mark: int = 0) -> set[str]:
    """Return the devices that were told of an incident in whatever message."""
    return {line["d"] for line in rig.lines(after=mark) if raised.incident_id in line.get("incidents", ())}
