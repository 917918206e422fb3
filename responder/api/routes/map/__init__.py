"""Endpoints of what the map shows."""
