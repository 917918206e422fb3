"""A CAP message as it was read from a file, with all that is wrong with it."""

from dataclasses import dataclass

from responder.domain.cap.faults import Fault
from responder.domain.cap.message import CapMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage:
    """One message as it was read."""

    message: CapMessage | None
    """None when something is wrong with it."""
    faults: tuple[Fault, ...]
    title: str = ""
    """By which a person finds it in the file: its identifier, or the title of its entry."""
