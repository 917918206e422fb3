"""Simulated partners: they use HTTP and the live socket like real clients."""
