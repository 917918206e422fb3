"""Reach previewed, closures weighed, criticality and profiles."""
