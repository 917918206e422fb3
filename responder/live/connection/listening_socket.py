"""The socket that the gateway listens on."""

import socket


def listening_socket(host: str, port: int, *, tcp_user_timeout_s: float) -> socket.socket:
    """
    Return a bound socket whose connections end when what was written stays unacknowledged.

    Accepted connections inherit `TCP_USER_TIMEOUT`. Without it a client that stopped reading, or whose cable
    was pulled, keeps its send buffer for many minutes: every orderly way to close waits for that buffer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=4096)
    listening.settimeout(0)
    user_timeout = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux has it
    if user_timeout is not None:
        listening.setsockopt(socket.IPPROTO_TCP, user_timeout, round(tcp_user_timeout_s * 1000))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
