"""A mail server that takes mail and keeps it."""

import asyncio
import base64
import email.policy
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from typing import Final

from responder.demo.services.inbox import Budget, ServiceInbox
from responder.domain.channels.contact import ContactChannel

MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """Who may send, and how much in a minute."""

    username: str | None = None
    password: str = ""
    per_minute: int = 1000
    mailboxes: frozenset[str] | None = None
    """Who exists; None for everyone."""


class SmtpSession:
    """One client (RFC 5321), with AUTH PLAIN (RFC 4954) and STARTTLS (RFC 3207)."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        inbox: ServiceInbox,
        account: SmtpAccount,
        budget: Budget,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._inbox = inbox
        self._account = account
        self._budget = budget
        self._tls = tls
        self._is_signed_in = account.username is None
        self._recipient = ""

    async def run(self) -> None:
        """Serve until the client goes."""
        await self._say("220 mail.example ESMTP")
        while line := (await self._reader.readline()).decode("latin-1").strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    extensions = [
                        "AUTH PLAIN",
                        *(["STARTTLS"] if self._tls else []),
                        f"SIZE {MOST_BYTES}",
                    ]
                    await self._say(
                        "\r\n".join(["250-mail.example", *(f"250-{name}" for name in extensions[:-1])])
                    )
                    await self._say(f"250 {extensions[-1]}")
                case "STARTTLS" if self._tls is not None:
                    await self._say("220 ready to start TLS")
                    await self._writer.start_tls(self._tls)
                    self._tls = None
                case "AUTH":
                    await self._sign_in(rest)
                case "MAIL":
                    await self._say(
                        "250 2.1.0 OK" if self._is_signed_in else "530 5.7.0 authentication required"
                    )
                case "RCPT":
                    await self._recipient_named(rest)
                case "DATA":
                    await self._data()
                case "RSET" | "NOOP":
                    await self._say("250 2.0.0 OK")
                case "QUIT":
                    await self._say("221 2.0.0 bye")
                    return
                case _:
                    await self._say("502 5.5.1 command not implemented")

    async def _sign_in(self, rest: str) -> None:
        method, _, given = rest.partition(" ")
        if method.upper() != "PLAIN" or not given:
            await self._say("504 5.5.4 only AUTH PLAIN with an initial response")
            return
        parts = base64.b64decode(given).decode().split("\0")
        self._is_signed_in = parts[1:] == [self._account.username, self._account.password]
        await self._say(
            "235 2.7.0 OK" if self._is_signed_in else "535 5.7.8 authentication credentials invalid"
        )

    async def _recipient_named(self, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        if self._account.mailboxes is not None and address not in self._account.mailboxes:
            await self._say(f"550 5.1.1 <{address}>: user unknown")
        elif not self._budget.allows():
            await self._say("450 4.7.1 too many messages, slow down")
        else:
            self._recipient = address
            await self._say("250 2.1.5 OK")

    async def _data(self) -> None:
        await self._say("354 end with a dot")
        content = bytearray()
        while (line := await self._reader.readline()) not in {b".\r\n", b""}:
            content += line.removeprefix(b".")
            if len(content) > MOST_BYTES:
                await self._say("552 5.3.4 message too big")
                return
        mail = message_from_bytes(bytes(content), EmailMessage, policy=email.policy.default)
        text = f"{mail['Subject']}\n{mail.get_content()}"
        headers = {name.lower(): str(value) for name, value in mail.items()}
        kept = self._inbox.take(ContactChannel.EMAIL, self._recipient, text, headers)
        await self._say(f"250 2.0.0 OK: queued as {kept}")

    async def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")
        await self._writer.drain()


@asynccontextmanager
async def serve_smtp(
    inbox: ServiceInbox,
    *,
    account: SmtpAccount | None = None,
    port: int = 0,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    tls_from_start: bool = False,
) -> AsyncIterator[int]:
    """Serve on this machine and yield the port; `tls` is offered by STARTTLS unless used from the start."""
    account = account or SmtpAccount()
    budget = Budget(inbox, per_minute=account.per_minute)
    open_now: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs it as a task
        open_now.add(task)
        offered = None if tls_from_start else tls
        session = SmtpSession(reader, writer, inbox=inbox, account=account, budget=budget, tls=offered)
        try:
            with suppress(OSError, ValueError):
                await session.run()
        except asyncio.CancelledError:
            pass  # The server stops; nobody waits for this task.
        finally:
            open_now.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, host, port, ssl=tls if tls_from_start else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in open_now:
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)
