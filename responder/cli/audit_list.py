"""Read the audit log at the machine: a circle's, or that of the platform, which no page shows."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from rich.markup import escape

from responder.cli.alert import circle_named
from responder.domain.audit import IN_NAME_OF, PLATFORM, AuditAction
from responder.domain.ids import AccountId
from responder.domain.people.access import operator
from responder.ports import Database
from responder.ports.audit import AuditQuery, FoundRecord
from responder.ports.clock import SystemClock
from responder.services.audit.read_audit import MOST, read_audit
from responder.settings import Settings
from responder.terminal.console import OUT, CommandError, nobody_named, say, word
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.listing import listing

OPERATOR: Final = ("命令行", "command line")
ERASED: Final = ("资料已删除的人", "an erased person")
UNKNOWN_ACTOR: Final = ("无人（以此账号的名义）", "unknown person, in the name of the account")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Filter from the command line. Times without a zone are in the local zone."""

    circle_name: str | None = None
    """None: the chain of the platform."""
    username: str | None = None
    action: AuditAction | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


def show_list(settings: Settings, asked: AuditFilter, *, as_json: bool) -> None:
    """Print records, newest first, as a table or lines of JSON. The reading is recorded too."""

    async def work(database: Database) -> tuple[list[FoundRecord], int | None]:
        return await _find(database, asked)

    with database_at_hand(settings) as url:
        found, following = with_database(url, work)
    if as_json:
        for record in found:
            sys.stdout.write(json.dumps(_plain(record), ensure_ascii=False) + "\n")
        return
    _show(found, lambda action, language: word(settings.static_dir, language, f"audit_action.{action}"))
    if not found:
        say("没有符合条件的记录", "no matching records")
    elif following is not None:
        say(f"更早的记录：加 --before {following}", "for older records add this option")


async def _find(database: Database, asked: AuditFilter) -> tuple[list[FoundRecord], int | None]:
    """Return the records, and the number to continue before."""
    circle_id = PLATFORM
    if asked.circle_name is not None:
        circle_id = (await circle_named(database, asked.circle_name)).id
    query = AuditQuery(
        actor=None if asked.username is None else await _account(database, asked.username),
        action=asked.action,
        since=_zoned(asked.since),
        until=_zoned(asked.until),
        before=asked.before,
    )
    found: list[FoundRecord] = []
    following: int | None = None
    while len(found) < asked.limit:
        query = replace(query, limit=min(MOST, asked.limit - len(found)))
        page, following = await read_audit(
            database, viewer=operator(circle_id), query=query, clock=SystemClock()
        )
        found += page
        if following is None:
            break
        query = replace(query, before=following)
    return found, following


async def _account(database: Database, username: str) -> AccountId:
    async with database.snapshot() as transaction:
        stored = await transaction.accounts.find(username)
    if stored is None:
        raise nobody_named(username)
    return stored.account.id


def _show(found: list[FoundRecord], worded: Callable[[str, str], str]) -> None:
    table = listing("编号 No.", "时间 Time", "做了什么 What", "谁 Who", lines=True)
    for record in found:
        # As what is stored calls it, too: that is what `--action` takes.
        what = [f"{worded(record.action, 'zh-CN')} {worded(record.action, 'en')}".strip(), record.action]
        if record.subject_kind is not None:
            named = _person(record.subject_name, record.subject_username)
            what.append(f"{record.subject_kind}: {named or record.subject_id or '—'}")
        what += [f"{name}: {json.dumps(value)}" for name, value in record.detail.items()]
        who = [" ".join(_who(record)), *(part for part in (record.address, record.device) if part)]
        at = record.at.astimezone().isoformat(sep=" ", timespec="seconds")
        table.add_row(str(record.seq), at, _cell(what), _cell(who))
    OUT.print(table)


def _cell(lines: list[str]) -> str:
    """Join lines; control characters and bidirectional marks are shown as a mark."""
    plain = (
        "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
        for line in lines
    )
    return escape("\n".join(plain))


def _who(record: FoundRecord) -> tuple[str, ...]:
    if record.by_operator:
        return OPERATOR
    if record.action in IN_NAME_OF:
        return UNKNOWN_ACTOR
    if record.actor_id is None:
        return ERASED
    return (_person(record.actor_name, record.actor_username) or str(record.actor_id),)


def _person(name: str | None, username: str | None) -> str:
    """Name the person so that namesakes can be told apart."""
    return "" if name is None else f"{name} ({username})"


def _plain(record: FoundRecord) -> dict[str, object]:
    known = not record.by_operator and record.action not in IN_NAME_OF
    return {
        "seq": record.seq,
        "at": record.at.isoformat(),
        "action": record.action,
        "by_operator": record.by_operator,
        "actor_id": str(record.actor_id) if known and record.actor_id is not None else None,
        "actor_name": record.actor_name if known else None,
        "actor_username": record.actor_username if known else None,
        "subject_kind": record.subject_kind,
        "subject_id": None if record.subject_id is None else str(record.subject_id),
        "subject_name": record.subject_name,
        "subject_username": record.subject_username,
        "detail": dict(record.detail),
        "address": record.address,
        "device": record.device,
        "hash": record.hash,
    }


def _zoned(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    try:
        return at.astimezone()
    except (OverflowError, ValueError):
        raise CommandError(
            zh=f"时间 {at.isoformat()} 超出日历范围。", en=f"{at.isoformat()} is outside the calendar."
        ) from None
