"""Address and kind of device of a client."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInfo:
    """Address and device of a client; empty where unknown."""

    address: str = ""
    device: str = ""
    """A short label that people recognise, such as `Chrome · Windows`."""


UNKNOWN_CLIENT = ClientInfo()
"""Not known, as for what this machine does by itself."""
