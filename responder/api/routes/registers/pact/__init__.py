"""Endpoints of the pact, its duties and the roster."""
