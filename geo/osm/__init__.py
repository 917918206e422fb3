"""OpenStreetMap files: roads and features read from them."""
