"""What each road is worth: who would be out of reach without it."""
