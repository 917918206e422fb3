"""Proxies whose word is taken for where a client is: by default one on this machine."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


class Proxies:
    """
    Addresses and networks of proxies, such as `10.0.0.0/8`; `*` is every address.

    The same words as uvicorn takes, which asks this question for the API.
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        named = {each.strip() for each in trusted} - {""}
        self._everybody = "*" in named
        self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(
            ip_network(each, strict=False) for each in sorted(named - {"*"})
        )

    def trusts(self, address: str) -> bool:
        """Tell whether the address is a proxy's."""
        if self._everybody:
            return True
        found = _parsed(address)
        return found is not None and any(found in network for network in self._networks)

    def client(self, address: str, forwarded_for: Sequence[str]) -> str:
        """
        Return where the client is, by the `X-Forwarded-For` headers of a request that came from `address`.

        Each proxy writes at the end whom it heard, so what is not by a trusted one is not read.
        """
        if not self.trusts(address):
            return address
        told = [each.strip() for line in forwarded_for for each in line.split(",") if each.strip()]
        if self._everybody:
            # Nothing tells proxies and clients apart: the first is whom the outermost proxy heard.
            return told[0] if told else address
        return next((each for each in reversed(told) if not self.trusts(each)), address)


@lru_cache(maxsize=4096)
def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
