"""Parts of the live benchmark: many sockets in one process, and servers to compare in others."""
