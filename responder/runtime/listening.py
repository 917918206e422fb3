"""The sockets that pages and the interface are served on."""

import errno
import socket
from contextlib import suppress
from typing import Any, Final

from responder.terminal.console import CommandError

BACKLOG: Final = 2048
USER_TIMEOUT_MS: Final = 10_000
"""What was written and is not acknowledged for so long ends its connection, even when we have closed it."""
SEND_BUFFER_BYTES: Final = 256 * 1024
"""What the system keeps of an answer that is not taken, instead of up to 4 MiB; Linux doubles it."""
_NOT_HERE: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""Such as `::1`, one of the addresses of `localhost`, on a machine without IPv6."""


def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """
    Listen on every address that `host` is; an empty one is every address of the machine.

    Raises
    ------
    CommandError
        The port is taken, or the address is none of this machine.
    """
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise cannot_use(host, port, error) from error
    listening: list[socket.socket] = []
    refused: OSError | None = None
    for family, where in dict.fromkeys((family, where) for family, _, _, _, where in found):
        try:
            listening.append(_listening_socket(family, where))
        except OSError as error:
            refused = error
            if error.errno not in _NOT_HERE:
                break
    if refused is not None and (not listening or refused.errno not in _NOT_HERE):
        for each in listening:
            each.close()
        raise cannot_use(host, port, refused) from refused
    return listening


def cannot_use(host: str, port: int, error: OSError) -> CommandError:
    """Return what there is to say of an address that cannot be listened on."""
    return CommandError(
        zh=f"无法使用 {host}:{port}：{error.strerror}。"
        "可用 --port 与 --live-port（或 RESPONDER_PORT、RESPONDER_LIVE_PORT）换端口。",
        en=f"{host}:{port} cannot be used: {error.strerror}. Choose others by --port and "
        "--live-port (or RESPONDER_PORT and RESPONDER_LIVE_PORT).",
    )


def _listening_socket(family: int, where: Any) -> socket.socket:  # noqa: ANN401 - as the system gives it
    listening = socket.create_server(where, family=family, backlog=BACKLOG)
    listening.settimeout(0)
    # Connections inherit both; the second is Linux's.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    with suppress(AttributeError):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
    return listening
