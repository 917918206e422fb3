"""Tables of what a circle looks after between alerts."""
