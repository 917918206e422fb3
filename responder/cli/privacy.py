"""Personal data of one person: tell it, or erase it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from responder.domain.errors import NotFoundError
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.people.erase_person import erase_person, require_person
from responder.services.people.export_person import export_person
from responder.settings import Settings
from responder.terminal.console import OUT, CommandError, nobody_named, say
from responder.terminal.database_url import database_at_hand, with_database

WORDS = {
    "events": "警情记录",
    "deliveries": "送达记录",
    "incidents": "警情",
    "ladder_steps": "呼叫阶梯的步骤",
    "ladders": "呼叫阶梯",
    "neighbours": "相邻响应圈",
    "positions": "位置",
    "drill_tracks": "演练轨迹",
    "receipts": "回执",
    "idempotency_keys": "防重复编号",
    "units": "所属力量",
    "contacts": "联系方式",
    "quiet_hours": "免打扰时段",
    "messages": "消息",
    "sessions": "登录",
    "memberships": "角色",
    "profiles": "通行参数",
    "imports": "导入记录",
    "proposals": "外来消息",
    "reports": "居民上报",
    "drills": "演练",
    "drill_runs": "演练过程",
    "observations": "演练观察",
    "findings": "整改项",
    "roll_call_marks": "清点记录",
    "hazard_steps": "隐患跟进记录",
    "households": "住户登记",
    "inspections": "设施巡检",
    "pact_signatures": "协议签署",
    "pacts": "协议",
    "duty_records": "履责记录",
    "roster": "值班表",
    "invitations": "邀请",
    "gates": "门禁",
    "facilities": "共享设施",
    "audit": "审计记录",
}
"""What erasing a person changes."""


def export(settings: Settings, username: str, *, out: Path | None) -> None:
    """Print everything stored about a person, or write it to a file that only its owner can read."""

    async def work(database: Database) -> dict[str, Any]:
        return await export_person(database, username=username, clock=SystemClock())

    # Open the file before the export is recorded.
    if out is not None and not out.parent.is_dir():
        raise CommandError(zh=f"没有文件夹 {out.parent}。", en=f"There is no folder {out.parent}.")
    with database_at_hand(settings) as url, _known_person(username):
        told = json.dumps(with_database(url, work), ensure_ascii=False, indent=2, default=str)
    if out is None:
        OUT.print(told, soft_wrap=True, markup=False)
        return
    out.touch(mode=0o600)
    out.write_text(told + "\n", encoding="utf-8")
    say(f"已写入 {out}，请妥善保管", "written; keep the file safe")


def erase(settings: Settings, username: str, *, yes: bool) -> None:
    """Erase a person after a confirmation, and show how much was changed."""

    async def look(database: Database) -> None:
        await require_person(database, username=username)

    async def work(database: Database) -> dict[str, int]:
        return await erase_person(database, username=username, clock=SystemClock())

    with database_at_hand(settings) as url, _known_person(username):
        if not yes:
            with_database(url, look)
            _ask(username)
        done = with_database(url, work)
    table = Table("内容 What", "数量 Number")
    for what, count in done.items():
        table.add_row(f"{WORDS[what]} {what}", f"{count:,}")
    OUT.print(table)
    say(f"已删除 {username}", f"{username} is erased", style="green")
    say(
        "备份中仍有此人信息，请按保存期限销毁旧备份",
        "backups still hold this person: destroy them when they expire",
        style="yellow",
    )


@contextmanager
def _known_person(username: str) -> Iterator[None]:
    """Turn NotFoundError into the error of an unknown user name."""
    try:
        yield
    except NotFoundError:
        raise nobody_named(username) from None


def _ask(username: str) -> None:
    question = f"删除 {username} 的账号与姓名，不可恢复。继续？ Erase {username} for good?"
    try:
        agreed = typer.confirm(question)
    except typer.Abort:
        if sys.stdin.isatty():
            raise
        raise CommandError(
            zh="没有终端可以确认。确定要删除，请加 --yes。",
            en="There is no terminal to confirm it at. If you are sure, add --yes.",
        ) from None
    if not agreed:
        raise typer.Abort
