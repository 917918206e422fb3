"""Take roads, buildings and facilities from OpenStreetMap into a circle."""

from collections.abc import Mapping
from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from geo.osm import OsmRoads, read_roads
from geo.osm_features import OsmFeatures, read_features_osm
from responder.cli.console import OUT, CommandError, StepBar, progress_bars, say
from responder.cli.place import database_at_hand, with_database
from responder.domain.circle import Circle
from responder.services.import_osm_features import OsmImport, import_osm_features
from responder.services.import_roads import import_roads
from responder.services.make_circle import find_circle, make_bare_circle
from responder.services.ports import Database
from responder.services.ports.clock import SystemClock
from responder.settings import Settings

BBox = tuple[float, float, float, float]


def load_osm(settings: Settings, file: Path, *, circle_name: str, bbox: str | None) -> None:
    """Read the whole file first, so that a damaged one leaves nothing behind; then write."""
    area = _bbox(bbox)
    with progress_bars() as bars:
        roads = read_roads(file, bbox=area, progress=StepBar(bars, "道路 roads"))
        features = read_features_osm(file, bbox=area, progress=StepBar(bars, "要素 features"))

    with database_at_hand(settings) as url, progress_bars() as bars:
        circle, made, taken = with_database(
            url,
            lambda database: _write(database, bars, circle_name=circle_name, roads=roads, features=features),
        )
    if made:
        say(f"已新建响应圈“{circle.name}”", f"made the circle {circle.name!r}")
    _show(roads, taken)


async def _write(
    database: Database, bars: Progress, *, circle_name: str, roads: OsmRoads, features: OsmFeatures
) -> tuple[Circle, bool, OsmImport]:
    task = bars.add_task("写入数据库 writing", total=None)
    circle = await find_circle(database, name=circle_name)
    made = circle is None
    if circle is None:
        west, south, east, north = roads.network.bounds
        centre = ((west + east) / 2, (south + north) / 2)
        circle = await make_bare_circle(database, name=circle_name, name_en="", centre=centre)
    await import_roads(database, circle_id=circle.id, read=roads)
    taken = await import_osm_features(database, circle_id=circle.id, features=features, clock=SystemClock())
    bars.remove_task(task)
    return circle, made, taken


def _bbox(text: str | None) -> BBox | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004 - the bounds of the earth
        raise CommandError(
            zh=f"范围应写作 西,南,东,北（度），而不是“{text}”。",
            en=f"A bbox is WEST,SOUTH,EAST,NORTH in degrees, not {text!r}.",
        )
    return west, south, east, north


def _show(roads: OsmRoads, taken: OsmImport) -> None:
    summary = roads.summary
    table = Table("", "数量 Number", title="导入结果 What came of it")
    table.add_row("道路（条）ways taken", f"{summary.ways_taken:,}")
    table.add_row("道路长度 length", f"{summary.length_km:,.1f} km")
    table.add_row("节点 · 边 nodes · edges", f"{roads.network.n_nodes:,} · {roads.network.n_edges:,}")
    for kind, count in sorted(taken.taken.items()):
        table.add_row(kind, f"{count:,}")
    OUT.print(table)
    left_out = {
        **{f"道路 way: {reason}": count for reason, count in summary.ways_skipped.items()},
        **{f"要素 feature: {reason}": count for reason, count in taken.skipped.items()},
    }
    if summary.missing_references:
        left_out["缺失节点 points missing from the file"] = summary.missing_references
    _show_left_out(left_out)
    share = summary.untagged_share
    if share > 0:
        say(
            f"道路长度的 {share:.0%} 缺少等级或宽度标签，速度与宽度采用默认值",
            f"{share:.0%} of the length has no class or width, so that speeds and widths are defaults",
            style="yellow",
        )


def _show_left_out(left_out: Mapping[str, int]) -> None:
    if not left_out:
        return
    table = Table("未导入 Left out, why", "数量 Number")
    for reason, count in sorted(left_out.items(), key=lambda one: -one[1]):
        table.add_row(reason, f"{count:,}")
    OUT.print(table)
