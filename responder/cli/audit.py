"""Check the audit log, and tell what to keep elsewhere so that checking means something."""

import json
from pathlib import Path
from uuid import UUID

from rich.table import Table

from responder.cli.alert import circle_named
from responder.domain.audit import PLATFORM
from responder.domain.ids import CircleId
from responder.ports import Database
from responder.ports.audit import ChainHead
from responder.ports.clock import SystemClock
from responder.services.audit.verify_audit import Flaw, Verification, audit_heads, verify_chain
from responder.services.circles.create import list_circles
from responder.settings import Settings
from responder.terminal.console import OUT, CommandError, say, working
from responder.terminal.database_url import database_at_hand, with_database

_PLATFORM_NAME = "平台 platform"
_WORDS = {
    Flaw.MISSING: ("缺少这一条", "this record is missing"),
    Flaw.CHANGED: ("这一条被改动或换了位置", "this record was changed or moved"),
    Flaw.PERSON_CHANGED: ("这一条的人员或来源被改动", "the person or the client address was changed"),
    Flaw.CUT_OFF: ("从这一条起被截断", "the log is truncated from this record on"),
    Flaw.HEAD_CHANGED: ("链头与记录不符", "the head does not match the records"),
    Flaw.HEAD_MISSING: ("没有链头", "the head is missing"),
    Flaw.NOT_AS_KEPT: ("与另存的链头不符", "the record does not match the saved head"),
}


def verify(settings: Settings, *, circle_name: str | None, heads: Path | None) -> int:
    """Verify the chains, print the result, and return the exit code."""
    kept = _kept(heads)

    async def work(database: Database) -> list[tuple[str, Verification]]:
        circles = await list_circles(database)
        if circle_name is not None:
            circles = (await circle_named(database, circle_name),)
        chains = [(circle.name, circle.id) for circle in circles]
        if circle_name is None:
            chains.append((_PLATFORM_NAME, PLATFORM))
        # A chain whose circle is gone is still a chain, and one that was kept elsewhere must still be there.
        known = {circle_id for _, circle_id in chains}
        others = {head.circle_id for head in await audit_heads(database)} | set(kept)
        if circle_name is None:
            chains += [(str(each), each) for each in sorted(others - known)]
        return [
            (
                name,
                await verify_chain(
                    database, circle_id=circle_id, clock=SystemClock(), kept=kept.get(circle_id)
                ),
            )
            for name, circle_id in chains
        ]

    with database_at_hand(settings) as url, working("核对审计记录", "checking the audit log"):
        found = with_database(url, work)
    table = Table("响应圈 Circle", "记录 Records", "结果 Result")
    for name, verification in found:
        table.add_row(name, f"{verification.rows:,}", _result(verification))
    OUT.print(table)
    if any(verification.flaw is not None for _, verification in found):
        say("审计记录不完整", "the audit log is not intact", style="bold red")
        return 1
    say("审计记录完整", "the audit log is intact", style="green")
    return 0


def print_heads(settings: Settings) -> None:
    """Print where every chain ends, a line of JSON for each."""
    with database_at_hand(settings) as url:
        heads = with_database(url, audit_heads)
    for head in heads:
        line = {"circle": str(head.circle_id), "seq": head.seq, "hash": head.hash}
        OUT.print(json.dumps(line), soft_wrap=True, markup=False)


def _result(verification: Verification) -> str:
    if verification.flaw is None:
        return "完整 intact"
    zh, en = _WORDS[verification.flaw]
    return f"第 {verification.first_bad} 条：{zh}\nrecord {verification.first_bad}: {en}"


def _kept(heads: Path | None) -> dict[CircleId, ChainHead]:
    if heads is None:
        return {}
    try:
        lines = [json.loads(line) for line in heads.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = [
            ChainHead(CircleId(UUID(line["circle"])), int(line["seq"]), str(line["hash"])) for line in lines
        ]
    except FileNotFoundError:
        raise CommandError(zh=f"没有文件 {heads}。", en=f"There is no file {heads}.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            zh=f"{heads} 不是 responder audit head 的输出。",
            en=f"{heads} is not what `responder audit head` printed: {error}",
        ) from error
    if not found:
        # As an interrupted `audit head` leaves it: checked against nothing, any log would hold.
        raise CommandError(zh=f"{heads} 里没有链头。", en=f"There is no head in {heads}.")
    # A head of nothing proves nothing.
    return {head.circle_id: head for head in found if head.seq > 0}
