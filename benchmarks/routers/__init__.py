"""The same questions about a city's roads, put to ours and to other routers."""
