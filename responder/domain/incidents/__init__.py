"""Incidents: alerts, deliveries, events, and the snapshot that events are folded into."""
