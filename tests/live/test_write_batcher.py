"""Receipts that wait to be stored, and reads that wait for them."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from responder.domain.ids import CircleId
from responder.live.sync.write_batcher import WriteBatcher

CIRCLE = CircleId(UUID(int=1))
OTHER = CircleId(UUID(int=2))


class Storing:
    """Stores when it is told to."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.go_on = asyncio.Event()

    async def store(self, _: CircleId, items: Sequence[str]) -> None:
        await self.go_on.wait()
        self.stored += items


def batcher(storing: Storing) -> WriteBatcher[str]:
    return WriteBatcher[str](storing.store, on_rejected=lambda _: None, batch=1, gather_s=0)


async def test_a_read_after_receipts_waits_until_all_that_came_in_are_stored() -> None:
    storing = Storing()
    waiting = batcher(storing)
    waiting.put(CIRCLE, "first")
    waiting.put(CIRCLE, "second")
    asyncio.get_running_loop().call_later(0.02, storing.go_on.set)
    await waiting.flushed(CIRCLE, within_s=10)
    assert storing.stored == ["first", "second"]


async def test_a_batch_waits_for_more_only_until_it_is_whole() -> None:
    batches: list[list[str]] = []

    async def store(_: CircleId, items: Sequence[str]) -> None:
        batches.append(list(items))

    patient = WriteBatcher[str](store, on_rejected=lambda _: None, batch=2, gather_s=3600)
    for item in ("first", "second", "third", "fourth", "fifth"):
        patient.put(CIRCLE, item)
    await patient.flushed(CIRCLE, within_s=0.1)
    assert batches == [["first", "second"], ["third", "fourth"]]
    await patient.finish(within_s=0)


async def test_what_can_never_be_stored_is_given_back_and_holds_up_the_others_no_longer() -> None:
    stored: list[str] = []
    given_back: list[str] = []

    async def store(_: CircleId, items: Sequence[str]) -> None:
        if "poison" in items:
            raise OverflowError
        stored.extend(items)

    waiting = WriteBatcher[str](store, on_rejected=given_back.append, batch=10, gather_s=0)
    waiting.put(CIRCLE, "poison", "first", "second")
    await waiting.flushed(CIRCLE, within_s=5)
    assert (stored, given_back) == (["first", "second"], ["poison"])
    await waiting.finish(within_s=0)


async def test_a_wait_is_short_and_not_for_the_receipts_of_another_circle() -> None:
    storing = Storing()
    waiting = batcher(storing)
    waiting.put(CIRCLE, "never stored")
    async with asyncio.timeout(30):
        await waiting.flushed(OTHER, within_s=60)
        await waiting.flushed(CIRCLE, within_s=0.01)
    assert storing.stored == []
    await waiting.finish(within_s=0)
