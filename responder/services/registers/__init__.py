"""Daily work between alerts."""
