"""What services ask of those who send messages."""

from collections.abc import Mapping
from typing import Protocol

from responder.domain.channels.message import OutgoingMessage, Verdict


class Sender(Protocol):
    """Sends messages by one kind of service."""

    async def send(self, message: OutgoingMessage, *, service: Mapping[str, str]) -> Verdict:
        """
        Make one request and return the verdict; no fault of the service is raised.

        `service` are the settings of the circle's account with the service, as `check_service` returns them.
        """
        ...


class PushKeys(Protocol):
    """Makes the keys by which push services know an installation (VAPID, RFC 8292)."""

    def new_private_key(self) -> str:
        """Return a private key for the settings of `web_push`."""
        ...

    def public_key(self, private_key: str) -> str:
        """Return what a browser subscribes with: `applicationServerKey`, as unpadded base64url."""
        ...
