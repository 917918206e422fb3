"""What a service reports on its own: answers that people sent back, and whether messages arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from responder.domain.channels.service import ChannelService
from responder.domain.errors import NotFoundError
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.sign_in import hash_token
from responder.services.channels.answers import answer_by_digit
from responder.services.security_context import as_system

MOST_REPORTS: Final = 500
_NUMBER: Final = ("from", "phone_number", "PhoneNumber", "mobile", "phone", "msisdn", "From", "called")
_WORDS: Final = ("text", "content", "Content", "body", "Body", "message", "digits", "dtmf", "sign_text")
_ID: Final = ("biz_id", "sid", "message_id", "messageId", "MessageSid", "id", "call_id", "msgid")
_STATUS: Final = ("success", "report_status", "status", "MessageStatus", "state")
_DELIVERED: Final = frozenset({"true", "success", "delivered", "delivrd", "0", "ok"})
_PENDING: Final = frozenset({"accepted", "queued", "sent", "sending", "submitted", "buffered"})
_DETAIL: Final = ("err_code", "errmsg", "err-code", "error_code", "ErrorCode", "description", "err_msg")
"""As Aliyun, Tencent, Vonage and Twilio name them in their reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReport:
    """One thing that a service reports."""

    number: str = ""
    text: str = ""
    service_message_id: str = ""
    delivered: bool | None = None
    detail: str = ""


async def service_of_token(database: Database, *, token: str) -> ChannelService:
    """
    Return the service that reports by this token.

    Raises
    ------
    NotFoundError
        There is no such service.
    """
    with as_system():
        async with database.snapshot() as transaction:
            service = await transaction.channels.by_reply_hash(hash_token(token))
    if service is None:
        raise NotFoundError
    return service


async def take_reports(
    database: Database, *, service: ChannelService, reports: Sequence[ServiceReport], clock: Clock
) -> int:
    """Take what a service reports; return how many of them were about a message of ours."""
    known = 0
    for report in reports:
        if report.number and report.text:
            known += await answer_by_digit(
                database, service=service, number=report.number, text=report.text, clock=clock
            )
        elif report.service_message_id and report.delivered is not None:
            with as_system(service.circle_id):
                async with database.begin() as transaction:
                    known += await transaction.messages.put_report(
                        service.circle_id,
                        service.id,
                        report.service_message_id,
                        delivered=report.delivered,
                        detail=report.detail,
                        at=moment(clock),
                    )
    return known


def read_reports(body: object) -> tuple[ServiceReport, ...]:
    """
    Read reports in any of the forms in which services send them; what is none of them is left out.

    >>> read_reports({"from": "13800001234", "text": "1"})[0].text
    '1'
    >>> read_reports([{"biz_id": "7^0", "success": True, "err_code": "DELIVERED"}])[0].delivered
    True
    """
    rows = body if isinstance(body, list) else [body]
    return tuple(_read(row) for row in rows[:MOST_REPORTS] if isinstance(row, Mapping))


def _read(row: Mapping[str, Any]) -> ServiceReport:
    status = _first(row, _STATUS).lower()
    delivered = None if not status or status in _PENDING else status in _DELIVERED
    return ServiceReport(
        number=_first(row, _NUMBER)[:64],
        text=_first(row, _WORDS)[:200],
        service_message_id=_first(row, _ID)[:200],
        delivered=delivered,
        detail=" ".join(filter(None, (_first(row, (name,)) for name in _DETAIL)))[:200],
    )


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = row.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()
    return ""
