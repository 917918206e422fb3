"""At which ports of this machine the stand-ins of the demo listen: free ones, kept for the installation."""

import socket
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from responder.demo.services.where import HOST, demo_mail_port
from responder.settings import Settings

PORT_FILE: Final = "demo-services-port"
USUAL: Final = 8002
NEXT: Final = range(18_002, 18_202, 2)
"""For further installations: below what the kernel gives to outgoing connections, and rarely a server's."""


def demo_services_port(settings: Settings) -> int:
    """
    Return the port of the stand-ins; the one above it is for mail.

    It is the one that is set. Otherwise it is the one of the start before, if it is free, or the first that
    is, which is kept beside the data.
    """
    if settings.demo_services_port is not None:
        return settings.demo_services_port
    kept = settings.data_dir / PORT_FILE
    own = {settings.port, settings.live_port}
    chosen = next((port for port in _candidates(kept) if _is_free(port, own)), USUAL)
    if chosen != _read(kept):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        kept.write_text(f"{chosen}\n", encoding="ascii")
    return chosen


def _candidates(kept: Path) -> Iterator[int]:
    if (before := _read(kept)) is not None:
        yield before
    yield USUAL
    yield from NEXT


def _read(kept: Path) -> int | None:
    with suppress(OSError, ValueError):
        port = int(kept.read_text(encoding="ascii"))
        return port if 0 < port < demo_mail_port(port) <= 65_535 else None  # noqa: PLR2004 - the highest port
    return None


def _is_free(port: int, own: Collection[int]) -> bool:
    return all(each not in own and _can_listen(each) for each in (port, demo_mail_port(port)))


def _can_listen(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True
