"""A drill without people: what would happen, by a seed, and where its plan breaks."""
