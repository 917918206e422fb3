"""Drills: their plans, how they run, and what they show."""
