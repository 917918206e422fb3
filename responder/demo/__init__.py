"""The illustrative circle: its data, its accounts and simulated people."""
