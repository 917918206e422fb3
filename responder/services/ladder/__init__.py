"""The ladder at work: its steps when they are due, by hand, its profiles and the call list."""
