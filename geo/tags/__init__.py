"""Road attributes, and how they are read from OpenStreetMap tags."""
