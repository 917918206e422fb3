"""The alley sheet: one page of paper for a circle or a building, drawn from its own data."""
