"""The pact of a circle, its duties, and who is on call."""
