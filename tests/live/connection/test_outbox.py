from uuid import UUID

from responder.live.connection.outbox import Outbox

ENGINE, NURSE = UUID(int=1), UUID(int=2)


class Wire:
    """A link whose transport is full or clear as the test says."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_open = True
        self.is_busy = False
        self.room: int | None = None

    def write(self, frame: bytes) -> None:
        self.written.append(frame)
        if self.room is not None:
            self.room -= 1
            self.is_busy = self.room <= 0


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def outbox(wire: Wire, *, clock: Clock | None = None, limit_bytes: int = 100) -> tuple[Outbox, list[str]]:
    given_up: list[str] = []
    box = Outbox(
        wire,
        limit_bytes=limit_bytes,
        limit_s=15,
        now=clock or Clock(),
        on_too_slow=lambda: given_up.append("too slow"),
    )
    return box, given_up


def test_a_clear_link_is_written_to_at_once() -> None:
    wire = Wire()
    box, _ = outbox(wire)
    box.send(b"alert")
    assert wire.written == [b"alert"]
    assert box.queued == 0


def test_what_waits_behind_a_busy_link_leaves_in_order_and_before_anything_new() -> None:
    wire = Wire()
    box, _ = outbox(wire)
    wire.is_busy = True
    box.send(b"1")
    box.send(b"2")
    wire.is_busy = False
    box.send(b"3")
    assert wire.written == []
    box.flush()
    assert wire.written == [b"1", b"2", b"3"]
    assert box.queued_bytes == 0


def test_flushing_stops_when_the_link_is_busy_again() -> None:
    wire = Wire()
    box, _ = outbox(wire)
    wire.is_busy = True
    for frame in (b"1", b"2", b"3"):
        box.send(frame)
    wire.is_busy, wire.room = False, 2
    box.flush()
    assert wire.written == [b"1", b"2"]
    assert box.queued == 1


def test_too_many_bytes_give_the_client_up_once_and_keep_nothing() -> None:
    wire = Wire()
    box, given_up = outbox(wire, limit_bytes=10)
    wire.is_busy = True
    for _ in range(4):
        box.send(b"12345678")
    assert given_up == ["too slow"]
    assert box.queued_bytes == 0
    wire.is_busy = False
    box.flush()
    assert wire.written == []


def test_alerts_that_wait_too_long_give_the_client_up() -> None:
    wire, clock = Wire(), Clock()
    box, given_up = outbox(wire, clock=clock)
    wire.is_busy = True
    box.send(b"alert")
    clock.time = 15.0
    box.check_age()
    assert given_up == []
    clock.time = 15.1
    box.check_age()
    assert given_up == ["too slow"]


def test_only_the_latest_position_of_each_unit_waits() -> None:
    wire = Wire()
    box, given_up = outbox(wire, limit_bytes=10)
    wire.is_busy = True
    for step in range(1000):
        box.send_position(ENGINE, b"engine %d" % step)
    box.send_position(NURSE, b"nurse")
    wire.is_busy = False
    box.flush()
    assert wire.written == [b"engine 999", b"nurse"]
    assert given_up == []


def test_alerts_go_before_positions_that_waited_longer() -> None:
    wire = Wire()
    box, _ = outbox(wire)
    wire.is_busy = True
    box.send_position(ENGINE, b"position")
    box.send(b"alert")
    wire.is_busy = False
    box.flush()
    assert wire.written == [b"alert", b"position"]


def test_nothing_is_written_to_a_link_that_is_closing() -> None:
    wire = Wire()
    box, _ = outbox(wire)
    wire.is_open = False
    box.send(b"alert")
    box.send_position(ENGINE, b"position")
    assert wire.written == []
