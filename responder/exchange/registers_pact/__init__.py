"""The pact of a circle on paper."""
