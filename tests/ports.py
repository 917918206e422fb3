"""Ports that a server may leave and take again."""

import random
import socket
from collections.abc import Sequence
from pathlib import Path

LOWEST = 10_000
OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""From here the kernel takes the ports of outgoing connections, also one whose server restarts just then."""

_given: set[int] = set()


def free_ports(count: int) -> Sequence[int]:
    """Return ports that are free, that no outgoing connection takes, and that were not given before."""
    below = int(OUTGOING.read_text(encoding="ascii").split()[0]) if OUTGOING.exists() else 32_768
    if below - LOWEST < 1000:
        return [_any_port() for _ in range(count)]
    candidates = [port for port in range(LOWEST, below) if port not in _given]
    random.shuffle(candidates)
    found = [port for port, _ in zip(filter(_is_free, candidates), range(count), strict=False)]
    _given.update(found)
    return found


def free_port() -> int:
    """Return one such port."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
