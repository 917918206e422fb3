"""Coordinate systems: offset Chinese maps, reference systems, local metres."""
