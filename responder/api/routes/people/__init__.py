"""Endpoints of accounts, sessions, invitations and people."""
