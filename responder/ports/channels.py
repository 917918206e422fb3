"""What services ask of those who send messages."""

from collections.abc import Mapping
from typing import Protocol

from responder.domain.channels.message import OutgoingMessage, Verdict


class Sender(Protocol):
    """Sends messages by one kind of service."""

    async def send(self, message: OutgoingMessage, *, service: Mapping[str, str]) -> Verdict:
        """
        Make one request and return the verdict; no fault of the service is raised.

        `service` are the settings of the circle's account with the service: base address, keys, template.
        """
        ...
