"""What is urgent goes first: costly work that can wait asks here before it begins."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final, Protocol

from responder.security import hasher_process

AFTERWARDS_S: Final = 0.3
"""An alert that is committed is still on its way to those it calls, and their receipts back."""
HELD_AFTERWARDS_S: Final = 0.1
"""Most receipts are back by then, and someone waits for what is held."""
LONGEST_WAIT_S: Final = 1.0
"""However many alerts follow one another, whatever waits for them has its turn."""
LOOK_AGAIN_S: Final = 0.02


class Watcher(Protocol):
    """A listener that pauses while urgent work is in progress."""

    def began(self) -> None:
        """Something urgent has come."""

    def ended(self) -> None:
        """One of the urgent things is done."""


class _Urgency:
    """How much that is urgent one event loop has in hand, and whether passwords are held for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.in_hand = 0
        self.quiet_from_s = 0.0
        self.watchers: list[Watcher] = []
        self._loop = loop
        self._held = False
        self._going_on: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        self.in_hand += 1
        if self._going_on is not None:
            self._going_on.cancel()
            self._going_on = None
        if not self._held:
            self._held = True
            hasher_process.suspend()
        for each in self.watchers:
            each.began()

    def end(self) -> None:
        self.in_hand -= 1
        self.quiet_from_s = self._loop.time() + AFTERWARDS_S
        if not self.in_hand:
            self._going_on = self._loop.call_later(HELD_AFTERWARDS_S, self._resume)
        for each in self.watchers:
            each.ended()

    def _resume(self) -> None:
        self._held = False
        self._going_on = None
        hasher_process.resume()


@cache
def _urgency(loop: asyncio.AbstractEventLoop) -> _Urgency:
    return _Urgency(loop)


@contextmanager
def alert_priority() -> Iterator[None]:
    """
    Let costly work that has not begun wait until this block is over, and a little longer.

    A password that is being hashed is held too: half a core and the memory's time are the alert's.
    """
    urgency = _urgency(asyncio.get_running_loop())
    urgency.begin()
    try:
        yield
    finally:
        urgency.end()


def subscribe(watcher: Watcher) -> None:
    """Notify a listener when urgent work begins and ends on this event loop."""
    _urgency(asyncio.get_running_loop()).watchers.append(watcher)


def unsubscribe(watcher: Watcher) -> None:
    """Tell them no more."""
    _urgency(asyncio.get_running_loop()).watchers.remove(watcher)


async def wait_until_idle() -> None:
    """Wait while something urgent is in hand and a little longer, but not for ever."""
    loop = asyncio.get_running_loop()
    urgency = _urgency(loop)
    patient_until_s = loop.time() + LONGEST_WAIT_S
    # Where alerts follow one another closely, at least between two of them.
    latest_s = patient_until_s + LONGEST_WAIT_S
    # Its end is a time, not an event, so it is looked for.
    while (now_s := loop.time()) < latest_s and (  # noqa: ASYNC110 - see above
        urgency.in_hand or now_s < min(urgency.quiet_from_s, patient_until_s)
    ):
        await asyncio.sleep(LOOK_AGAIN_S)
