"""How many sockets may be open that have not said who they are."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from responder.live.connection.unauthenticated import AT_LEAST, HandshakeLimiter, Slot


def test_an_address_may_hold_its_share_and_never_less_than_a_household_needs() -> None:
    handshakes = HandshakeLimiter(per_address=100, total=12, cooldown_s=60)
    flood = taken(handshakes, "flood")
    assert len(flood) == 12
    assert len(taken(handshakes, "elsewhere")) == 12 // 2
    assert len(taken(handshakes, "third")) == 12 // 3 == AT_LEAST
    assert len(taken(handshakes, "fourth")) == AT_LEAST
    for slot in flood:
        slot.release()
    assert len(handshakes) == 6 + 4 + 4
    assert handshakes.enter("elsewhere") is None


def taken(handshakes: HandshakeLimiter, address: str) -> list[Slot]:
    return [slot for _ in range(50) if (slot := handshakes.enter(address)) is not None]


def test_with_room_only_the_limit_of_the_address_counts() -> None:
    handshakes = HandshakeLimiter(per_address=3, total=100, cooldown_s=60)
    assert [len(taken(handshakes, name)) for name in ("a", "b")] == [3, 3]


class Later:
    """Takes the place of the event loop's clock: time passes when it is told to."""

    def __init__(self) -> None:
        self._due: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, delay_s: float, callback: Callable[[str], None], address: str) -> None:
        self._due.append((delay_s, partial(callback, address)))

    def pass_until(self, now_s: float) -> None:
        for each in [each for each in self._due if each[0] <= now_s]:
            self._due.remove(each)
            each[1]()


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    later = Later()
    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", later)
    return later


async def test_a_wasted_place_stays_taken_for_a_while_and_one_that_was_left_does_not(later: Later) -> None:
    handshakes = HandshakeLimiter(per_address=8, total=1000, cooldown_s=10)
    places = taken(handshakes, "flood")
    for slot in places[:6]:
        slot.release_later()
    assert taken(handshakes, "flood") == []
    for slot in places[6:]:
        slot.release()
    assert len(taken(handshakes, "flood")) == 2
    later.pass_until(4.9)
    assert taken(handshakes, "flood") == []
    later.pass_until(15.0)
    assert len(taken(handshakes, "flood")) == 6


async def test_places_wasted_together_are_not_free_together(later: Later) -> None:
    handshakes = HandshakeLimiter(per_address=50, total=1000, cooldown_s=10)
    for slot in taken(handshakes, "flood"):
        slot.release_later()
    left = []
    for step in range(10):
        later.pass_until(1.5 * step)
        left.append(len(handshakes))
    assert len(set(left)) > 4


async def test_a_place_is_given_up_once(later: Later) -> None:
    handshakes = HandshakeLimiter(per_address=8, total=1000, cooldown_s=10)
    first, second = taken(handshakes, "somebody")[:2]
    first.release()
    first.release()
    first.release_later()
    second.release_later()
    second.release_later()
    second.release()
    assert len(handshakes) == 7
    later.pass_until(15.0)
    assert len(handshakes) == 6
    Slot().release()
    Slot().release_later()
