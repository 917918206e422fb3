"""Alerts raised, answered and extended, and whom they call."""
