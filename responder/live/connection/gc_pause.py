"""When the garbage of a process that serves is looked for: not while an alert is on its way."""

import asyncio
import gc
from collections.abc import Callable

_ROUND_S = 1.0
_PUT_OFF_AT_MOST_S = 10.0
"""What was made lately is looked at this often, whatever goes on."""
WORTHWHILE = 1_000
"""So many connections ended are worth a look at everything; each leaves up to 20 KiB in cycles."""
PRESSING = 20_000
"""So many are worth it even while an alert is on its way."""
_EVERYTHING_S = 3600.0
"""Everything is looked at this often even when few connections have ended."""


class GcScheduler:
    """
    Looks for garbage in rounds.

    Left to itself the interpreter looks when much has just been made: while a thousand receipts come in. With
    ten thousand sockets open it then stands still for half a second, and for longer when it looks at
    everything.

    Parameters
    ----------
    is_idle
        Tells whether nobody waits for anything.
    closed
        Tells how many connections have ended so far.
    worthwhile
        So many connections ended are worth a look at everything in calm.
    """

    def __init__(
        self, *, is_idle: Callable[[], bool], closed: Callable[[], int], worthwhile: int = WORTHWHILE
    ) -> None:
        self._worthwhile = worthwhile
        self._is_idle = is_idle
        self._closed = closed
        self._closed_before = 0
        self._young_at = self._everything_at = 0.0

    async def run(self) -> None:
        """Make rounds, instead of the interpreter, until cancelled."""
        loop = asyncio.get_running_loop()
        gc.collect()
        # What was imported and started stays as long as the process.
        gc.freeze()
        self._young_at = self._everything_at = loop.time()
        gc.disable()
        try:
            while True:
                await asyncio.sleep(_ROUND_S)
                self.check(now=loop.time())
        finally:
            gc.enable()

    def check(self, *, now: float) -> None:
        closed = self._closed() - self._closed_before
        idle = self._is_idle()
        if closed >= PRESSING or (
            idle and (closed >= self._worthwhile or now - self._everything_at >= _EVERYTHING_S)
        ):
            gc.collect()
            self._closed_before += closed
            self._young_at = self._everything_at = now
        elif idle or now - self._young_at >= _PUT_OFF_AT_MOST_S:
            gc.collect(1)
            self._young_at = now
