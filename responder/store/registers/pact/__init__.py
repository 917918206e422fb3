"""Pacts, duties that were done, and the roster."""
