"""Tables and queries of imports."""
