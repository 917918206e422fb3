"""Endpoints of incidents and alerts."""
