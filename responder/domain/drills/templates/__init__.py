"""The templates of drills that are shipped, one a file."""
