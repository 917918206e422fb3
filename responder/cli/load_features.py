"""Take buildings, hazards, facilities or units from a file into a circle."""

from collections.abc import Sequence
from pathlib import Path

from geo.crs_question import CrsNeededError
from geo.place import LonLat
from geo.read import read_features
from responder.cli.alert import circle_named
from responder.cli.console import OUT, CommandError, say, working
from responder.cli.import_words import words
from responder.cli.listing import listing
from responder.cli.place import database_at_hand, with_database
from responder.domain.access import operator
from responder.services.import_features import ImportSummary, Noun, SkippedRow, import_features
from responder.services.ports import Database
from responder.services.ports.clock import SystemClock
from responder.settings import Settings

MOST_NAMED = 200


def load_features(settings: Settings, kind: str, file: Path, *, circle_name: str, crs: str | None) -> None:
    """Take the rows of a file, or ask which coordinate reference system it is in."""
    noun = _noun(kind)

    async def work(database: Database) -> ImportSummary:
        circle = await circle_named(database, circle_name)
        table = read_features(file, crs=crs, near=LonLat(*circle.centre))
        return await import_features(
            database, viewer=operator(circle.id), noun=noun, table=table, clock=SystemClock()
        )

    with database_at_hand(settings) as url:
        try:
            with working("导入要素", "taking the features"):
                summary = with_database(url, work)
        except CrsNeededError as error:
            _ask(error)
            raise
    say(
        f"新增 {summary.taken} 条，更新 {summary.updated} 条，未变 {summary.unchanged} 条，"
        f"未导入 {len(summary.skipped)} 条",
        f"{summary.taken} taken, {summary.updated} updated, {summary.unchanged} unchanged, "
        f"{len(summary.skipped)} left out",
        style="green" if summary.understood else "",
    )
    if summary.skipped:
        _name(summary.skipped)
    if not summary.understood:
        raise CommandError(zh="没有可以导入的行。", en="No row could be taken.")


def _name(skipped: Sequence[SkippedRow]) -> None:
    table = listing("行 Row", "未导入原因 Why it was left out", "代码 Code")
    for one in skipped[:MOST_NAMED]:
        zh, en = words(one.code)
        table.add_row(str(one.row), f"{zh}\n{en}", one.code)
    OUT.print(table)
    if len(skipped) > MOST_NAMED:
        more = len(skipped) - MOST_NAMED
        say(f"另有 {more} 行未导入", f"{more} more rows were left out")


def _noun(kind: str) -> Noun:
    try:
        return Noun(kind)
    except ValueError:
        raise CommandError(
            zh=f"要素类型应为 {'、'.join(Noun)}，而不是“{kind}”。",
            en=f"A kind is one of {', '.join(Noun)}, not {kind!r}.",
        ) from None


def _ask(question: CrsNeededError) -> None:
    say(
        "坐标系未知：数据的中心若在下列位置，请以 --crs 指明", "where the middle of the data would be, by CRS"
    )
    table = listing("--crs", "", "经度 lon", "纬度 lat")
    for candidate in question.candidates:
        lon, lat = candidate.centre
        table.add_row(candidate.name, candidate.label, f"{lon:.5f}", f"{lat:.5f}")
    OUT.print(table)
