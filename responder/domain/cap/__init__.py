"""CAP 1.2, the Common Alerting Protocol of OASIS: its values, its rules, and what they mean here."""
