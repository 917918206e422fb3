"""Faults of links need a gateway in this process and devices elsewhere: the world of the live tests."""

from tests.live.conftest import start, world

__all__ = ["start", "world"]
