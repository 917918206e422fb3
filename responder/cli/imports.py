"""List on the command line what was imported, and remove it again."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from rich.markup import escape

from responder.cli.alert import circle_named
from responder.cli.import_words import words
from responder.cli.load_features import noun_named
from responder.domain.ids import ImportId
from responder.domain.map.feature_import import FeatureImport, ImportMapping, Noun
from responder.domain.people.access import Viewer, operator
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.imports.remove_features import (
    Removal,
    list_imports,
    list_mappings,
    remove_features,
    remove_import,
)
from responder.settings import Settings
from responder.terminal.console import OUT, say
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.listing import listing

Listed = tuple[tuple[FeatureImport, ...], tuple[tuple[Noun, str, ImportMapping], ...]]


def show(settings: Settings, *, circle_name: str) -> None:
    """List the imports of a circle, the latest first, and how its sources are read."""

    async def work(database: Database) -> Listed:
        viewer = operator((await circle_named(database, circle_name)).id)
        return await list_imports(database, viewer=viewer), await list_mappings(database, viewer=viewer)

    with database_at_hand(settings) as url:
        imports, mappings = with_database(url, work)
    table = listing(
        "编号 ID",
        "时间 At",
        "内容 What",
        "来源 Source",
        "文件 File",
        "导入者 By",
        "新增/更新/未变/未导入/存疑",
    )
    for each in imports:
        counts = each.counts
        told = (
            f"{counts.created}/{counts.updated}/{counts.unchanged}/{counts.skipped}/{counts.doubtful}"
            + "（已移除 removed）" * (each.removed_at is not None)
        )
        at = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
        texts = map(escape, (each.source.name, each.source.file_name, each.by_name))
        table.add_row(str(each.id), at, each.noun, *texts, told)
    OUT.print(table)
    for noun, source, mapping in mappings:
        identity = mapping.identity or "—"
        say(
            f"来源 {escape(source)}（{noun.value}）：编号列 {escape(identity)}，已记住字段对应",
            f"source {escape(source)} ({noun.value}): id column {escape(identity)}, mapping stored",
        )


def remove(settings: Settings, number: UUID, *, circle_name: str, edited: bool, preview: bool) -> None:
    """Remove what an import added, and list what has to stay."""

    async def work(database: Database, viewer: Viewer) -> Removal:
        return await remove_import(
            database,
            viewer=viewer,
            import_id=ImportId(number),
            clock=SystemClock(),
            edited=edited,
            preview=preview,
        )

    _print_removal(_done(settings, work, circle_name=circle_name), preview=preview)


def remove_selected(
    settings: Settings, kind: str, ids: Sequence[UUID], *, circle_name: str, preview: bool
) -> None:
    """Remove features by their ids, and list what has to stay."""
    noun = noun_named(kind)

    async def work(database: Database, viewer: Viewer) -> Removal:
        return await remove_features(
            database, viewer=viewer, noun=noun, ids=ids, clock=SystemClock(), preview=preview
        )

    _print_removal(_done(settings, work, circle_name=circle_name), preview=preview)


def _done(
    settings: Settings, work: Callable[[Database, Viewer], Awaitable[Removal]], *, circle_name: str
) -> Removal:
    async def in_circle(database: Database) -> Removal:
        circle = await circle_named(database, circle_name)
        return await work(database, operator(circle.id))

    with database_at_hand(settings) as url:
        return with_database(url, in_circle)


def _print_removal(removal: Removal, *, preview: bool) -> None:
    if preview:
        say(f"将移除 {removal.removed} 项", f"{removal.removed} would be removed")
    else:
        say(f"已移除 {removal.removed} 项", f"{removal.removed} removed", style="green")
    if removal.only_changed:
        say(
            f"另有 {removal.only_changed} 项是这次导入只更新过的，保持现状",
            f"{removal.only_changed} that the import only updated stay as they are",
        )
    if removal.roads_stay:
        say("道路保留，片区继续使用", "the roads stay in use by the circle")
    if removal.kept:
        table = listing("保留 Kept", "编号 ID", "原因 Why", "代码 Code")
        for each in removal.kept:
            zh, en = words(each.code)
            table.add_row(escape(each.name) or each.noun.value, str(each.id), f"{zh}\n{en}", each.code)
        OUT.print(table)
