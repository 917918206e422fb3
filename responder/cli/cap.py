"""Check a CAP file and say in plain words what is wrong with it; no database is needed."""

import sys
from datetime import datetime
from pathlib import Path

from responder.domain.cap.faults import FAULTS, Fault, FaultLevel
from responder.domain.cap.message import CapMessage
from responder.domain.cap.read_message import ReadMessage
from responder.exchange.cap_reader import read_cap
from responder.exchange.guarded_xml import MOST_BYTES
from responder.terminal.console import OUT, CommandError, say

_STYLE = {FaultLevel.ERROR: "red", FaultLevel.WARNING: "yellow"}
_WORDS = {FaultLevel.ERROR: ("错误", "error"), FaultLevel.WARNING: ("注意", "warning")}


def check_file(path: Path, *, now: datetime) -> int:
    """Print every fault of every message in a file, or of standard input for `-`; return the exit code."""
    found = read_cap(_content(path), now=now)
    for one in found:
        _show(one)
    wrong = sum(one.message is None for one in found)
    if wrong:
        say(
            f"{len(found)} 条消息中有 {wrong} 条有错误",
            f"{wrong} of {len(found)} messages have errors",
            style="bold red",
        )
        return 1
    say(f"{len(found)} 条消息没有错误", f"{len(found)} messages without errors", style="green")
    return 0


def _show(one: ReadMessage) -> None:
    title = one.title or "?"
    OUT.print(f"{title}{_summary(one.message)}", soft_wrap=True, markup=False)
    for fault in one.faults:
        _tell(fault)


def _summary(message: CapMessage | None) -> str:
    if message is None:
        return ""
    headline = message.infos[0].headline if message.infos else ""
    return f" · {message.message_type.value} · {message.status.value} · {headline}".rstrip(" ·")


def _tell(fault: Fault) -> None:
    words = FAULTS[fault.code]
    zh, en = _WORDS[words.level]
    where = " ".join(part for part in (fault.where, f"“{fault.value}”" if fault.value else "") if part)
    OUT.print(f"  {zh} {en} [{fault.code}] {where}", style=_STYLE[words.level], soft_wrap=True, markup=False)
    OUT.print(f"    {words.zh}\n    {words.en}", soft_wrap=True, markup=False)


def _content(path: Path) -> bytes:
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise CommandError(zh=f"没有文件 {path}。", en=f"There is no file {path}.") from None
    except OSError as error:
        raise CommandError(zh=f"无法读取 {path}。", en=f"{path} cannot be read: {error}") from error
