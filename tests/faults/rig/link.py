"""A network of two machines made of one: a link into a namespace, which can be cut or lose one direction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

UNUSED = "02:00:00:00:00:99"
"""A hardware address that no interface has: what is sent there is lost without a word."""
IP = shutil.which("ip", path="/usr/sbin:/usr/bin:/sbin:/bin")


class NotPermittedError(Exception):
    """This user may not make namespaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The near end is here, the far end in a namespace of its own."""

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
    Make a namespace and a link to it.

    Addresses are of the block that RFC 2544 sets aside for testing networks.

    Raises
    ------
    NotPermittedError
        This user may not, or this system has no such thing.
    """
    number = os.getpid() % 250
    link = Link(
        namespace=f"responder-{os.getpid()}",
        device=f"near{os.getpid()}",
        near=f"198.18.{number}.1",
        far=f"198.18.{number}.2",
    )
    try:
        _ip("netns", "add", link.namespace)
    except (OSError, subprocess.CalledProcessError, AssertionError) as error:
        raise NotPermittedError(str(error)) from error
    try:
        try:
            _ip(
                *("link", "add", link.device, "type", "veth"),
                *("peer", "name", "far0", "netns", link.namespace),
            )
        except subprocess.CalledProcessError as error:
            raise NotPermittedError(str(error)) from error
        _ip("addr", "add", f"{link.near}/30", "dev", link.device)
        _ip("link", "set", link.device, "up")
        _ip("-n", link.namespace, "addr", "add", f"{link.far}/30", "dev", "far0")
        _ip("-n", link.namespace, "link", "set", "far0", "up")
        yield link
    finally:
        _ip("netns", "del", link.namespace)


def _towards(address: str, device: str) -> tuple[str, ...]:
    return ("neigh", "replace", address, "lladdr", UNUSED, "dev", device, "nud", "permanent")


def _ip(*arguments: str) -> None:
    assert IP is not None
    subprocess.run([IP, *arguments], check=True, capture_output=True)  # noqa: S603 - fixed words
