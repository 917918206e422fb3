import os
from multiprocessing.connection import Connection

import pytest

from benchmarks.fleet.fan_out import fan_out_ms, in_process


@pytest.mark.parametrize("server", ["ours", "library"])
async def test_every_socket_is_told_by_each_server_that_is_compared(server: str) -> None:
    assert len(await fan_out_ms(server, sockets=3, messages=2, pause_s=0.01)) == 6


def end_at_once(_: Connection) -> None:
    os._exit(3)


def end_when_told_to_send(pipe: Connection) -> None:
    pipe.send(1)
    pipe.recv()
    os._exit(4)


async def test_a_server_that_cannot_start_ends_the_bench_with_a_message() -> None:
    with pytest.raises(RuntimeError, match="end_at_once: the server ended with 3"):
        async with in_process(end_at_once):
            pass


async def test_a_server_that_crashes_ends_the_bench_with_a_message() -> None:
    with pytest.raises(RuntimeError, match="end_when_told_to_send: the server ended with 4"):
        async with in_process(end_when_told_to_send) as (_port, _path, send):
            await send(1, 1, 0.0)
