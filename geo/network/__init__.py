"""The road network: built, stored, weighted by profile, and joined to places."""
