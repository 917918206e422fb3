"""Closures, units on duty and their positions, and what the map shows."""
