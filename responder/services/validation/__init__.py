"""Checks of text and geometry that people send."""
