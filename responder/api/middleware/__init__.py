"""Middleware of all endpoints, as plain ASGI: size, host, origin and security headers."""
