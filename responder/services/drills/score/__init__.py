"""How a drill came out, and the report on it."""
