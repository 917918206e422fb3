"""Shortest paths: the weighted graph, Dijkstra's search, and paths as roads."""
