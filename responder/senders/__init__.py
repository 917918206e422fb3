"""Senders: one for each kind of service that carries messages to people."""
