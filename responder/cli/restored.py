"""What is to be done once a backup has been restored."""

from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.circles.begin_epochs import begin_epochs
from responder.settings import Settings
from responder.store.migrate import upgrade
from responder.terminal.console import CommandError, say
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.earlier_roads import tell_earlier_roads


def note_restored(settings: Settings) -> None:
    """Migrate the schema and make every client load a snapshot."""

    async def work(database: Database) -> int:
        return await begin_epochs(database, clock=SystemClock())

    with database_at_hand(settings) as url:
        upgrade(url)
        circles = with_database(url, work)
        tell_earlier_roads(url)
    if not circles:
        raise CommandError(
            zh="数据库中没有响应圈。请先恢复备份，再执行本命令。",
            en="There is no circle in this database. Restore the backup first, then run this.",
        )
    say(
        f"{circles} 个响应圈已开始新的记录：各客户端将重新获取全部内容",
        f"{circles} new epochs: every client loads a snapshot",
    )
