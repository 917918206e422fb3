"""People: invited, changed, removed, exported and erased."""
