"""One connection: accepted, checked, written to, kept alive."""
