"""See and set up a circle's channels on the command line."""

from pathlib import Path
from uuid import UUID

from responder.cli.alert import circle_named
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.service import ChannelService
from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import CircleId
from responder.domain.people.access import Viewer, operator
from responder.ports import Database
from responder.ports.channels import PushKeys
from responder.ports.clock import SystemClock
from responder.services.channels import manage_services as service
from responder.services.channels.proof import ChannelReport, channel_report, self_test_now
from responder.settings import Settings
from responder.terminal.console import OUT, say
from responder.terminal.database_url import database_at_hand, with_database


def show(settings: Settings, *, circle_name: str) -> None:
    """Print the circle's services with their last self-test, and who cannot be reached by any."""

    async def work(database: Database) -> ChannelReport:
        return await channel_report(database, viewer=await _operator(database, circle_name))

    with database_at_hand(settings) as url:
        report = with_database(url, work)
    for each in report.services:
        told = each.service
        state = "" if told.enabled else " · 已停用 off"
        public = " · 对外公开 public" if told.outside_public else ""
        OUT.print(
            f"{told.id}  {told.channel.value:12} {told.name}{state}{public}", markup=False, soft_wrap=True
        )
        if each.test is None:
            OUT.print("    未自检 · not tested: no coordinator has verified it", markup=False, soft_wrap=True)
        else:
            why = ", ".join(each.test.reasons)
            OUT.print(
                f"    {each.test.at:%Y-%m-%d %H:%M %Z}  {each.test.accepted} 成功 ok,"
                f" {each.test.failed} 失败 failed {why}",
                markup=False,
                soft_wrap=True,
            )
    unreachable = [person.name for person in report.people if person.verified == 0]
    if unreachable:
        say(
            f"{len(unreachable)} 人没有验证过的通道：{'、'.join(unreachable)}",
            f"{len(unreachable)} people have no verified channel",
        )


def add(
    settings: Settings,
    channel: ContactChannel,
    *,
    circle_name: str,
    name: str,
    given: list[str],
    outside_public: bool,
    keys: PushKeys,
) -> None:
    """Add a service; its settings are given as NAME=VALUE."""
    made = _settings(given)
    if channel is ContactChannel.WEB_PUSH:
        made.setdefault("private_key", keys.new_private_key())

    async def work(database: Database) -> ChannelService:
        new = service.NewService(channel=channel, name=name, settings=made, outside_public=outside_public)
        viewer = await _operator(database, circle_name)
        return await service.add_service(database, viewer=viewer, new=new, clock=SystemClock())

    with database_at_hand(settings) as url:
        added = with_database(url, work)
    say(f"通道已添加：{added.name}", f"added {added.id}", style="green")


def change(
    settings: Settings, which: str, *, circle_name: str, given: list[str], enabled: bool | None
) -> None:
    """Change settings of a service, or turn it on or off; `which` is its id or name."""

    async def work(database: Database) -> ChannelService:
        viewer = await _operator(database, circle_name)
        found = await _service(database, viewer, which)
        change = service.ServiceChange(settings=_settings(given), enabled=enabled)
        return await service.change_service(
            database, viewer=viewer, service_id=found.id, change=change, clock=SystemClock()
        )

    with database_at_hand(settings) as url:
        changed = with_database(url, work)
    say(f"通道已修改：{changed.name}", f"changed {changed.id}", style="green")


def remove(settings: Settings, which: str, *, circle_name: str) -> None:
    """Remove a service with its settings and the contacts at it."""

    async def work(database: Database) -> None:
        viewer = await _operator(database, circle_name)
        found = await _service(database, viewer, which)
        await service.remove_service(database, viewer=viewer, service_id=found.id, clock=SystemClock())

    with database_at_hand(settings) as url:
        with_database(url, work)
    say("通道已移除", "removed", style="green")


def queue_tests(settings: Settings, *, circle_name: str) -> None:
    """Queue a test by each service; a running server sends it."""

    async def work(database: Database) -> int:
        viewer = await _operator(database, circle_name)
        return await self_test_now(database, viewer=viewer, clock=SystemClock())

    with database_at_hand(settings) as url:
        queued = with_database(url, work)
    say(
        f"已排队 {queued} 条测试；稍后用 channel list 查看结果",
        f"queued {queued} tests; see `channel list` soon",
    )


async def _operator(database: Database, circle_name: str) -> Viewer:
    circle = await circle_named(database, circle_name)
    return operator(CircleId(circle.id))


async def _service(database: Database, viewer: Viewer, which: str) -> ChannelService:
    for each in await service.list_services(database, viewer=viewer):
        if which == each.name or _is(which, each.id):
            return each
    raise NotFoundError


def _is(text: str, service_id: UUID) -> bool:
    return text.lower() == str(service_id)


def _settings(given: list[str]) -> dict[str, str | None]:
    """Read NAME=VALUE; NAME= removes a setting, NAME=@FILE reads it: secrets stay out of the history."""
    found: dict[str, str | None] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            message = f"a setting is written NAME=VALUE, not {name[:40]!r}"
            raise InvalidValueError(message, field="settings")
        found[name.strip()] = _from_file(value[1:]) if value.startswith("@") else value or None
    return found


def _from_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"the file cannot be read: {path}"
        raise InvalidValueError(message, field="settings") from error
