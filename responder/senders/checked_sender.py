"""What all senders have in common: checks before, a time limit, and verdicts without secrets."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Protocol

from responder.domain.channels.check_address import check_address
from responder.domain.channels.check_service import check_service
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.fit import TextTooLongError
from responder.domain.channels.limits import ServiceLimits, limits_of
from responder.domain.channels.message import OutgoingMessage, Verdict, VerdictReason
from responder.domain.channels.service_fields import secret_names
from responder.domain.errors import InvalidValueError
from responder.ports.clock import Clock
from responder.senders.failures import SendingError, without_secrets

_SEPARATORS: Final = re.compile(r'["{}:,/?&=]+')
_LONG: Final = 16
LIMIT_S: Final = 10.0
"""Longest time for one message, from looking up the host to the last byte of the answer."""


class Service(Protocol):
    """The part of a sender that knows one kind of service."""

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Make the request; `SendingError` or `TextTooLongError` when it comes to no answer."""
        ...


class CheckedSender:
    """A `Sender` around one kind of service."""

    def __init__(
        self, channel: ContactChannel, service: Service, *, clock: Clock, limit_s: float = LIMIT_S
    ) -> None:
        self._channel = channel
        self._service = service
        self._clock = clock
        self._limit_s = limit_s

    async def send(self, message: OutgoingMessage, *, service: Mapping[str, str]) -> Verdict:
        """Make one request and return the verdict; no fault of the service is raised."""
        verdict = await self._verdict(message, service)
        if not verdict.detail:
            return verdict
        hidden = _hidden(message, service, secret_names(self._channel))
        return replace(verdict, detail=without_secrets(verdict.detail, hidden))

    async def _verdict(self, message: OutgoingMessage, service: Mapping[str, str]) -> Verdict:
        try:
            checked, settings = self._checked(message, service)
            async with asyncio.timeout(self._limit_s):
                return await self._service.send(checked, settings, limits_of(self._channel, settings))
        except TimeoutError:
            return Verdict.refused(VerdictReason.TIMED_OUT)
        except TextTooLongError:
            return Verdict.refused(VerdictReason.TOO_LONG)
        except SendingError as error:
            return error.verdict

    def _checked(
        self, message: OutgoingMessage, service: Mapping[str, str]
    ) -> tuple[OutgoingMessage, Mapping[str, str]]:
        if self._clock.now() >= message.expires_at:
            raise SendingError(VerdictReason.EXPIRED)
        try:
            settings = check_service(self._channel, service)
        except InvalidValueError as error:
            raise SendingError(VerdictReason.WRONG_SETTINGS, str(error)) from error
        try:
            address = check_address(self._channel, message.address)
            also_to = tuple(check_address(self._channel, each) for each in message.also_to)
        except InvalidValueError as error:
            raise SendingError(VerdictReason.INVALID_ADDRESS) from error
        return replace(message, address=address, also_to=also_to), settings


def _hidden(message: OutgoingMessage, service: Mapping[str, str], secrets: frozenset[str]) -> Iterator[str]:
    for address in (message.address, *message.also_to):
        yield address
        yield address.removeprefix("+")
        yield address.removeprefix("+86")
    # Of a subscription: the part of its address that names it, and its keys.
    yield from (part for part in _SEPARATORS.split(message.address) if len(part) >= _LONG)
    if message.text.link is not None:
        yield message.text.link
    yield from (value for name, value in service.items() if name in secrets)
