"""From where somebody acts: the address and the sort of device."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInfo:
    """From where somebody acts. Empty where it is not known."""

    address: str = ""
    device: str = ""
    """A short label that people recognise, such as `Chrome · Windows`."""


UNKNOWN_CLIENT = ClientInfo()
"""Not known, as for what this machine does by itself."""
