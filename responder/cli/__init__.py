"""The commands of the administrator and of whoever runs the demo."""

from responder.cli.commands import main

__all__ = ["main"]
