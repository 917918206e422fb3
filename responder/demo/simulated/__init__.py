"""Partners that are played by the program: they use the same doors as everybody, HTTP and the live socket."""
