"""The commands about people: administrators, invitations, the audit log, personal data."""

# ruff: noqa: PLC0415 - what a command does is imported when it is called: others start at once

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from responder.domain.audit import AuditAction
from responder.domain.canonical import LARGEST_INTEGER
from responder.domain.people.access import Role
from responder.terminal.console import explained

admin_app = typer.Typer(no_args_is_help=True, help="平台管理员 · administrators of the platform")
audit_app = typer.Typer(no_args_is_help=True, help="审计记录 · the audit log")
privacy_app = typer.Typer(no_args_is_help=True, help="个人信息 · personal data")

Circle = Annotated[str, typer.Option("--circle", help="响应圈名称 · name of the circle")]
Username = Annotated[str, typer.Argument(help="用户名 · user name")]

TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
A_TIME = "2025-01-31T21:40"


@admin_app.command("create")
def admin_create(
    username: Username,
    *,
    name: Annotated[str | None, typer.Option(help="姓名 · full name, shown to others")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="从标准输入读取密码 · read the password from stdin")
    ] = False,
) -> None:
    """新建管理员 · Create an administrator; without a terminal a password is generated and shown once."""
    from responder.cli.admin import create_administrator

    with explained() as settings:
        create_administrator(settings, username, name=name or username, password_stdin=password_stdin)


def invite(
    circle: Circle,
    *,
    role: Annotated[Role, typer.Option(help="角色 · role in the circle")] = Role.COORDINATOR,
    partner: Annotated[str | None, typer.Option(help="联动单位 · name of the partner")] = None,
    unit: Annotated[
        str | None, typer.Option(help="联动力量 · name of the unit that the person joins")
    ] = None,
    note: Annotated[str, typer.Option(help="备注 · note, such as who it is for")] = "",
) -> None:
    """邀请 · Invite a person to a circle: prints a link that works once, within 72 hours."""
    from responder.cli.admin import print_invitation

    with explained() as settings:
        print_invitation(settings, circle_name=circle, role=role, partner=partner, unit=unit, note=note)


@audit_app.command("verify")
def audit_verify(
    *,
    circle: Annotated[
        str | None, typer.Option("--circle", help="只核对一个响应圈 · check one circle only")
    ] = None,
    heads: Annotated[
        Path | None,
        typer.Option("--heads", help="另存的 audit head 输出 · saved output of `audit head`"),
    ] = None,
) -> None:
    """核对 · Verify every chain; print the first bad record and exit 1 if there is one."""
    from responder.cli.audit import verify

    with explained() as settings:
        raise typer.Exit(verify(settings, circle_name=circle, heads=heads))


@audit_app.command("head")
def audit_head() -> None:
    """链头 · Print the head of every chain; a copy kept elsewhere reveals a rewritten chain."""
    from responder.cli.audit import print_heads

    with explained() as settings:
        print_heads(settings)


@audit_app.command("list")
def audit_list(
    *,
    circle: Annotated[
        str | None,
        typer.Option(
            "--circle",
            help="响应圈的记录；不加则为平台的：登录、锁定、密码、账号 · of a circle; else of the platform",
        ),
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="操作人的用户名 · user name of the actor")] = None,
    action: Annotated[AuditAction | None, typer.Option(help="做了什么 · action")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=TIMES, metavar=A_TIME, help="从何时起 · from this time on")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=TIMES, metavar=A_TIME, help="在何时之前 · before this time")
    ] = None,
    before: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST_INTEGER, help="只要编号更小的 · only records with smaller numbers"),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多几条 · maximum number of records")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="每条一行 JSON · a line of JSON for each")] = False,
) -> None:
    """查看 · List audit records, newest first; without --circle those of the platform: sign-ins, lockouts."""
    from responder.cli.audit_list import AuditFilter, show_list

    asked = AuditFilter(
        circle_name=circle, username=who, action=action, since=since, until=until, before=before, limit=limit
    )
    with explained() as settings:
        show_list(settings, asked, as_json=as_json)


@privacy_app.command("export")
def privacy_export(
    username: Username,
    *,
    out: Annotated[Path | None, typer.Option("--out", help="写入文件 · write to a file")] = None,
) -> None:
    """导出一人 · Export everything that is stored about a person, as JSON."""
    from responder.cli.privacy import export

    with explained() as settings:
        export(settings, username, out=out)


@privacy_app.command("erase")
def privacy_erase(
    username: Username,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 · do not ask for confirmation")] = False,
) -> None:
    """删除一人 · Erase a person's account and name everywhere. This cannot be undone."""
    from responder.cli.privacy import erase

    with explained() as settings:
        erase(settings, username, yes=yes)
