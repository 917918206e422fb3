"""Roll-calls of incidents and drills."""
