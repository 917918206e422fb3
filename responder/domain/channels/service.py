"""A circle's account with a service that carries messages, with what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from responder.domain.channels.check_service import check_service
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service_fields import PROVIDER, leads_secrets, secret_names
from responder.domain.errors import InvalidValueError
from responder.domain.ids import CircleId

CHANNEL_TIMEOUT_S: Final = 20
"""So long after one channel the next is tried, unless the person confirmed or the circle says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelService:
    """A circle's account with a service: base address, keys, templates."""

    id: UUID
    circle_id: CircleId
    channel: ContactChannel
    name: str
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    enabled: bool = True
    outside_public: bool = False
    """True where others than the circle's people read along: such a channel never gets an exercise."""
    reply_hash: str | None = field(default=None, repr=False)
    """Of the token by which the service reports answers and deliveries; None while it may not."""
    changed_at: datetime

    @property
    def shown_settings(self) -> dict[str, str]:
        """The settings that may be shown again."""
        secret = secret_names(self.channel)
        return {name: value for name, value in self.settings.items() if name not in secret}

    @property
    def secrets_set(self) -> tuple[str, ...]:
        """The names of the secrets that there are."""
        return tuple(sorted(self.settings.keys() & secret_names(self.channel)))


def changed_settings(
    channel: ContactChannel, before: Mapping[str, str], given: Mapping[str, str | None]
) -> dict[str, str]:
    """
    Return the settings after a change: what is not named stays, None removes.

    Settings of a gateway that is no longer the chosen one go, so that no secret stays behind. Secrets are
    given again when they would go elsewhere: otherwise who may not see them could have them sent to himself.

    Raises
    ------
    InvalidValueError
        A name or a value may not be, or one is missing; see `check_service`. With the reason `secret_again`
        a secret has to be given again.
    """
    provider = given.get(PROVIDER, before.get(PROVIDER, ""))
    if provider != before.get(PROVIDER, ""):
        before = {}
    merged = {name: value for name, value in {**before, **given}.items() if value is not None}
    checked = check_service(channel, merged)
    leading = leads_secrets(channel, checked.get(PROVIDER, ""))
    if any(checked.get(name) != before.get(name) for name in leading):
        for name in sorted(before.keys() & secret_names(channel) - given.keys()):
            message = f"{name}: it would go elsewhere, give it again"
            raise InvalidValueError(message, field=f"service.{name}", reason="secret_again")
    return checked
