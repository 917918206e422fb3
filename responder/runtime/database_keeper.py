"""Keep the private database running: when it falls it is started again, unless it was stopped by intent."""

import asyncio
import time
from collections.abc import Callable

from responder.embedded import Cluster
from responder.runtime.supervisor import STEADY_AFTER_S, pause_s

LOOK_EVERY_S = 0.5


class DatabaseKeeper:
    """
    Watches the one cluster of a data folder, whichever process started it.

    A database that is not ours, named by its URL, has its own keepers and must not be given to this one.
    """

    def __init__(self, cluster: Cluster, *, tell: Callable[[str], None]) -> None:
        self._cluster = cluster
        self._tell = tell

    async def run(self) -> None:
        """Watch until cancelled."""
        falls, stood_since_s = 0, time.monotonic()
        while True:
            await self._until(lambda: not self._stands)
            if self._cluster.is_parked:
                self._tell("database: stopped by `responder db stop`; start it again by `responder db start`")
                await self._until(lambda: self._stands or not self._cluster.is_parked)
                continue
            fell_s = time.monotonic()
            falls = 1 if fell_s - stood_since_s > STEADY_AFTER_S else falls + 1
            self._tell(f"database: gone, start in {pause_s(falls):g} s")
            while not await self._revived(falls):
                falls += 1
            if self._stands:
                self._tell(f"database: runs again, {time.monotonic() - fell_s:.1f} s after it was missed")
            stood_since_s = time.monotonic()

    async def _revived(self, falls: int) -> bool:
        """Try once, after a pause; tell whether there is nothing left to do."""
        await asyncio.sleep(pause_s(falls))
        try:
            await asyncio.to_thread(self._cluster.revive)
        except Exception as error:  # noqa: BLE001 - a keeper that gives up keeps nothing
            words = " · ".join(str(error).splitlines())
            self._tell(f"database: does not start, again in {pause_s(falls + 1):g} s: {words}")
            return False
        return True

    @property
    def _stands(self) -> bool:
        try:
            return self._cluster.stands
        except Exception:  # noqa: BLE001 - why not will be said when it is started
            return False

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():  # noqa: ASYNC110 - a process of others has no event
            await asyncio.sleep(LOOK_EVERY_S)
