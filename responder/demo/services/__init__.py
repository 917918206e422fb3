"""Services that carry messages, as their documents describe them: stand-ins for the demo and for tests."""
