"""
Waiting for work that runs at the same time.

`asyncio.gather` raises the first error while the rest still runs, with a connection to the database that
the caller believes to be free. Here nothing runs any more when an error is raised.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

First = TypeVar("First")
Second = TypeVar("Second")


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
