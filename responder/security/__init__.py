"""Signing in, sessions and tokens; alerts before passwords; no framework."""
