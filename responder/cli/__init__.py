"""Commands for administrators and for the demo."""

from responder.cli.commands import main

__all__ = ["main"]
