"""One command to a running circle: database, tables, demo, and two processes under one supervisor."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from tempfile import TemporaryFile

from responder.demo.demo_circle import (
    demo_accounts,
    demo_password_that_fits,
    refuse_open_demo,
    require_demo_password,
)
from responder.demo.services.where import demo_services_hosts, demo_services_url
from responder.embedded import Cluster
from responder.runtime.database_keeper import DatabaseKeeper
from responder.runtime.demo_services_port import demo_services_port
from responder.runtime.listening import listening_sockets
from responder.runtime.open_files import allow_all_files
from responder.runtime.supervised import SOCKETS, TURN
from responder.runtime.supervisor import Child, Supervisor
from responder.settings import Settings
from responder.store.install_state import circles_on_earlier_roads, read_install_state
from responder.terminal.console import OUT, say, working
from responder.terminal.database_url import PASSWORD_FILE, database_at_hand
from responder.terminal.earlier_roads import tell_names
from responder.terminal.logs import log_as

_log = logging.getLogger(__name__)

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared with, never bound to


def run_up(settings: Settings, *, demo: bool, demo_alert: bool, once: bool) -> int:
    """Start everything and keep it running; return the exit code."""
    log_as("up")
    if demo:
        refuse_open_demo(settings)
    allow_all_files()
    with ExitStack() as kept:
        for each in listening_sockets(settings.gateway_host, settings.live_port):
            # Only to say in words now that the port is taken.
            each.close()
        # Ours and not the processes': clients that come while one is started again wait and are served.
        listening = [kept.enter_context(each) for each in listening_sockets(settings.host, settings.port)]
        turn = kept.enter_context(TemporaryFile())
        inherits = {SOCKETS: [each.fileno() for each in listening], TURN: [turn.fileno()]}
        url = kept.enter_context(database_at_hand(settings))
        demo_port = demo_services_port(settings) if _prepare(settings, url, demo=demo) else None
        supervisor = _supervisor(settings, url, inherits=inherits, demo_port=demo_port)
        return asyncio.run(
            _run(settings, url, supervisor, demo_port=demo_port, demo_alert=demo_alert, once=once)
        )


def _supervisor(
    settings: Settings, url: str, *, inherits: Mapping[str, Sequence[int]], demo_port: int | None
) -> Supervisor:
    serve = Child(
        command="serve", ready_url=f"{_local(settings.host, settings.port)}/readyz", inherits=inherits
    )
    live_url = f"{_local(settings.gateway_host, settings.live_port)}/readyz"
    children = [serve, Child(command="live", ready_url=live_url), replace(serve, is_spare=True)]
    outgoing = settings.outgoing_hosts
    stand_ins = {}
    if demo_port is not None:
        ready_url = demo_services_url(demo_port)
        children.append(Child(command="demo-services", ready_url=ready_url, is_optional=True))
        outgoing = (*outgoing, *demo_services_hosts(demo_port))
        stand_ins = {"RESPONDER_DEMO_SERVICES_PORT": str(demo_port)}
    return Supervisor(
        children=children,
        environment={
            "RESPONDER_DATABASE_URL": url,
            "RESPONDER_DATA_DIR": str(settings.data_dir),
            "RESPONDER_HOST": settings.host,
            "RESPONDER_PORT": str(settings.port),
            "RESPONDER_LIVE_HOST": settings.gateway_host,
            "RESPONDER_LIVE_PORT": str(settings.live_port),
            "RESPONDER_FORCE_DEMO": str(settings.force_demo),
            "RESPONDER_OUTGOING_HOSTS": ",".join(outgoing),
            **stand_ins,
        },
        tell=_log.warning,
    )


@asynccontextmanager
async def _database_kept(settings: Settings) -> AsyncIterator[None]:
    """Have the database started again when it falls, if it is ours."""
    if settings.database_url is not None:
        yield
        return
    keeping = asyncio.create_task(DatabaseKeeper(Cluster(settings.data_dir), tell=_log.warning).run())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


def _prepare(settings: Settings, url: str, *, demo: bool) -> bool:
    """
    Make the tables and the demo circle if it is wanted, and tell whether it is there.

    When everything is there, which is usual, nothing is loaded for it.
    """
    # ruff: noqa: PLC0415 - see above: SQLAlchemy, Alembic and SciPy, seconds of a start
    found = read_install_state(url, circle_name=demo_accounts().circle_name)
    if not found.current:
        with working("更新数据库结构", "migrating the database"):
            from responder.store.migrate import upgrade

            upgrade(url)
    if found.has_circle:
        refuse_open_demo(settings)
    elif demo:
        with working("准备示例响应圈", "preparing the demo circle"):
            from responder.demo.demo_circle import ensure_demo

            ensure_demo(url, settings.data_dir)
    return demo or found.has_circle


async def _run(
    settings: Settings,
    url: str,
    supervisor: Supervisor,
    *,
    demo_port: int | None,
    demo_alert: bool,
    once: bool,
) -> int:
    async with _database_kept(settings):
        return await _run_processes(
            settings, url, supervisor, demo_port=demo_port, demo_alert=demo_alert, once=once
        )


async def _run_processes(
    settings: Settings,
    url: str,
    supervisor: Supervisor,
    *,
    demo_port: int | None,
    demo_alert: bool,
    once: bool,
) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    starting = asyncio.create_task(supervisor.start())
    # While the processes start.
    fitting = asyncio.to_thread(demo_password_that_fits, url, settings.data_dir)
    password = await fitting if demo_port is not None else None
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        return 0
    await starting
    try:
        _introduce(settings, demo_port=demo_port, password=password)
        tell_names(await asyncio.to_thread(circles_on_earlier_roads, url))
        code = 0
        if demo_alert:
            password = require_demo_password(password, settings.data_dir)
            code = await _demo_alert(settings, stop, password=password, watched=not once)
        if not once:
            say("按 Ctrl-C 停止", "Ctrl-C to stop")
            await waiting
        return code
    finally:
        waiting.cancel()
        await supervisor.stop()


async def _demo_alert(settings: Settings, stop: asyncio.Event, *, password: str, watched: bool) -> int:
    from responder.demo.demo_alert import run_demo_alert

    acting = asyncio.create_task(
        run_demo_alert(
            _local(settings.host, settings.port),
            password=password,
            gateway_url=_local(settings.gateway_host, settings.live_port) if watched else None,
        )
    )
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({acting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if acting.done():
        return 0 if await acting else 1
    acting.cancel()
    with suppress(asyncio.CancelledError):
        await acting
    return 1


def _introduce(settings: Settings, *, demo_port: int | None, password: str | None) -> None:
    OUT.rule("15分钟应急响应圈 · 15-minute emergency response circle")
    say(f"页面：{settings.page_url}", "open this in a browser", style="bold")
    if settings.host in _ANY_ADDRESS and not settings.public_origins:
        say(
            "其他设备访问前，请设置 RESPONDER_PUBLIC_ORIGINS=http://本机地址:端口",
            "for other devices, name the address they use in RESPONDER_PUBLIC_ORIGINS",
            style="yellow",
        )
    if demo_port is not None:
        if password is not None:
            say(f"示例账号密码：{password}", "password of all demo accounts of this installation")
        else:
            say(
                f"示例账号的密码不在 {settings.data_dir} 中："
                f"请从创建示例响应圈的数据目录复制 {PASSWORD_FILE}",
                f"the demo accounts' password is not in this data folder: copy {PASSWORD_FILE} from the one"
                " in which the demo circle was made",
                style="yellow",
            )
        OUT.print("  " + "  ".join(demo_accounts().usernames), style="cyan", soft_wrap=True, markup=False)
        say(
            f"示例通知（不发给任何人）：{demo_services_url(demo_port)}",
            "what the demo circle sends by its channels, to nobody",
        )
    else:
        say(
            "新建第一个管理员：responder admin create 用户名",
            "create the first administrator with this command",
        )
    say("本系统不能代替 119 / 120 / 110", "this never replaces the emergency services")


def _local(host: str, port: int) -> str:
    """Address by which this machine reaches its own server."""
    near = _ANY_ADDRESS.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"
