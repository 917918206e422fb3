"""What a circle looks after between alerts."""
