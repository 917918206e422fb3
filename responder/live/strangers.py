"""Sockets that have not said who they are: how many there are, and whether one more may be."""

from collections import Counter

AT_LEAST = 4
"""So many sockets any address may hold, however many others there are: a household behind one router."""


class Strangers:
    """
    Counts strangers by network address.

    Parameters
    ----------
    per_address
        Most sockets that one address may hold, when there is room.
    together
        When all hold so many, an address may hold no more than its equal share of them. So whoever comes from
        elsewhere finds room, and a flood from few addresses none.
    """

    def __init__(self, *, per_address: int, together: int) -> None:
        self._per_address = per_address
        self._together = together
        self._held: Counter[str] = Counter()
        self._all = 0

    def __len__(self) -> int:
        return self._all

    def enter(self, address: str) -> bool:
        """Count one more, and tell whether it may be."""
        held = self._held.get(address, 0)
        most = self._per_address
        if self._all >= self._together:
            share = self._together // (len(self._held) + (held == 0))
            most = min(most, max(AT_LEAST, share))
        if held >= most:
            return False
        self._held[address] = held + 1
        self._all += 1
        return True

    def leave(self, address: str) -> None:
        """Count one less: it is gone, or has said who it is."""
        self._all -= 1
        self._held[address] -= 1
        if self._held[address] <= 0:
            del self._held[address]
