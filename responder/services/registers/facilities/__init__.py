"""Shared facilities: inspections, labels, and which is the nearest."""
