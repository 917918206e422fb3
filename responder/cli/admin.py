"""Create the first administrators and invitations, as the operator of the machine."""

import secrets
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TypeVar

import typer

from responder.cli.alert import circle_named
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Unit
from responder.domain.people.access import Role, operator
from responder.domain.people.account import Account
from responder.domain.people.invitation import MadeInvitation
from responder.domain.people.partner import Partner
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.people.invite import NewInvitation, invite
from responder.services.people.make_account import make_administrator
from responder.settings import Settings
from responder.terminal.console import OUT, CommandError, say
from responder.terminal.database_url import database_at_hand, with_database

MADE_UP_BYTES = 15
"""Twenty letters: impossible to guess, and short enough to read out."""


Named = TypeVar("Named", Partner, Unit)


def create_administrator(settings: Settings, username: str, *, name: str, password_stdin: bool) -> None:
    """Create an administrator and print the next steps."""
    password, made_up = _password(password_stdin=password_stdin)

    async def work(database: Database) -> Account:
        return await make_administrator(
            database, username=username, name=name, password=password, clock=SystemClock()
        )

    with database_at_hand(settings) as url:
        with_database(url, work)
    say(f"已新建管理员 {username}", f"created administrator {username}", style="green")
    if made_up:
        say(f"密码（只显示这一次）：{password}", "password; it is shown only once", style="bold")
    say(f"登录：{settings.page_url}", "sign in at this address")
    _say_if_nobody_is_there(settings)
    say(
        "邀请协调人：responder invite --circle 名称",
        "invite a coordinator: responder invite --circle NAME",
    )


def print_invitation(
    settings: Settings, *, circle_name: str, role: Role, partner: str | None, unit: str | None, note: str
) -> None:
    """Create an invitation and print its link."""

    async def work(database: Database) -> tuple[Circle, MadeInvitation]:
        circle = await circle_named(database, circle_name)
        viewer = operator(circle.id)
        async with database.begin() as transaction:
            partners = await transaction.partners.of_circle(circle.id)
            units = await transaction.layer(Unit).of_circle(circle.id)
        chosen_unit = _one(units, unit, what_zh="联动力量", what="unit") if unit is not None else None
        chosen = _one(partners, partner, what_zh="联动单位", what="partner") if partner is not None else None
        partner_id = chosen.id if chosen else chosen_unit.partner_id if chosen_unit else None
        new = NewInvitation(
            role=role,
            partner_id=partner_id,
            unit_id=chosen_unit.id if chosen_unit else None,
            note=note,
        )
        return circle, await invite(database, viewer=viewer, new=new, clock=SystemClock())

    with database_at_hand(settings) as url:
        circle, made = with_database(url, work)
    say(
        f"“{circle.name}”的邀请，可用一次，72 小时内有效：",
        "invitation; works once, within 72 hours",
        style="bold",
    )
    OUT.print(f"{settings.page_url}#invitation={made.token}", soft_wrap=True, markup=False)
    _say_if_nobody_is_there(settings)


def _say_if_nobody_is_there(settings: Settings) -> None:
    """Explain RESPONDER_PORT when nothing answers at the printed address."""
    if settings.public_origins or not settings.is_private:
        return
    with suppress(OSError), socket.create_connection((settings.host.strip("[]"), settings.port), timeout=1):
        return
    say(
        "此地址现在没有服务。服务若用别的端口，请以同样的 RESPONDER_PORT 执行本命令",
        "nothing answers at this address now; for another port run this with the same RESPONDER_PORT",
        style="yellow",
    )


def _one(things: Iterable[Named], name: str, *, what_zh: str, what: str) -> Named:
    found = [thing for thing in things if name in {thing.name, thing.name_en}]
    if len(found) != 1:
        raise CommandError(
            zh=f"“{name}”对应 {len(found)} 个{what_zh}，应恰为一个。",
            en=f"{len(found)} {what}s are named {name!r}; it must be one.",
        )
    return found[0]


def _password(*, password_stdin: bool) -> tuple[str, bool]:
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        asked: str = typer.prompt("密码 Password", hide_input=True, confirmation_prompt="再输一次 Again")
        return asked, False
    return secrets.token_urlsafe(MADE_UP_BYTES), True
