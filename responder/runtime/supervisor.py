"""Keep processes running: start, watch, start again with growing pauses, stop in good order."""

import asyncio
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from responder.runtime.supervised import FLAG
from responder.terminal.console import CommandError

READY_LIMIT_S = 60.0
ASK_AGAIN_S = 0.05
ANSWER_LIMIT_S = 5.0
STOP_LIMIT_S = 12.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SPARE_AFTER_S = 5.0
"""When all others are ready: loading takes a core for seconds, which the first alert may need."""
STEADY_AFTER_S = 20.0
"""A process that ran this long was well; the pause after its end is short again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep running."""

    command: str
    """The command of `responder` that it is."""
    ready_url: str
    inherits: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """File descriptors that it is given, by the name of the variable that tells which."""
    is_spare: bool = False
    """Whether it is another of the same command, which serves when the first is gone."""
    is_optional: bool = False
    """Whether the others do without it: like a spare one it is started later, and may fail to start."""

    @property
    def name(self) -> str:
        """What it is called among the others."""
        return f"spare {self.command}" if self.is_spare else self.command


def pause_s(deaths: int) -> float:
    """How long to wait after so many deaths in a row, in seconds."""
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(deaths - 1, 16))


class Supervisor:
    """Keeps children running until it is stopped."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self.children = children
        self._environment = {**os.environ, **environment, FLAG: "1"}
        self._tell = tell
        self._stopping = asyncio.Event()
        self._keepers: list[asyncio.Task[None]] = []
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    @property
    def pids(self) -> dict[str, int]:
        """Process id of each child that runs, by name."""
        return {name: process.pid for name, process in self._processes.items() if process.returncode is None}

    async def start(self) -> None:
        """
        Start all processes and wait until each answers; spare and optional ones start somewhat later.

        Raises
        ------
        CommandError
            A child ended before it answered, or did not answer in time; the others have been stopped.
        """
        first = [child for child in self.children if not _comes_later(child)]
        try:
            for child in first:
                await self._spawn(child)
            await asyncio.gather(*(self._until_ready(child) for child in first))
        except BaseException:
            await self._end_all()
            raise
        self._keepers = [
            asyncio.create_task(self._keep_later(child) if _comes_later(child) else self._keep(child))
            for child in self.children
        ]

    async def stop(self) -> None:
        """Stop all processes in order."""
        self._stopping.set()
        await self._end_all()
        await asyncio.gather(*self._keepers)

    async def _spawn(self, child: Child) -> None:
        process = self._processes[child.name] = await asyncio.create_subprocess_exec(
            sys.executable,
            *(["-P"] if sys.flags.safe_path else []),
            "-m",
            "responder",
            child.command,
            stdin=asyncio.subprocess.PIPE,
            env=self._environment
            | {name: ",".join(map(str, files)) for name, files in child.inherits.items()},
            pass_fds=[file for files in child.inherits.values() for file in files],
            # Ctrl-C goes to the supervisor alone, which then stops the children in good order.
            start_new_session=True,
        )
        if self._stopping.is_set():
            # It was started after all others were stopped.
            await _end(process)

    async def _until_ready(self, child: Child) -> None:
        process = self._processes[child.name]
        deadline_s = time.monotonic() + READY_LIMIT_S
        while time.monotonic() < deadline_s:
            if process.returncode is not None:
                message = f"{child.name}: exit code {process.returncode}"
                raise CommandError(
                    zh=f"进程启动失败：{message}", en=f"A process ended while starting: {message}"
                )
            if await _answers(child.ready_url):
                return
            await asyncio.sleep(ASK_AGAIN_S)
        raise CommandError(zh=f"进程没有应答：{child.name}", en=f"A process does not answer: {child.name}")

    async def _keep_later(self, child: Child) -> None:
        await self._pause(SPARE_AFTER_S)
        await self._keep(child)

    async def _keep(self, child: Child) -> None:
        deaths = 0
        while not self._stopping.is_set():
            began_s = time.monotonic()
            try:
                if child.name not in self.pids:
                    await self._spawn(child)
                end = f"exit code {await self._processes[child.name].wait()}"
            except OSError as error:
                # Such as too little memory for one more process, which may pass.
                end = f"does not start: {error}"
            if not self._stopping.is_set():
                deaths = 1 if time.monotonic() - began_s > STEADY_AFTER_S else deaths + 1
                self._tell(f"{child.name}: {end}, restart in {pause_s(deaths):g} s")
                await self._pause(pause_s(deaths))

    async def _pause(self, wait_s: float) -> None:
        """Wait, but no longer than until all are stopped."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), wait_s)

    async def _end_all(self) -> None:
        await asyncio.gather(*(_end(process) for process in self._processes.values()))


def _comes_later(child: Child) -> bool:
    return child.is_spare or child.is_optional


async def _answers(url: str) -> bool:
    """
    Tell whether the process answers at `url` that all is well.

    By hand, because loading an HTTP client takes longer than everything else that the supervisor does.
    """
    place = urlsplit(url)
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(ANSWER_LIMIT_S):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            try:
                request = f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n"
                writer.write(request.encode())
                first_line = await reader.readline()
            finally:
                writer.close()
        return re.match(rb"HTTP/1\.\d 2\d\d\b", first_line) is not None
    return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_LIMIT_S)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
