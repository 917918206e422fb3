"""Many frames to many sockets at once: an alert's call to a thousand people."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from responder.live.circle.session import ClientSession
from responder.live.connection.connection import LiveConnection

MANY = 64
"""Fewer than these are written one after the other: waking a thread takes as long as some writes."""

Writes = Iterator[tuple[LiveConnection, bytes]]

_HELPER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fan-out")


def send_all(frames: Mapping[ClientSession, bytes]) -> None:
    """
    Send each session a frame of alert class. Never waits for a client.

    A write into a socket takes the system about three times as long as it takes us to decide on it, and needs
    no lock of the interpreter. So two threads write into those that are clear, each taking the next that is
    left.
    """
    if len(frames) < MANY:
        for session, frame in frames.items():
            session.outbox.send(frame)
        return
    clear: list[tuple[LiveConnection, bytes]] = []
    for session, frame in frames.items():
        if session.outbox.queued or not session.connection.is_clear:
            session.outbox.send(frame)
        else:
            clear.append((session.connection, frame))
    left = iter(clear)
    cut_short: list[tuple[LiveConnection, bytes]] = []
    helper = _HELPER.submit(_write, left, cut_short)
    _write(left, cut_short)
    if not helper.cancel():
        helper.result()
    # Nothing else was written to them in between: the event loop was here all the time.
    for connection, rest in cut_short:
        connection.write(rest)


def _write(left: Writes, cut_short: list[tuple[LiveConnection, bytes]]) -> None:
    for connection, frame in left:
        try:
            written = os.write(connection.descriptor, frame)
        except OSError:
            # A full buffer, or a socket that is gone: the transport knows what to do.
            written = 0
        if written < len(frame):
            cut_short.append((connection, frame[written:]))
