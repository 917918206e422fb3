"""Features and roads imported from files, removed again, and the demo circle."""
