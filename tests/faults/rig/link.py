"""A network of two machines made of one: a link of two namespaces, which can be cut or lose one direction."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

UNUSED = "02:00:00:00:00:99"
"""A hardware address that no interface has: what is sent there is lost without a word."""
IP = shutil.which("ip", path="/usr/sbin:/usr/bin:/sbin:/bin")
NAMESPACES = Path("/run/netns")
"""Where `ip netns` keeps those that it makes."""
OWN = Path("/proc/thread-self/ns/net")
CLONE_NEWNET = 0x40000000
"""Of the system's `setns`: the descriptor is one of a network namespace."""


class NotPermittedError(Exception):
    """This user may not make namespaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The near end is in the namespace that this thread is in meanwhile, the far end in another."""

    namespace: str
    device: str
    near: str
    far: str

    def command(self, *program: str) -> list[str]:
        """Return how a program is run at the far end."""
        assert IP is not None
        return [IP, "netns", "exec", self.namespace, *program]

    def cut(self) -> None:
        """Pull the cable."""
        _ip("link", "set", self.device, "down")

    def lose_what_comes(self) -> None:
        """Lose everything that is sent from the far end; what is sent to it arrives."""
        _ip("-n", self.namespace, *_towards(self.near, "far0"))

    def lose_what_goes(self) -> None:
        """Lose everything that is sent to the far end; what is sent from it arrives."""
        _ip(*_towards(self.far, self.device))

    def mend(self) -> None:
        """Let the link be whole again."""
        _ip("link", "set", self.device, "up")
        _ip("neigh", "flush", "all", "nud", "permanent", "dev", self.device)
        _ip("-n", self.namespace, "neigh", "flush", "all", "nud", "permanent", "dev", "far0")


@contextmanager
def linked() -> Iterator[Link]:
    """
    Make two namespaces and a link between them, and let this thread be at its near end.

    What this thread listens on and connects to meanwhile is there, but for sockets in folders, such as the
    database's; threads that it starts stay there. The machine's own network has no device more or less: a
    browser on it would drop what it loads.

    Addresses are of the block that RFC 2544 sets aside for testing networks.

    Raises
    ------
    NotPermittedError
        This user may not, or this system has no such thing.
    """
    number = os.getpid() % 250
    near_namespace = f"responder-near-{os.getpid()}"
    link = Link(
        namespace=f"responder-far-{os.getpid()}",
        device="near0",
        near=f"198.18.{number}.1",
        far=f"198.18.{number}.2",
    )
    with ExitStack() as stack:
        try:
            for name in (near_namespace, link.namespace):
                _ip("netns", "add", name)
                stack.callback(_ip, "netns", "del", name)
            stack.enter_context(_inside(near_namespace))
            _ip(
                *("link", "add", link.device, "type", "veth"),
                *("peer", "name", "far0", "netns", link.namespace),
            )
        except (OSError, subprocess.CalledProcessError, AssertionError) as error:
            raise NotPermittedError(str(error)) from error
        _ip("link", "set", "lo", "up")
        _ip("addr", "add", f"{link.near}/30", "dev", link.device)
        _ip("link", "set", link.device, "up")
        _ip("-n", link.namespace, "addr", "add", f"{link.far}/30", "dev", "far0")
        _ip("-n", link.namespace, "link", "set", "far0", "up")
        yield link


@contextmanager
def _inside(namespace: str) -> Iterator[None]:
    """Let this thread, and the processes that it starts, be in a namespace for a while."""
    with OWN.open("rb") as own, (NAMESPACES / namespace).open("rb") as other:
        _set_namespace(other.fileno())
        try:
            yield
        finally:
            _set_namespace(own.fileno())


def _set_namespace(descriptor: int) -> None:
    # os.setns came with Python 3.12.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _towards(address: str, device: str) -> tuple[str, ...]:
    return ("neigh", "replace", address, "lladdr", UNUSED, "dev", device, "nud", "permanent")


def _ip(*arguments: str) -> None:
    assert IP is not None
    subprocess.run([IP, *arguments], check=True, capture_output=True)  # noqa: S603 - fixed words
