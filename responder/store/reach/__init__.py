"""Tables and queries of criticality and profiles."""
