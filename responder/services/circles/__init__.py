"""Circles: created, listed, and shown whole as a snapshot."""
