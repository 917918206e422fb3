"""Endpoints of reach, criticality and profiles."""
