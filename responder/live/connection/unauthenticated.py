"""Limit on connections that have not authenticated."""

import asyncio
import random
from collections import Counter

AT_LEAST = 4
"""Slots that each address may always hold: a household behind one router."""


class Slot:
    """A slot held by an unauthenticated connection. Releasing twice is a no-op."""

    def __init__(self, handshakes: "HandshakeLimiter | None" = None, address: str = "") -> None:
        self._handshakes = handshakes
        self._address = address

    def release(self) -> None:
        """Release the slot."""
        handshakes, self._handshakes = self._handshakes, None
        if handshakes is not None:
            handshakes.free(self._address)

    def release_later(self) -> None:
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
        Most slots of one address while there is room.
    total
        Total number of slots. When they are taken, an address may hold no more than its equal share, so
        that clients from other addresses find room during a flood from few addresses.
    cooldown_s
        Mean cool-down of a slot whose client did not authenticate. Accepting is what costs; this limits how
        often a silent client can reconnect.
    """

    def __init__(self, *, per_address: int, total: int, cooldown_s: float) -> None:
        self._per_address = per_address
        self._total = total
        self._cooldown_s = cooldown_s
        self._taken: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many slots are taken, those in cool-down too."""
        return self._taken.total()

    def enter(self, address: str) -> Slot | None:
        """Return a slot, or None when the limit is reached."""
        most = self._per_address
        if len(self) >= self._total:
            addresses = len(self._taken) + (address not in self._taken)
            most = min(most, max(AT_LEAST, self._total // addresses))
        if self._taken[address] >= most:
            return None
        self._taken[address] += 1
        return Slot(self, address)

    def free(self, address: str) -> None:
        """Release a slot of the address."""
        # Drops what is no longer above zero.
        self._taken -= Counter([address])

    def free_later(self, address: str) -> None:
        """Release the slot after a cool-down."""
        # Spread, or clients that came together would be let in together again.
        wait_s = self._cooldown_s * random.uniform(0.5, 1.5)  # noqa: S311 - it need not be unpredictable
        asyncio.get_running_loop().call_later(wait_s, self.free, address)
