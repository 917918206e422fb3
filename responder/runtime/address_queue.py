"""Connections by address, in the order in which they came."""

from collections.abc import Iterator, KeysView
from typing import Generic, TypeVar

Item = TypeVar("Item")


class AddressQueue(Generic[Item]):
    """An ordered set of connections, each with the network address of its client."""

    def __init__(self) -> None:
        self._addresses: dict[Item, str] = {}
        self._queues: dict[str, dict[Item, None]] = {}

    def __len__(self) -> int:
        return len(self._addresses)

    def __iter__(self) -> Iterator[Item]:
        return iter(tuple(self._addresses))

    def __contains__(self, item: Item) -> bool:
        return item in self._addresses

    @property
    def addresses(self) -> KeysView[str]:
        """Those that have a connection here."""
        return self._queues.keys()

    @property
    def oldest(self) -> Item | None:
        """The connection that came first."""
        return next(iter(self._addresses), None)

    def address(self, item: Item) -> str | None:
        """Return where the client of a connection is, or None when it is not here."""
        return self._addresses.get(item)

    def count(self, address: str) -> int:
        """Return how many connections an address has here."""
        return len(self._queues.get(address, ()))

    def first(self, address: str) -> Item | None:
        """Return the connection of an address that came first."""
        return next(iter(self._queues.get(address, ())), None)

    def add(self, item: Item, address: str) -> None:
        """Add a connection as the last of its address."""
        self._addresses[item] = address
        self._queues.setdefault(address, {})[item] = None

    def remove(self, item: Item) -> None:
        """Remove a connection, if it is here."""
        address = self._addresses.pop(item, None)
        if address is not None:
            del self._queues[address][item]
            if not self._queues[address]:
                del self._queues[address]
