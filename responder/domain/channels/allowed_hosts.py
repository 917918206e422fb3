"""To which hosts and addresses messages may go out: what an installation allows, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

KNOWN: Final = "known"
"""Stands in the list for `KNOWN_HOSTS`."""
KNOWN_HOSTS: Final = (
    "ntfy.sh",
    "qyapi.weixin.qq.com",
    "oapi.dingtalk.com",
    "open.feishu.cn",
    "open.larksuite.com",
    "dysmsapi.aliyuncs.com",
    "dyvmsapi.aliyuncs.com",
    "sms.tencentcloudapi.com",
    "vms.tencentcloudapi.com",
    # Push services of browsers.
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
_NAT64: Final = ip_network("64:ff9b::/96")
_HOST: Final = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHosts:
    """Hosts by name, and the private addresses that are meant."""

    hosts: tuple[tuple[str, int | None], ...]
    """Name, `*.name` for all below it, or address; with the only port that is allowed."""
    private: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, hosts: Iterable[str], *, private: Iterable[str] = ()) -> Self:
        """
        Read the lists of an installation: `known`, `host`, `host:port`, `*.host`, and networks.

        An address in `hosts` is named, so that it may be private.

        Raises
        ------
        ValueError
            An entry is none of these.
        """
        named = [_entry(entry) for given in hosts for entry in (KNOWN_HOSTS if given == KNOWN else (given,))]
        literal = [ip_network(address) for host, _ in named if (address := _address(host)) is not None]
        return cls(hosts=tuple(named), private=(*map(ip_network, private), *literal))

    def allows(self, host: str, port: int) -> bool:
        """Tell whether a host may be asked at this port."""
        name = host.lower().rstrip(".").strip("[]")
        return any(_matches(name, pattern) and only in {None, port} for pattern, only in self.hosts)

    def permits(self, address: Address) -> bool:
        """Tell whether an address may be connected to: a public one, or one that is named."""
        return self.is_named(address) or is_public(address)

    def is_named(self, address: Address) -> bool:
        """Tell whether the installation names the address, or a network with it, as private."""
        plain = _unmapped(address)
        return any(plain in network for network in self.private if network.version == plain.version)


def is_public(address: Address) -> bool:
    """Tell whether an address is reached over the Internet, and none that it embeds is private."""
    plain = _unmapped(address)
    if isinstance(plain, IPv6Address):
        if plain in _NAT64:
            return is_public(IPv4Address(int(plain) & 0xFFFF_FFFF))
        if not all(is_public(part) for part in (plain.sixtofour, *(plain.teredo or ())) if part is not None):
            return False
    return plain.is_global and not (plain.is_multicast or plain.is_reserved or plain.is_unspecified)


def _unmapped(address: Address) -> Address:
    """Return the IPv4 address within `::ffff:a.b.c.d`, which is where a connection goes."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _matches(name: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return name.endswith(pattern[1:])
    return name == pattern


def _entry(given: str) -> tuple[str, int | None]:
    text = given.strip().lower()
    if (address := _address(text.strip("[]"))) is not None:
        return str(address), None
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "")
    host = host.strip("[]")
    if not (_HOST.fullmatch(host) or _address(host)) or (port and not port.isdecimal()):
        message = f"{given!r} is not a host such as ntfy.example, *.example or 10.1.2.3:8080"
        raise ValueError(message)
    return host, int(port) if port else None


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
