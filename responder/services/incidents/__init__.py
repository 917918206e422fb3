"""Alerts raised, answered, extended and ended."""
