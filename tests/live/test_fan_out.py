"""Many frames at once: each arrives whole and in order, whatever the socket is like."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import pytest

from responder.live.circle import fan_out
from responder.live.circle.fan_out import MANY, send_all
from responder.live.circle.session import ClientSession


@dataclass(eq=False)
class Link:
    """Stands for a connection and its outbox; what goes through the transport is noted."""

    descriptor: int
    is_clear: bool = True
    queued: int = 0
    through_transport: list[bytes] = field(default_factory=list)
    through_outbox: list[bytes] = field(default_factory=list)

    @property
    def connection(self) -> "Link":
        return self

    @property
    def outbox(self) -> "Link":
        return self

    def write(self, frame: bytes) -> None:
        self.through_transport.append(frame)

    def send(self, frame: bytes) -> None:
        self.through_outbox.append(frame)


Crowd = list[tuple[Link, socket.socket]]


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    pairs = [socket.socketpair() for _ in range(MANY + 10)]
    for ours, theirs in pairs:
        ours.settimeout(0)
        theirs.settimeout(0)
    yield [(Link(ours.fileno()), theirs) for ours, theirs in pairs]
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


def frames_for(crowd: Crowd, frame: bytes = b"fire") -> dict[ClientSession, bytes]:
    return {cast("ClientSession", link): b"%b %d" % (frame, number) for number, (link, _) in enumerate(crowd)}


def fill(link: Link) -> None:
    with suppress(BlockingIOError):
        while os.write(link.descriptor, b"." * 65536):
            pass


def test_a_crowd_is_written_to_each_its_own(crowd: Crowd) -> None:
    send_all(frames_for(crowd))
    assert [theirs.recv(100) for _, theirs in crowd] == [b"fire %d" % n for n in range(len(crowd))]
    assert not any(link.through_transport or link.through_outbox for link, _ in crowd)


def test_few_are_written_by_their_outboxes(crowd: Crowd) -> None:
    few = crowd[: MANY - 1]
    send_all(frames_for(few))
    assert all(link.through_outbox == [b"fire %d" % n] for n, (link, _) in enumerate(few))


def test_a_connection_with_waiting_frames_gets_it_after_them(crowd: Crowd) -> None:
    (congested, _), (waiting, _), *others = crowd
    congested.is_clear = False
    waiting.queued = 1
    send_all(frames_for(crowd))
    assert congested.through_outbox == [b"fire 0"]
    assert waiting.through_outbox == [b"fire 1"]
    assert all(theirs.recv(100) for _, theirs in others)


def test_what_does_not_fit_is_left_to_the_transport(crowd: Crowd) -> None:
    full, reader = crowd[0]
    frames = frames_for(crowd)
    frames[cast("ClientSession", full)] = whole = os.urandom(4 * 1024 * 1024)
    send_all(frames)
    [rest] = full.through_transport
    assert 0 < len(rest) < len(whole)
    written = b""
    while len(written) + len(rest) < len(whole):
        written += reader.recv(1024 * 1024)
    assert written + rest == whole


def test_a_socket_that_is_full_or_gone_is_left_to_the_transport(
    crowd: Crowd,
) -> None:
    (full, _), (gone, their_end), *others = crowd
    fill(full)
    their_end.close()
    send_all(frames_for(crowd))
    assert (full.through_transport, gone.through_transport) == ([b"fire 0"], [b"fire 1"])
    assert all(theirs.recv(100) for _, theirs in others)


def test_a_helper_that_never_begins_is_not_waited_for(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    with fan_out.ThreadPoolExecutor(max_workers=1) as busy:
        reader, writer = socket.socketpair()
        with reader, writer:
            busy.submit(reader.recv, 1)
            monkeypatch.setattr(fan_out, "_HELPER", busy)
            send_all(frames_for(crowd))
            assert all(theirs.recv(100) for _, theirs in crowd)
            writer.send(b".")
