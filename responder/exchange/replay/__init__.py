"""A replay of a drill as one page, to be opened without a server."""
