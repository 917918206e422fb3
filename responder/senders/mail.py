"""E-mail by SMTP: a plain text to one person."""

import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final

import aiosmtplib

from responder.domain.channels.fit import fit
from responder.domain.channels.limits import ServiceLimits
from responder.domain.channels.message import MessagePurpose, OutgoingMessage, Verdict, VerdictReason
from responder.domain.incidents.incident import Severity
from responder.ports.clock import Clock
from responder.senders.answers import accepted
from responder.senders.connecting import Connector
from responder.senders.failures import SendingError

_GOODBYE_S: Final = 1.0
_PERMANENT: Final = 500
_PERMANENT_REASONS: Final = {
    aiosmtplib.SMTPAuthenticationError: VerdictReason.UNAUTHORIZED,
    aiosmtplib.SMTPDataError: VerdictReason.CONTENT_REFUSED,
}
_REPLY_TOO_LONG: Final = frozenset({523, 552})
_POLICY_OF_NOW: Final = re.compile(r"\b4\.7\.\d+\b")
"""Enhanced status (RFC 3463): refused by policy for the time being, which is how rate limits are told."""


class Smtp:
    """Hands one mail to a server: TLS from the start, STARTTLS, or neither to a private address."""

    def __init__(self, connector: Connector, *, tls: ssl.SSLContext, clock: Clock) -> None:
        self._connector = connector
        self._tls = tls
        self._clock = clock

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Send one mail."""
        mail = self._mail(message, service, limits)
        host, port, security = service["host"], int(service["port"]), service["security"]
        socket = await self._connector.socket(host, port, plain=security == "none")
        smtp = aiosmtplib.SMTP(
            hostname=host.strip("[]"),
            sock=socket,
            # Not this machine's name, which looking up may block and which is nobody's business.
            local_hostname=service["sender"].rpartition("@")[2],
            use_tls=security == "tls",
            start_tls=security == "starttls",
            tls_context=self._tls,
            username=service.get("username"),
            password=service.get("password", "") if "username" in service else None,
            timeout=None,
        )
        try:
            await smtp.connect()
            await smtp.sendmail(service["sender"], [message.address], mail.as_bytes(policy=SMTP_POLICY))
        except aiosmtplib.SMTPException as error:
            raise _as_sending_error(error) from error
        except (ssl.SSLError, ssl.CertificateError) as error:
            raise SendingError(VerdictReason.TLS_FAILED, str(error)) from error
        except OSError as error:
            raise SendingError(VerdictReason.CONNECTION_LOST) from error
        else:
            # The mail is taken, whatever the server says to this.
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit(timeout=_GOODBYE_S)
            return accepted(mail["Message-ID"])
        finally:
            smtp.close()
            socket.close()

    def _mail(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> EmailMessage:
        domain = service["sender"].rpartition("@")[2]
        is_urgent = message.purpose in {MessagePurpose.ALERT, MessagePurpose.CORRECTION}
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = service["sender"]
        mail["To"] = message.address
        mail["Subject"] = message.text.head
        mail["Date"] = format_datetime(self._clock.now())
        # The same when it is sent again, so that programs show it once.
        mail["Message-ID"] = f"<{message.id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if is_urgent and message.severity in {Severity.RED, Severity.ORANGE}:
            mail["Importance"] = "high"
            mail["X-Priority"] = "1"
        mail.set_content(fit(message.text, limits.max_bytes) + "\n", charset="utf-8", cte="base64")
        return mail


def _as_sending_error(error: aiosmtplib.SMTPException) -> SendingError:
    if isinstance(error.__cause__, ssl.SSLError):
        return SendingError(VerdictReason.TLS_FAILED, str(error.__cause__))
    match error:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refused, *_]):
            return _by_code(refused.code, refused.message, VerdictReason.UNKNOWN_ADDRESS)
        case aiosmtplib.SMTPResponseException(code=code, message=words):
            permanent = _PERMANENT_REASONS.get(type(error), VerdictReason.REFUSED)
            return _by_code(code, words, VerdictReason.TOO_LONG if code in _REPLY_TOO_LONG else permanent)
        case aiosmtplib.SMTPConnectError():
            return SendingError(VerdictReason.UNREACHABLE)
        case aiosmtplib.SMTPServerDisconnected():
            return SendingError(VerdictReason.CONNECTION_LOST)
        case _:
            # The server has no STARTTLS or no AUTH, which the settings want.
            return SendingError(VerdictReason.WRONG_SETTINGS, str(error))


def _by_code(code: int, words: str, permanent: VerdictReason) -> SendingError:
    detail = f"{code} {words}"
    if code == aiosmtplib.SMTPStatus.invalid_response:
        return SendingError(VerdictReason.ANSWER_UNREADABLE, words)
    if code >= _PERMANENT:
        return SendingError(permanent, detail)
    is_rate = _POLICY_OF_NOW.search(words) is not None
    return SendingError(VerdictReason.TOO_FAST if is_rate else VerdictReason.SERVICE_FAULT, detail)
