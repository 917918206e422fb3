"""Connects to hosts that are allowed, and to no other address than the one that was checked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Final, TypeAlias

from responder.domain.channels.allowed_hosts import Address, AllowedHosts
from responder.domain.channels.message import VerdictReason
from responder.senders.failures import SendingError

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a host, in the order in which they are tried."""

CONNECT_S: Final = 4.0
"""How long one of several addresses is waited for."""
_RESOLVING_THREADS: Final = 8


class Resolver:
    """Asks the system for addresses, in threads of its own: a slow name server holds up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVING_THREADS, thread_name_prefix="resolver")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host; none when it has none."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )
        except (OSError, UnicodeError):
            return ()
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    def close(self) -> None:
        """Let go of the threads; one that waits for a name server ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Connector:
    """
    Resolves a host once and connects to one of those addresses, if it may.

    A name that answers otherwise the next time (DNS rebinding) gains nothing: what was checked is what is
    connected to.
    """

    def __init__(self, allowed: AllowedHosts, *, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve

    def require_host(self, host: str, port: int) -> None:
        """Raise `SendingError` for a host that is not allowed, wherever it leads."""
        if not self._allowed.allows(host, port):
            raise SendingError(VerdictReason.HOST_NOT_ALLOWED, _named(host, port))

    def require_address(self, text: str, *, plain: bool) -> None:
        """Raise `SendingError` for an address that may not be connected to; `plain` when no TLS follows."""
        address = _parsed(text)
        if not self._allowed.permits(address):
            raise SendingError(VerdictReason.ADDRESS_NOT_ALLOWED)
        if plain and not self._allowed.is_named(address):
            raise SendingError(VerdictReason.INSECURE)

    async def addresses(self, host: str, port: int, *, plain: bool) -> Sequence[Address]:
        """
        Return the addresses of a host that may be connected to; `plain` when no TLS follows.

        Raises
        ------
        SendingError
            The host or all of its addresses are not allowed, or it has none.
        """
        self.require_host(host, port)
        found = [_parsed(text) for text in await self._resolve(host.strip("[]"), port)]
        if not found:
            raise SendingError(VerdictReason.UNREACHABLE, f"{_named(host, port)}: no address")
        permitted = [address for address in found if self._allowed.permits(address)]
        if not permitted:
            raise SendingError(VerdictReason.ADDRESS_NOT_ALLOWED, _named(host, port))
        if plain and not all(self._allowed.is_named(address) for address in permitted):
            raise SendingError(VerdictReason.INSECURE, _named(host, port))
        return permitted

    async def socket(self, host: str, port: int, *, plain: bool) -> socket.socket:
        """
        Return a socket that is connected to a host.

        Raises
        ------
        SendingError
            As `addresses`, or no address answers.
        """
        loop = asyncio.get_running_loop()
        for address in await self.addresses(host, port, plain=plain):
            family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
            opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            opened.setblocking(False)  # noqa: FBT003 - the standard library's own
            try:
                async with asyncio.timeout(CONNECT_S):
                    await loop.sock_connect(opened, (str(address), port))
            except OSError:
                opened.close()
            except BaseException:
                opened.close()
                raise
            else:
                return opened
        raise SendingError(VerdictReason.UNREACHABLE, _named(host, port))


def _parsed(text: str) -> Address:
    # A scope such as %eth0 names an interface of this machine.
    return ip_address(text.partition("%")[0])


def _named(host: str, port: int) -> str:
    return f"{host}:{port}"
