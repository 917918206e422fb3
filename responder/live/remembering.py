"""A database that asks for each alert and incident once per transaction, however many receipts name it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from responder.services.ports import Database, Transaction


class _Delegate:
    """Something that is the real thing but for what it has itself."""

    def __init__(self, real: object) -> None:
        self._real: Any = real

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real one has
        return getattr(self._real, name)


class _Remembered(_Delegate):
    """A repository whose `get` remembers. Good only while the circle's lock keeps others from writing."""

    def __init__(self, real: object, get: Callable[..., Awaitable[object]]) -> None:
        super().__init__(real)
        self._get = get
        self._known: dict[tuple[object, ...], object] = {}

    async def get(self, *key: object) -> object:
        if key not in self._known:
            self._known[key] = await self._get(*key)
        return self._known[key]


class _Transaction(_Delegate):
    def __init__(self, real: Transaction) -> None:
        super().__init__(real)
        self.alerts = _Remembered(real.alerts, real.alerts.get)
        self.incidents = _Remembered(real.incidents, real.incidents.get)


class _Database(_Delegate):
    @asynccontextmanager
    async def begin(self) -> AsyncIterator[_Transaction]:
        async with self._real.begin() as transaction:
            yield _Transaction(transaction)


def remembering(database: Database) -> Database:
    """Return the database as storing many receipts at once needs it: a thousand of them name one alert."""
    return cast("Database", _Database(database))
