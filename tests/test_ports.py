"""A server of a test that restarts finds its port as it left it."""

import pytest

from tests.ports import OUTGOING, free_ports


@pytest.mark.skipif(not OUTGOING.exists(), reason="the kernel does not say which ports it gives away")
def test_no_outgoing_connection_takes_the_port_of_a_server() -> None:
    lowest, highest = map(int, OUTGOING.read_text(encoding="ascii").split())
    if lowest < 12_000:
        pytest.skip("outgoing connections use nearly all ports here")
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert not [port for port in ports if lowest <= port <= highest]


def test_no_port_is_given_twice() -> None:
    assert not set(free_ports(200)) & set(free_ports(200))
