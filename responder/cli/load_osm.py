"""Take roads, buildings and facilities from OpenStreetMap into a circle."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from geo.osm.features import read_features_osm
from geo.osm.roads import OsmRoads, read_roads
from responder.domain.map.feature_import import ImportSource, default_source
from responder.services.imports.osm import import_osm
from responder.services.imports.osm_features import OsmImport
from responder.settings import Settings
from responder.terminal.console import OUT, CommandError, StepBar, progress_bars, say
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.listing import listing

BBox = tuple[float, float, float, float]
KINDS: Final = {
    "building": "楼栋",
    "hospital": "医院",
    "police": "派出所",
    "fire_station": "消防站",
    "hydrant": "消火栓",
    "extinguisher": "灭火器",
    "aed": "自动体外除颤器",
    "hose_box": "消防水带箱",
    "assembly_point": "集合点",
    "gate": "出入口大门",
    "first_aid": "急救箱",
    "key": "应急钥匙",
}
REASONS: Final = {
    "construction": "在建",
    "proposed": "规划中",
    "corridor": "楼内走廊",
    "platform": "站台",
    "elevator": "电梯",
    "raceway": "赛道",
    "services": "服务区",
    "bus_stop": "公交站",
    "no highway": "不是道路",
    "closed to all traffic": "禁止一切通行",
    "incomplete": "不完整",
    "building_as_point": "楼栋只有一个点",
    "outside_area": "在范围之外",
    "too_many_vertices": "顶点过多",
    "geometry_too_large": "几何过大",
    "already_there": "已经导入过",
    "out_of_use": "已停用或已拆除",
    "no_access": "不对外开放",
    "no_emergency_service": "不提供应急服务",
}


def load_osm(settings: Settings, file: Path, *, circle_name: str, bbox: str | None) -> None:
    """Read the whole file before writing, so that a damaged file changes nothing."""
    area = _bbox(bbox)
    source = ImportSource(name=default_source(file.name), file_name=file.name[-200:])
    with progress_bars() as bars:
        roads = read_roads(file, bbox=area, progress=StepBar(bars, "道路 roads"))
        features = read_features_osm(file, bbox=area, progress=StepBar(bars, "要素 features"))

    with database_at_hand(settings) as url, progress_bars() as bars:
        bars.add_task("写入数据库 writing", total=None)
        done = with_database(
            url,
            lambda database: import_osm(
                database, circle_name=circle_name, roads=roads, features=features, source=source
            ),
        )
    if done.made:
        say(f"已新建响应圈“{done.circle.name}”", f"created circle {done.circle.name!r}")
    _show(roads, done.features)
    say(f"导入编号：{done.features.import_id}", f"import: {done.features.import_id}")


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
    table = listing("", "数量 Number", title="导入结果 Result")
    table.add_row("道路（条）ways imported", f"{summary.ways_taken:,}")
    table.add_row("道路长度 length", f"{summary.length_km:,.1f} km")
    table.add_row("节点 · 边 nodes · edges", f"{roads.network.n_nodes:,} · {roads.network.n_edges:,}")
    for kind, count in sorted(taken.taken.items()):
        table.add_row(f"{KINDS.get(kind, '')} {kind}".strip(), f"{count:,}")
    OUT.print(table)
    left_out = {
        **{f"道路 way：{_reason(reason)}": count for reason, count in summary.ways_skipped.items()},
        **{f"要素 feature：{_reason(reason)}": count for reason, count in taken.skipped.items()},
    }
    left_out |= {
        f"只在某些时间有效的规定 rule for certain times：{key}": n for key, n in summary.conditional.items()
    }
    left_out |= {f"无法识别 not understood：{tag}": n for tag, n in summary.not_understood.items()}
    if summary.missing_references:
        left_out["缺失节点 points missing from the file"] = summary.missing_references
    _show_left_out(left_out)
    written, of_class, unknown = (
        _percent(share)
        for share in (summary.written_width_share, summary.class_width_share, summary.unknown_width_share)
    )
    say(
        f"按道路长度：{written} 写明宽度，{of_class} 按道路等级取宽度，{unknown} 宽度未知",
        f"by road length: {written} have a tagged width, {of_class} the width of their class,"
        f" {unknown} no known width",
        style="yellow" if summary.unknown_width_share > 0 else "",
    )


def _percent(share: float) -> str:
    """Format a share; a small one is neither 0 % nor 100 %."""
    return f"{share:.1%}" if 0 < share < 0.01 or 0.99 < share < 1 else f"{share:.0%}"  # noqa: PLR2004 - whole percents


def _reason(reason: str) -> str:
    return f"{REASONS[reason]} {reason}" if reason in REASONS else reason


def _show_left_out(left_out: Mapping[str, int]) -> None:
    if not left_out:
        return
    table = listing("未导入 Skipped, reason", "数量 Number")
    for reason, count in sorted(left_out.items(), key=lambda one: -one[1]):
        table.add_row(reason, f"{count:,}")
    OUT.print(table)
