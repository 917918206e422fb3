"""One circle: its sessions, its read model, and events sent to those they concern."""
