"""Reports of residents: the link, what is sent by it, what staff decide and what the public reads."""
