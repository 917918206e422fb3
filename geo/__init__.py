"""Who can really be there in time: road networks, closures, reach and coordinates."""
