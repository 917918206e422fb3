"""What stands in front of every endpoint, as plain ASGI: size, host, origin and security headers."""
