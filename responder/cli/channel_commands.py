"""The commands about channels and their help."""

# ruff: noqa: PLC0415 - as in `commands`: a command's code is imported when it is called

from typing import Annotated

import typer

from responder.domain.channels.contact import ContactChannel
from responder.terminal.console import explained

channel_app = typer.Typer(no_args_is_help=True, help="通道 · channels: services that carry alerts to people")

CircleName = Annotated[str, typer.Option("--circle", help="响应圈名称 · name of the circle")]
Given = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="NAME=VALUE，留空移除，@FILE 从文件读取 · NAME= removes, NAME=@FILE reads a file"
    ),
]
Which = Annotated[str, typer.Argument(metavar="NAME|ID")]


@channel_app.command("list")
def channel_list(circle: CircleName) -> None:
    """查看 · List the services, their last self-test, and who has no verified channel."""
    from responder.cli.channel import show

    with explained() as settings:
        show(settings, circle_name=circle)


@channel_app.command("add")
def channel_add(
    channel: ContactChannel,
    circle: CircleName,
    name: Annotated[str, typer.Option(help="名称 · name")],
    *,
    given: Given = None,
    public: Annotated[
        bool, typer.Option("--public", help="圈外的人也看得到，不发演练 · others read along: no exercises")
    ] = False,
) -> None:
    """添加 · Add an account with a service."""
    from responder.cli.channel import add
    from responder.senders.web_push import VapidKeys

    with explained() as settings:
        add(
            settings,
            channel,
            circle_name=circle,
            name=name,
            given=given or [],
            outside_public=public,
            keys=VapidKeys(),
        )


@channel_app.command("set")
def channel_set(
    which: Which,
    circle: CircleName,
    *,
    given: Given = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="启用或停用 · turn on or off")] = None,
) -> None:
    """修改 · Change settings of a service, or turn it on or off."""
    from responder.cli.channel import change

    with explained() as settings:
        change(settings, which, circle_name=circle, given=given or [], enabled=on)


@channel_app.command("remove")
def channel_remove(which: Which, circle: CircleName) -> None:
    """移除 · Remove a service with its settings and the contacts at it."""
    from responder.cli.channel import remove

    with explained() as settings:
        remove(settings, which, circle_name=circle)


@channel_app.command("test")
def channel_test(circle: CircleName) -> None:
    """自检 · Queue a test by each service; a running server sends it."""
    from responder.cli.channel import queue_tests

    with explained() as settings:
        queue_tests(settings, circle_name=circle)
