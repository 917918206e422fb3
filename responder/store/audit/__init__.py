"""The audit log: its tables, writing and reading."""
