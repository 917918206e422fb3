"""Garbage is collected when nothing waits, and after a limit in any case."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from responder.live.connection.gc_pause import PRESSING, WORTHWHILE, GcScheduler

YOUNG, EVERYTHING = 1, 2


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which generations were looked at."""
    generations: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=EVERYTHING: generations.append(generation))
    return generations


class Day:
    """What a gateway meets."""

    def __init__(self) -> None:
        self.is_idle = True
        self.closed = 0
        self.collector = GcScheduler(is_idle=lambda: self.is_idle, closed=lambda: self.closed)


def test_in_calm_what_is_new_is_looked_at_in_every_round(looked: list[int]) -> None:
    day = Day()
    for second in range(3):
        day.collector.check(now=second)
    assert looked == [YOUNG] * 3


def test_nothing_is_looked_at_while_an_alert_is_on_its_way_but_not_for_long(looked: list[int]) -> None:
    day = Day()
    day.is_idle = False
    for second in range(1, 10):
        day.collector.check(now=second)
    assert looked == []
    day.collector.check(now=10)
    assert looked == [YOUNG]


def test_after_many_have_gone_everything_is_looked_at_in_calm(looked: list[int]) -> None:
    day = Day()
    day.closed = WORTHWHILE
    day.is_idle = False
    day.collector.check(now=1)
    assert looked == []
    day.is_idle = True
    day.collector.check(now=2)
    day.collector.check(now=3)
    assert looked == [EVERYTHING, YOUNG]


def test_how_many_are_worth_it_can_be_said(looked: list[int]) -> None:
    collector = GcScheduler(is_idle=lambda: True, closed=lambda: 5, worthwhile=5)
    collector.check(now=1)
    collector.check(now=2)
    assert looked == [EVERYTHING, YOUNG]


def test_after_very_many_have_gone_it_does_not_wait_for_calm(looked: list[int]) -> None:
    day = Day()
    day.is_idle = False
    day.closed = PRESSING
    day.collector.check(now=1)
    assert looked == [EVERYTHING]


def test_everything_is_looked_at_once_an_hour(looked: list[int]) -> None:
    day = Day()
    day.collector.check(now=3599)
    day.collector.check(now=3600)
    day.collector.check(now=3601)
    assert looked == [YOUNG, EVERYTHING, YOUNG]


@pytest.fixture
def as_before() -> Iterator[None]:
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
async def test_the_interpreter_does_not_look_by_itself_until_the_rounds_end() -> None:
    rounds = asyncio.create_task(Day().collector.run())
    await asyncio.sleep(0)
    assert not gc.isenabled()
    rounds.cancel()
    await asyncio.wait([rounds])
    assert gc.isenabled()
