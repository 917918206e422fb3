"""Everything put together: a town, its processes, its devices, and the verdict."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from responder.store.database import connect
from tests.faults.rig.build import build_town
from tests.faults.rig.checker import Verdict, judge
from tests.faults.rig.driver import Driver
from tests.faults.rig.journals import Journals, Line
from tests.faults.rig.processes import ROOT, Installation, install
from tests.faults.rig.town import Person, Town, plan_town

LIVE_WITHIN_S = 180.0
CLOCKS_AHEAD_S = (0, 86_400, -86_400)
"""Devices' clocks: right, a day ahead, a day behind. Nothing may depend on them."""


@dataclass(kw_only=True)
class Robots:
    """One process of robot devices."""

    people: Sequence[Person]
    journal: Path
    running: subprocess.Popen[bytes]

    def signal(self, number: int) -> None:
        """Send the process a signal."""
        self.running.send_signal(number)

    def stop(self) -> None:
        """Ask it to end."""
        if self.running.poll() is None:
            self.running.send_signal(signal.SIGCONT)
            self.running.terminate()
            self.running.wait(timeout=60)


@dataclass(kw_only=True)
class Rig:
    """A town under test."""

    database_url: str
    town: Town
    installation: Installation
    driver: Driver
    folder: Path
    robots: list[Robots] = field(default_factory=list)
    journals: Journals = field(default_factory=Journals)

    def start_robots(
        self, people: Sequence[Person], *, live_urls: list[str] | None = None, clock_ahead_s: float = 0
    ) -> Robots:
        """Start a process of devices for these people."""
        number = len(self.robots)
        config = self.folder / f"robots-{number}.json"
        journal = self.folder / f"journal-{number}.jsonl"
        config.write_text(
            json.dumps(
                {
                    "circle_id": str(self.town.circle_id),
                    "api_urls": self.driver.api_urls,
                    "live_urls": live_urls or self.live_urls,
                    "people": [{"account_id": str(p.account_id), "token": p.token} for p in people],
                    "journal": str(journal),
                    "clock_ahead_s": clock_ahead_s,
                }
            )
        )
        with (self.folder / f"robots-{number}.log").open("ab") as log:
            running = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "tests.faults.rig.robots", str(config)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                start_new_session=True,
            )
        robots = Robots(people=people, journal=journal, running=running)
        self.robots.append(robots)
        self.journals.add(journal)
        return robots

    @property
    def live_urls(self) -> list[str]:
        """Where all gateways are."""
        return [f"ws://127.0.0.1:{gateway.port}/live" for gateway in self.installation.gateways]

    def lines(self, *, after: int = 0) -> Sequence[Line]:
        """Return what the devices have written down so far, after a mark of the journals."""
        return self.journals.after(after)

    async def all_live(self, *, since: float = 0.0, people: Sequence[Person] | None = None) -> None:
        """Wait until every device has been live at some time since."""
        wanted = {
            str(person.account_id)
            for person in people or [person for robots in self.robots for person in robots.people]
        }

        def missing() -> set[str]:
            return wanted - {line["d"] for line in self.lines() if line["k"] == "live" and line["t"] >= since}

        async with asyncio.timeout(LIVE_WITHIN_S):
            while missing():  # noqa: ASYNC110 - journals are files of other processes
                await asyncio.sleep(0.25)

    async def verdict(self, *, within_s: float = 90.0) -> Verdict:
        """Judge, as soon as nothing is missing, or when time is up."""
        deadline = time.monotonic() + within_s
        while True:
            verdict = judge(
                self.town, self.driver.answered, self.lines(), real_alerts=alerts_in(self.database_url)
            )
            if not verdict.lost or time.monotonic() > deadline:
                return verdict
            await asyncio.sleep(0.5)


def alerts_in(database_url: str) -> frozenset[str]:
    """Return the ids of all alerts, asked without the product's own code."""
    with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return frozenset(str(alert_id) for (alert_id,) in connection.execute("SELECT id FROM alert"))


@contextlib.asynccontextmanager
async def rigged(
    database_url: str,
    folder: Path,
    *,
    villages: int = 2,
    teams: int = 2,
    people_per_team: int = 4,
    apis: int = 1,
    gateways: int = 1,
    sabotage: str = "",
    extra: dict[str, str] | None = None,
    one_alone: bool = False,
    clocks_ahead_s: Sequence[float] = CLOCKS_AHEAD_S,
    with_robots: bool = True,
) -> AsyncIterator[Rig]:
    """
    Build a town, start its processes and devices, and stop them at the end.

    With `one_alone` the first process of devices is of one person, who is called in the first village. For
    each of `clocks_ahead_s` there is a process of devices whose clocks are so far ahead.
    """
    database = connect(database_url)
    try:
        plan = plan_town(villages=villages, teams=teams, people_per_team=people_per_team)
        town = await build_town(database, plan)
    finally:
        await database.dispose()
    installation = install(database_url, folder, apis=apis, gateways=gateways, sabotage=sabotage, extra=extra)
    api_urls = [f"http://127.0.0.1:{api.port}" for api in installation.apis]
    rig = Rig(
        database_url=database_url,
        town=town,
        installation=installation,
        driver=Driver(town=town, api_urls=api_urls),
        folder=folder,
    )
    try:
        await installation.start()
        if with_robots:
            people = list(town.people)
            if one_alone:
                first = next(team.people[0] for team in town.teams if team.on_duty)
                people.remove(first)
                rig.start_robots([first])
            for number, ahead_s in enumerate(clocks_ahead_s):
                rig.start_robots(people[number :: len(clocks_ahead_s)], clock_ahead_s=ahead_s)
            await rig.all_live()
        yield rig
    finally:
        for robots in rig.robots:
            robots.stop()
        installation.stop()
