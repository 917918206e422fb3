"""Sockets that have not said who they are: how many there are, and whether one more may be."""

import heapq
import random
import time
from collections import Counter
from collections.abc import Callable

AT_LEAST = 4
"""So many sockets any address may hold, however many others there are: a household behind one router."""


class Slot:
    """A slot held by an unauthenticated connection. Releasing twice is a no-op."""

    def __init__(self, handshakes: "HandshakeLimiter | None" = None, address: str = "") -> None:
        self._handshakes = handshakes
        self._address = address

    def leave(self) -> None:
        """Make room for another."""
        handshakes, self._handshakes = self._handshakes, None
        if handshakes is not None:
            handshakes.free(self._address)

    def penalize(self) -> None:
        """Release the slot after a cool-down: the client had time to authenticate and did not."""
        handshakes, self._handshakes = self._handshakes, None
        if handshakes is not None:
            handshakes.free_later(self._address)


class HandshakeLimiter:
    """
    Limits unauthenticated connections, in total and by network address.

    Parameters
    ----------
    per_address
        Most places that one address may have, when there is room.
    together
        Total number of slots. When they are taken, an address may hold no more than its equal share, so
        that clients from other addresses find room during a flood from few addresses.
    wasted_s
        Mean cool-down of a slot whose client did not authenticate. Accepting is what costs; this limits how
        often a silent client can reconnect.
    """

    def __init__(
        self,
        *,
        per_address: int,
        together: int,
        wasted_s: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_address = per_address
        self._together = together
        self._wasted_s = wasted_s
        self._now = now
        self._taken: Counter[str] = Counter()
        self._all = 0
        self._wasted: list[tuple[float, str]] = []
        """A heap: when each is free, the earliest first, and whose it was."""

    def __len__(self) -> int:
        """Return how many places are taken, the wasted ones too."""
        self._free_wasted()
        return self._all

    def enter(self, address: str) -> Slot | None:
        """Give a place, or None when there is none."""
        self._free_wasted()
        taken = self._taken.get(address, 0)
        most = self._per_address
        if self._all >= self._together:
            share = self._together // (len(self._taken) + (taken == 0))
            most = min(most, max(AT_LEAST, share))
        if taken >= most:
            return None
        self._taken[address] = taken + 1
        self._all += 1
        return Slot(self, address)

    def free(self, address: str) -> None:
        """Count one place less."""
        self._all -= 1
        self._taken[address] -= 1
        if self._taken[address] <= 0:
            del self._taken[address]

    def free_later(self, address: str) -> None:
        """Count one place less when it has been a warning for long enough."""
        # Not all at one moment, or a crowd that came together would be let in together again.
        wait_s = self._wasted_s * random.uniform(0.5, 1.5)  # noqa: S311 - nobody has to be unable to guess it
        heapq.heappush(self._wasted, (self._now() + wait_s, address))

    def _free_wasted(self) -> None:
        now_s = self._now()
        while self._wasted and self._wasted[0][0] <= now_s:
            self.free(heapq.heappop(self._wasted)[1])
