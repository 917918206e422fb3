"""What is on the map: buildings, facilities, hazards, closures, units, places."""
