"""Rehearse a drill without people: no one is called, nothing is recorded."""
