"""What can wait stands back while an alert is in hand, but not for ever."""

import asyncio

import pytest

from responder.security import alert_priority
from responder.security.alert_priority import AlertPriority
from tests.patience import PATIENCE_S


async def test_it_is_idle_again_when_the_last_alert_is_done() -> None:
    priority = AlertPriority()
    with priority.alert():
        with priority.alert():
            waiting = asyncio.create_task(priority.wait_until_idle())
        await asyncio.sleep(0)
        assert not priority.is_idle
        assert not waiting.done()
    await asyncio.wait_for(waiting, PATIENCE_S)
    assert priority.is_idle


async def test_an_alert_that_fails_is_done() -> None:
    priority = AlertPriority()
    with pytest.raises(ZeroDivisionError), priority.alert():
        raise ZeroDivisionError
    await asyncio.wait_for(priority.wait_until_idle(), 10)
    assert priority.is_idle


async def test_an_alert_is_in_hand_while_it_goes_out() -> None:
    loop = asyncio.get_running_loop()
    priority = AlertPriority(afterwards_s=0.2)
    with priority.alert():
        pass
    began_s = loop.time()
    assert not priority.is_idle
    await priority.wait_until_idle()
    assert priority.is_idle
    assert loop.time() - began_s >= 0.15


async def test_who_gives_way_goes_on_after_each_alert_and_for_half_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alert_priority, "LONGEST_WAIT_S", 0.1)
    loop = asyncio.get_running_loop()
    priority = AlertPriority()
    said: list[tuple[str, float]] = []
    changed = asyncio.Event()

    def say(what: str) -> None:
        said.append((what, loop.time()))
        changed.set()

    giving_way = asyncio.create_task(priority.give_way(lambda: say("pause"), lambda: say("resume")))
    try:
        async with asyncio.timeout(20):
            with priority.alert():
                # It has begun before the listener looks, and lasts for longer than anybody waits.
                while len(said) < 3:
                    await changed.wait()
                    changed.clear()
    finally:
        giving_way.cancel()
        await asyncio.wait([giving_way])
    # Also when it is cancelled.
    assert [what for what, _ in said] == ["pause", "resume", "pause", "resume"]
    (_, paused_s), (_, resumed_s), (_, again_s), _ = said
    assert again_s - resumed_s >= resumed_s - paused_s - 0.01
