"""One file for each step, with its statements beside it."""
