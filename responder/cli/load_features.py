"""Take buildings, hazards, facilities or units from a file into a circle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape

from geo.errors import LayerNeededError
from geo.formats.crs_prompt import AmbiguousAxisOrderError, AxisOrder, CrsNeededError
from geo.formats.read import read_features
from geo.lonlat import LonLat
from responder.cli.alert import circle_named
from responder.cli.import_words import words
from responder.domain.map.feature_import import ImportMapping, ImportSource, Noun, default_source
from responder.domain.people.access import operator
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.imports.features import ImportSummary, NamedRow, import_features
from responder.settings import Settings
from responder.store.road_cache import StoredRoads
from responder.terminal.console import OUT, CommandError, say, working
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.listing import listing

MOST_NAMED = 200
_ORDERS: Mapping[str | None, AxisOrder | None] = {None: None, "xy": "xy", "yx": "yx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Answers to what a file leaves open."""

    crs: str | None = None
    axis_order: str | None = None
    layer: str | None = None
    far: bool = False
    source: str | None = None
    mapping: ImportMapping | None = None
    preview: bool = False


def load_features(
    settings: Settings, kind: str, file: Path, *, circle_name: str, answers: ImportOptions
) -> None:
    """Import the rows of a file, or ask what the file leaves open."""
    noun = noun_named(kind)
    if answers.axis_order not in _ORDERS:
        raise CommandError(
            zh=f"坐标顺序应为 xy 或 yx，而不是“{answers.axis_order}”。",
            en=f"The axis order is xy or yx, not {answers.axis_order!r}.",
        )
    axis_order = _ORDERS[answers.axis_order]
    source = ImportSource(
        name=answers.source or default_source(file.name),
        is_declared=answers.source is not None,
        file_name=file.name[-200:],
    )

    async def work(database: Database) -> ImportSummary:
        circle = await circle_named(database, circle_name)
        table = read_features(
            file,
            crs=answers.crs,
            axis_order=axis_order,
            layer=answers.layer,
            usual_layer=noun.value,
            near=LonLat(*circle.centre),
            allow_far=answers.far,
        )
        return await import_features(
            database,
            StoredRoads(database),
            viewer=operator(circle.id),
            noun=noun,
            table=table,
            clock=SystemClock(),
            source=source,
            mapping=answers.mapping,
            preview=answers.preview,
        )

    with database_at_hand(settings) as url:
        try:
            with working("导入要素", "importing features"):
                summary = with_database(url, work)
        except (CrsNeededError, AmbiguousAxisOrderError) as error:
            _ask(error)
            raise
        except LayerNeededError as error:
            layers = "、".join(error.layers)
            raise CommandError(
                zh=f"文件有这些图层，请以 --layer 指明一个：{layers}。",
                en=f"Name one layer of the file by --layer; it has: {', '.join(error.layers)}.",
            ) from error
    _print_summary(summary)


def _print_summary(summary: ImportSummary) -> None:
    say(
        f"新增 {summary.created} 条，更新 {summary.updated} 条，未变 {summary.unchanged} 条，"
        f"未导入 {len(summary.skipped)} 条，存疑 {len(summary.doubtful)} 条",
        f"{summary.created} created, {summary.updated} updated, {summary.unchanged} unchanged, "
        f"{len(summary.skipped)} skipped, {len(summary.doubtful)} doubtful",
        style="green" if summary.understood else "",
    )
    for note in summary.notes:
        zh, en = words(note.code)
        say(f"注意：{zh}" + f"（{escape(note.detail)}）" * bool(note.detail), en, style="yellow")
    if summary.source:
        say(
            f"来源：{escape(summary.source)}（编号只在同一来源内唯一；可用 --source 指定）",
            f"source: {escape(summary.source)} (ids are unique within a source; set it with --source)",
        )
    if summary.import_id is None:
        say("仅预览，没有写入", "preview only: nothing was written")
    else:
        say(f"导入编号：{summary.import_id}", f"import: {summary.import_id}")
    if summary.skipped:
        _name(summary.skipped, "未导入原因 Why it was skipped")
    if summary.doubtful:
        _name(summary.doubtful, "已导入，但存疑 Imported, but doubtful")
    if not summary.understood:
        raise CommandError(zh="没有可以导入的行。", en="No row could be imported.")


def _name(rows: Sequence[NamedRow], reason: str) -> None:
    table = listing("行 Row", reason, "代码 Code")
    for one in rows[:MOST_NAMED]:
        zh, en = words(one.code)
        detail = escape(f"\n{one.detail}") if one.detail else ""
        table.add_row(str(one.row), f"{zh}\n{en}{detail}", one.code)
    OUT.print(table)
    if len(rows) > MOST_NAMED:
        more = len(rows) - MOST_NAMED
        say(f"另有 {more} 行", f"{more} more rows")


def noun_named(kind: str) -> Noun:
    """Return the noun, or raise with the nouns that exist."""
    try:
        return Noun(kind)
    except ValueError:
        raise CommandError(
            zh=f"要素类型应为 {'、'.join(Noun)}，而不是“{kind}”。",
            en=f"A kind is one of {', '.join(Noun)}, not {kind!r}.",
        ) from None


def _ask(question: CrsNeededError | AmbiguousAxisOrderError) -> None:
    if isinstance(question, AmbiguousAxisOrderError):
        say(
            "坐标顺序可能相反：数据的中心若在下列位置，请以 --axis-order 指明",
            "latitude or northing first? Centre of the data by axis order; choose with --axis-order",
        )
    else:
        say(
            "坐标系未知：数据的中心若在下列位置，请以 --crs 指明",
            "unknown coordinate system: centre of the data by CRS; choose with --crs",
        )
    table = listing("--crs", "--axis-order", "", "经度 lon", "纬度 lat")
    for candidate in question.candidates:
        lon, lat = candidate.centre
        table.add_row(candidate.name, candidate.axis_order, candidate.label, f"{lon:.5f}", f"{lat:.5f}")
    OUT.print(table)
