"""The agreement of a circle: what its parties do, whether they do it, and who is on call."""
