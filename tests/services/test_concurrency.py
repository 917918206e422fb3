"""Work that runs at the same time leaves nothing running when an error is raised."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from responder.services.concurrency import GivingWay, all_of, both
from tests.patience import PATIENCE_S
from tests.services.busy import Busy


class Slow:
    """Work that goes on for some rounds of the event loop after the other has failed."""

    def __init__(self) -> None:
        self.ended = False

    async def run(self) -> str:
        for _ in range(20):
            await asyncio.sleep(0)
        self.ended = True
        return "slow"


async def failing() -> str:
    await asyncio.sleep(0)
    message = "failed"
    raise LookupError(message)


async def quick() -> int:
    return 1


WAYS: dict[str, Callable[[Slow], Awaitable[object]]] = {
    "both, the first fails": lambda slow: both(failing(), slow.run()),
    "both, the second fails": lambda slow: both(slow.run(), failing()),
    "all_of": lambda slow: all_of([slow.run(), failing(), slow.run()]),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_an_error_is_raised_when_nothing_runs_any_more(
    way: Callable[[Slow], Awaitable[object]],
) -> None:
    slow = Slow()
    with pytest.raises(LookupError):
        await way(slow)
    assert slow.ended


async def test_results_come_in_the_order_of_the_works() -> None:
    assert await both(Slow().run(), quick()) == ("slow", 1)
    assert await all_of([Slow().run(), Slow().run()]) == ["slow", "slow"]
    assert await all_of([]) == []


async def test_a_caller_that_is_cancelled_ends_both() -> None:
    slow, other, before = Slow(), asyncio.Event(), asyncio.all_tasks()
    waiting = asyncio.create_task(both(slow.run(), other.wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not slow.ended
    assert asyncio.all_tasks() <= before


async def test_work_gives_way_to_alerts_until_they_are_over() -> None:
    busy = Busy()
    waiting = asyncio.create_task(GivingWay(busy, for_s=10 * PATIENCE_S).until_idle())
    await asyncio.wait_for(busy.waited_for.wait(), PATIENCE_S)
    assert not waiting.done()
    busy.over.set()
    await asyncio.wait_for(waiting, PATIENCE_S)


async def test_work_gives_way_for_so_long_altogether() -> None:
    way = GivingWay(Busy(), for_s=0.01)
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(3):
            await way.until_idle()
