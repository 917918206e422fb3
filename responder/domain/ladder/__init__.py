"""The ladder: who is called when, and what happens when no one answers."""
