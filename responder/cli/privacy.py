"""Personal data of one person: tell it, or erase it."""

import json
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from responder.cli.console import OUT, say
from responder.cli.place import database_at_hand, with_database
from responder.services.erase_person import erase_person
from responder.services.export_person import export_person
from responder.services.ports import Database
from responder.services.ports.clock import SystemClock
from responder.settings import Settings


def export(settings: Settings, username: str, *, out: Path | None) -> None:
    """Print everything that is kept about somebody, or write it to a file that only its owner can read."""

    async def work(database: Database) -> dict[str, Any]:
        return await export_person(database, username=username, clock=SystemClock())

    with database_at_hand(settings) as url:
        told = json.dumps(with_database(url, work), ensure_ascii=False, indent=2, default=str)
    if out is None:
        OUT.print(told, soft_wrap=True, markup=False)
        return
    out.touch(mode=0o600)
    out.write_text(told + "\n", encoding="utf-8")
    say(f"已写入 {out}，请妥善保管", "written; keep it safe")


def erase(settings: Settings, username: str, *, yes: bool) -> None:
    """Erase somebody after asking, and show how much was changed."""
    if not yes:
        typer.confirm(
            f"删除 {username} 的账号与姓名，不可恢复。继续？ Erase {username} for good?", abort=True
        )

    async def work(database: Database) -> dict[str, int]:
        return await erase_person(database, username=username, clock=SystemClock())

    with database_at_hand(settings) as url:
        done = with_database(url, work)
    table = Table("内容 What", "数量 Number")
    for what, count in done.items():
        table.add_row(what, f"{count:,}")
    OUT.print(table)
    say(f"已删除 {username}", f"{username} is erased", style="green")
    say(
        "备份中仍有此人信息，请按保存期限销毁旧备份",
        "backups still hold this person: destroy them when their time is over",
        style="yellow",
    )
