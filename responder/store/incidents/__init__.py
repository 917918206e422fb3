"""Tables and queries of incidents: alerts, deliveries, receipts, events."""
