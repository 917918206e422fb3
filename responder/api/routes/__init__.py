"""Endpoints, by area."""
