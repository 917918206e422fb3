"""To which hosts and addresses messages may go."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.domain.channels.allowed_hosts import KNOWN_HOSTS, AllowedHosts, is_public
from responder.settings import Settings

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - never bound to
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
    # The same within IPv6: mapped, NAT64, 6to4, Teredo.
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:7f00:1::",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_within_is_refused_unless_it_is_named(address: str) -> None:
    allowed = AllowedHosts.parse(["service.example"])
    assert not is_public(ip_address(address))
    assert not allowed.permits(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_a_public_address_is_permitted(address: str) -> None:
    assert AllowedHosts.parse(["service.example"]).permits(ip_address(address))


def test_a_named_network_is_permitted_also_when_it_is_written_as_ipv6() -> None:
    allowed = AllowedHosts.parse(["ntfy.street.example"], private=["10.1.0.0/16"])

    assert allowed.permits(ip_address("10.1.2.3"))
    assert allowed.permits(ip_address("::ffff:10.1.2.3"))
    assert not allowed.permits(ip_address("10.2.0.1"))
    assert not allowed.permits(ip_address("::1"))


def test_an_address_among_the_hosts_is_named() -> None:
    allowed = AllowedHosts.parse(["10.1.2.3:8080", "[fd00::7]"])

    assert allowed.permits(ip_address("10.1.2.3"))
    assert allowed.permits(ip_address("fd00::7"))
    assert not allowed.permits(ip_address("10.1.2.4"))
    assert allowed.allows("10.1.2.3", 8080)
    assert not allowed.allows("10.1.2.3", 22)
    assert allowed.allows("[fd00::7]", 443)


@pytest.mark.parametrize(
    ("host", "port", "is_allowed"),
    [
        ("ntfy.sh", 443, True),
        ("NTFY.SH.", 443, True),
        ("ntfy.sh.evil.example", 443, False),
        ("evilntfy.sh", 443, False),
        ("web.push.apple.com", 443, True),
        ("push.apple.com", 443, False),
        ("evilpush.apple.com", 443, False),
        ("mail.street.example", 465, True),
        ("mail.street.example", 25, False),
        ("", 443, False),
    ],
)
def test_hosts_are_compared_as_wholes(host: str, port: int, is_allowed: bool) -> None:  # noqa: FBT001
    allowed = AllowedHosts.parse(["known", "mail.street.example:465"])

    assert allowed.allows(host, port) is is_allowed


@given(st.ip_addresses())
def test_no_address_of_a_private_network_passes_for_public(address: object) -> None:
    plain = ip_address(str(address))
    within = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    ]
    if any(plain in ip_network(network) for network in within):
        assert not is_public(plain)
    if plain.version == 4:
        mapped = ip_address(f"::ffff:{plain}")
        assert is_public(mapped) == is_public(plain)


@pytest.mark.parametrize("given", ["https://ntfy.sh", "ntfy.sh/topic", "a b", "*", "user@host", "host:port"])
def test_what_is_no_host_is_refused_at_start(given: str) -> None:
    with pytest.raises(ValueError, match="is not a host"):
        AllowedHosts.parse([given])
    with pytest.raises(ValueError, match="is not a host"):
        Settings(outgoing_hosts=given)


def test_the_settings_name_hosts_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_OUTGOING_HOSTS", "known, ntfy.street.example")
    monkeypatch.setenv("RESPONDER_OUTGOING_PRIVATE", "10.1.0.0/16")
    allowed = Settings().allowed_hosts

    assert all(allowed.allows(host.replace("*", "x"), 443) for host in KNOWN_HOSTS)
    assert allowed.allows("ntfy.street.example", 443)
    assert allowed.permits(ip_address("10.1.9.9"))


def test_an_empty_list_lets_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPONDER_OUTGOING_HOSTS", "")

    assert not Settings().allowed_hosts.allows("ntfy.sh", 443)
