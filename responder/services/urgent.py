"""What is urgent goes first: costly work that can wait asks here before it begins."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

AFTERWARDS_S: Final = 0.3
"""An alert that is committed is still on its way to those it calls, and their receipts back."""
LONGEST_WAIT_S: Final = 1.0
"""However many alerts follow one another, whatever waits for them has its turn."""
LOOK_AGAIN_S: Final = 0.02


class _Urgency:
    """How much that is urgent one event loop has in hand."""

    def __init__(self) -> None:
        self.in_hand = 0
        self.quiet_from_s = 0.0


@cache
def _urgency(loop: asyncio.AbstractEventLoop) -> _Urgency:  # noqa: ARG001 - one for each loop
    return _Urgency()


@contextmanager
def urgent() -> Iterator[None]:
    """Let costly work that has not begun wait until this block is over, and a little longer."""
    loop = asyncio.get_running_loop()
    urgency = _urgency(loop)
    urgency.in_hand += 1
    try:
        yield
    finally:
        urgency.in_hand -= 1
        urgency.quiet_from_s = loop.time() + AFTERWARDS_S


async def after_what_is_urgent() -> None:
    """Wait while something urgent is in hand, but not for ever."""
    loop = asyncio.get_running_loop()
    urgency = _urgency(loop)
    latest_s = loop.time() + LONGEST_WAIT_S
    # Its end is a time, not an event, so it is looked for.
    while loop.time() < latest_s and (  # noqa: ASYNC110 - see above
        urgency.in_hand or loop.time() < urgency.quiet_from_s
    ):
        await asyncio.sleep(LOOK_AGAIN_S)
