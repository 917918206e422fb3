"""The demo circle: made sure of at the first start, and who is in it."""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import psycopg

from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.settings import Settings
from responder.store.install_state import password_hashes
from responder.terminal.console import CommandError
from responder.terminal.database_url import PASSWORD_FILE, demo_password, kept_demo_password, with_database

SCENE = "脑科巷7栋"
"""The building that exercises are raised at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccounts:
    """Who is in the demo circle, by username."""

    circle_name: str
    staff: str
    """A coordinator, who raises exercises."""
    players: tuple[str, ...]
    """Those who are called."""
    usernames: tuple[str, ...]


@cache
def demo_accounts() -> DemoAccounts:
    """Read who is in the demo circle."""
    told = json.loads(files("responder.demo.data").joinpath("partners.json").read_text(encoding="utf-8"))
    accounts = told["accounts"]
    return DemoAccounts(
        circle_name=told["circle"]["name"],
        staff=next(account["username"] for account in accounts if account["role"] == "coordinator"),
        players=tuple(account["username"] for account in accounts if account["responder"] is not None),
        usernames=tuple(account["username"] for account in accounts),
    )


def refuse_open_demo(settings: Settings) -> None:
    """
    Refuse to show the demo circle to other machines.

    All of its accounts share one password, which is printed: good for a first look, and for nothing else.
    """
    if settings.is_private or settings.force_demo:
        return
    raise CommandError(
        zh=f"示例响应圈的账号共用一个打印出来的密码，不应让其他机器访问（{settings.host}）。"
        "正式使用请换一个数据目录并加 --no-demo；确要如此请加 --force-demo 或设置 RESPONDER_FORCE_DEMO=1。",
        en="The demo circle's accounts share one printed password, so it is not served to other machines"
        f" ({settings.host}). For real use choose another data folder and add --no-demo; to do it all the"
        " same add --force-demo or set RESPONDER_FORCE_DEMO=1.",
    )


def demo_password_that_fits(url: str, data_dir: Path) -> str | None:
    """
    Return the password of the demo accounts, if it is in this data folder.

    It is not when its file is gone, or when the database was restored beside another folder.
    """
    from argon2 import PasswordHasher  # noqa: PLC0415 - not every command asks for passwords
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

    password = kept_demo_password(data_dir)
    if password is None:
        return None
    try:
        hashes = password_hashes(url, usernames=(demo_accounts().staff, *demo_accounts().players[:2]))
    except psycopg.Error:
        # The database went away at this moment: the password may still be the right one.
        return password
    for password_hash in hashes:
        # Some may have chosen a password of their own.
        with suppress(VerificationError, InvalidHashError):
            PasswordHasher().verify(password_hash, password)
            return password
    return None


def require_demo_password(password: str | None, data_dir: Path) -> str:
    """Return the password, or say where it may be."""
    if password is None:
        raise CommandError(
            zh=f"{data_dir} 中没有与示例账号相符的密码（{PASSWORD_FILE}）。"
            "请从创建示例响应圈的数据目录复制该文件。",
            en=f"{data_dir} has no password that fits the demo accounts ({PASSWORD_FILE})."
            " Copy that file from the data folder in which the demo circle was made.",
        )
    return password


def ensure_demo(url: str, data_dir: Path) -> None:
    """Load the demo circle unless it is there."""
    # Both bring SciPy and osmium, which who is in the circle can be told without.
    from responder.demo.demo_data import read_demo  # noqa: PLC0415 - see above
    from responder.services.imports.load_demo import load_demo  # noqa: PLC0415 - see above

    async def work(database: Database) -> None:
        await load_demo(
            database, read_demo, password_for=lambda _username: demo_password(data_dir), clock=SystemClock()
        )

    with_database(url, work)
