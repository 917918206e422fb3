"""CAP 1.2: alerts told to other systems, and messages of theirs as proposals that a person decides on."""
