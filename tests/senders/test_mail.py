"""E-mail by SMTP."""
# ruff: noqa: S106 - of servers that run here

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from responder.demo.services.smtp_server import SmtpAccount, serve_smtp
from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, MessageText, Outcome, Verdict, VerdictReason
from responder.domain.incidents.incident import Severity
from responder.senders.registry import open_senders
from tests.senders.certificates import Certificates, made
from tests.senders.conftest import LINK, Desk


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return made(tmp_path_factory.mktemp("certificates"))


async def test_the_text_is_plain_and_the_subject_is_the_head(desk: Desk, message_id: UUID) -> None:
    text = MessageText(head="火情 · <七栋> & 二单元", lines=("第一行 <b>", ".", "From 楼上"), link=LINK)
    verdict = await desk.send("email", text=text, id=message_id)

    [mail] = desk.services.inbox.messages
    assert mail.raw["subject"] == "火情 · <七栋> & 二单元"
    assert (
        mail.text.replace("\r\n", "\n")
        == f"{mail.raw['subject']}\n火情 · <七栋> & 二单元\n第一行 <b>\n.\nFrom 楼上\n{LINK}\n"
    )
    assert mail.raw["content-type"] == 'text/plain; charset="utf-8"'
    assert mail.raw["to"] == "zhang@example.org"
    assert mail.raw["auto-submitted"] == "auto-generated"
    assert verdict.service_message_id == mail.raw["message-id"] == f"<{message_id}@circle.example>"


@pytest.mark.parametrize(
    ("severity", "purpose", "importance"),
    [
        (Severity.RED, MessagePurpose.ALERT, "high"),
        (Severity.BLUE, MessagePurpose.ALERT, None),
        (Severity.RED, MessagePurpose.SELF_TEST, None),
    ],
)
async def test_what_is_grave_is_marked(
    desk: Desk, severity: Severity, purpose: MessagePurpose, importance: str | None
) -> None:
    await desk.send("email", severity=severity, purpose=purpose)

    assert desk.services.inbox.messages[0].raw.get("importance") == importance


async def test_a_wrong_password_is_told(desk: Desk) -> None:
    verdict = await desk.send("email", settings={"password": "other"})

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNAUTHORIZED)
    assert verdict.detail.startswith("535")


@asynccontextmanager
async def _server(desk: Desk, account: SmtpAccount, **how: object) -> AsyncIterator[Callable[..., object]]:
    async with serve_smtp(desk.services.inbox, account=account, **how) as port:  # type: ignore[arg-type]

        async def send(**settings: str) -> Verdict:
            given = {**desk.account("email").settings, "port": str(port), **settings}
            return await desk.senders[ContactChannel.EMAIL].send(desk.message("email"), service=given)

        yield send


async def test_an_unknown_mailbox_is_told_without_its_name(desk: Desk) -> None:
    account = SmtpAccount(
        username="circle", password="mail-secret-8a", mailboxes=frozenset({"li@example.org"})
    )
    async with _server(desk, account) as send:
        verdict = await send()  # type: ignore[misc]

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.UNKNOWN_ADDRESS)
    assert "zhang" not in verdict.detail


async def test_a_server_that_says_too_fast_is_asked_again(desk: Desk) -> None:
    account = SmtpAccount(username="circle", password="mail-secret-8a", per_minute=1)
    async with _server(desk, account) as send:
        first, second = await send(), await send()  # type: ignore[misc]

    assert first.outcome is Outcome.ACCEPTED
    assert (second.outcome, second.reason) == (Outcome.RETRY, VerdictReason.TOO_FAST)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_mail_goes_by_tls_to_the_server_that_was_named(
    desk: Desk, certificates: Certificates, security: str
) -> None:
    async with (
        serve_smtp(desk.services.inbox, tls=certificates.server, tls_from_start=security == "tls") as port,
        open_senders(
            AllowedHosts.parse(["mail.circle.example"], private=["127.0.0.1"]),
            clock=desk.clock,
            tls=certificates.client,
            resolve=_loopback,
        ) as senders,
    ):
        settings = {
            "host": "mail.circle.example",
            "port": str(port),
            "security": security,
            "sender": "a@b.example",
        }
        verdict = await senders[ContactChannel.EMAIL].send(desk.message("email"), service=settings)

    assert verdict.outcome is Outcome.ACCEPTED, verdict


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_of_another_host_is_refused(
    desk: Desk, certificates: Certificates, security: str
) -> None:
    async with (
        serve_smtp(desk.services.inbox, tls=certificates.server, tls_from_start=security == "tls") as port,
        open_senders(
            AllowedHosts.parse(["other.example"], private=["127.0.0.1"]),
            clock=desk.clock,
            tls=certificates.client,
            resolve=_loopback,
        ) as senders,
    ):
        settings = {"host": "other.example", "port": str(port), "security": security, "sender": "a@b.example"}
        verdict = await senders[ContactChannel.EMAIL].send(desk.message("email"), service=settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.TLS_FAILED)
    assert not desk.texts


async def test_a_server_without_starttls_gets_neither_mail_nor_password(desk: Desk) -> None:
    account = SmtpAccount(username="circle", password="mail-secret-8a")
    async with _server(desk, account) as send:
        verdict = await send(security="starttls")  # type: ignore[misc]

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.WRONG_SETTINGS)
    assert not desk.texts


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("220 hello\r\n250 mail\r\n421 4.3.2 closing\r\n", VerdictReason.SERVICE_FAULT),
        ("421 4.7.0 too many connections\r\n", VerdictReason.TOO_FAST),
        ("220 hello\r\nnonsense\r\n", VerdictReason.ANSWER_UNREADABLE),
        ("220 hello\r\n" + "250-x\r\n" * 100_000, VerdictReason.ANSWER_UNREADABLE),
        ("", VerdictReason.UNREACHABLE),
        ("220 hello\r\n", VerdictReason.CONNECTION_LOST),
    ],
)
async def test_a_strange_server_is_told(desk: Desk, said: str, reason: VerdictReason) -> None:
    async def strange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in said.splitlines(keepends=True):
            writer.write(line.encode())
            if not line.startswith("250-"):
                await reader.readline()
        writer.close()

    async with await asyncio.start_server(strange, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = {"host": "127.0.0.1", "port": str(port), "security": "none", "sender": "a@b.example"}
        verdict = await desk.senders[ContactChannel.EMAIL].send(desk.message("email"), service=settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, reason)


async def test_a_silent_server_takes_no_longer_than_allowed(desk: Desk) -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()
        _writer.close()

    async with (
        await asyncio.start_server(silent, "127.0.0.1", 0) as server,
        open_senders(desk.services.allowed, clock=desk.clock, limit_s=0.2) as hurried,
    ):
        settings = {**desk.account("email").settings, "port": str(server.sockets[0].getsockname()[1])}
        verdict = await hurried[ContactChannel.EMAIL].send(desk.message("email"), service=settings)

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.TIMED_OUT)


async def _loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def test_certificates_are_checked(certificates: Certificates) -> None:
    assert certificates.client.verify_mode is ssl.CERT_REQUIRED
    assert certificates.client.check_hostname
    assert isinstance(certificates.folder, Path)
