"""
Waiting for work that runs at the same time.

`asyncio.gather` raises the first error while the rest still runs, with a connection to the database that
the caller believes to be free. After `both` and `all_of` nothing runs any more when an error is raised.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import TypeVar

from responder.security.alert_priority import AlertPriority

First = TypeVar("First")
Second = TypeVar("Second")
Result = TypeVar("Result")


async def both(first: Awaitable[First], second: Awaitable[Second]) -> tuple[First, Second]:
    """Return what the two return, after both have ended; raise the error of the first that has one."""
    one, other = await asyncio.gather(first, second, return_exceptions=True)
    if isinstance(one, BaseException):
        raise one
    if isinstance(other, BaseException):
        raise other
    return one, other


async def all_of(works: Iterable[Awaitable[First]]) -> list[First]:
    """Return what each returns, after all have ended; raise the error of the first that has one."""
    results: list[First] = []
    for result in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
        results.append(result)
    return results


class GivingWay:
    """Lets work wait for alerts, from its making on and for so long at most, however many come."""

    def __init__(self, priority: AlertPriority, *, for_s: float) -> None:
        self._priority = priority
        self._until_s = monotonic() + for_s

    async def until_idle(self) -> None:
        """Wait while an alert is in hand."""
        left_s = self._until_s - monotonic()
        if left_s > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._priority.wait_until_idle(), left_s)


async def run_in_thread(work: Callable[[], Result]) -> Result:
    """
    Run `work` in a thread of its own.

    Not in the pool, whose few threads find out who can respond to an alert; and a process that ends does not
    wait for it.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(act: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nothing awaits it
            loop.call_soon_threadsafe(lambda: None if done.done() else act())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed on to the waiter
            failure = error
            settle(lambda: done.set_exception(failure))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, name="job", daemon=True).start()
    return await done
