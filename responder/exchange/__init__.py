"""Formats that are exchanged with other systems: CAP 1.2 and Atom, from bytes to domain values and back."""
