"""Hazards between being seen and being closed."""
