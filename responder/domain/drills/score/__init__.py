"""How a drill came out: objectives, times, injects, people counted."""
