"""Channels beside the open page: by what a person can be reached, and what became of each message."""
