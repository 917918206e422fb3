"""Tables and queries of the map: circles, buildings, closures, units, roads, tiles."""
