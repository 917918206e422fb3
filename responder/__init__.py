"""The 15-minute emergency response circle: who can be at a door in time, told live, and proved."""

__version__ = "0.2.0"
