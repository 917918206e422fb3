"""The commands and their help. A command's code is imported when it is called, so that others start fast."""

# ruff: noqa: PLC0415 - see above: geopandas and SciPy alone take longer than most commands

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from responder.cli.account_commands import admin_app, audit_app, invite, privacy_app
from responder.cli.channel_commands import channel_app
from responder.domain.incidents.incident import Severity
from responder.domain.map.feature_import import Noun
from responder.terminal.console import OUT, explained, say
from responder.terminal.gc_freeze import loading

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="15分钟应急响应圈 · 15-minute emergency response circle",
)
import_app = typer.Typer(no_args_is_help=True, help="导入道路与要素 · import roads and features")
alert_app = typer.Typer(no_args_is_help=True, help="警报 · alerts")
profiles_app = typer.Typer(
    no_args_is_help=True, help="通行参数 · mobility profiles: speeds, sizes and delays"
)
cap_app = typer.Typer(no_args_is_help=True, help="CAP 1.2 通用警报协议 · Common Alerting Protocol")
db_app = typer.Typer(no_args_is_help=True, help="私有数据库 · the private database")
app.add_typer(import_app, name="import")
app.add_typer(alert_app, name="alert")
app.add_typer(profiles_app, name="profiles")
app.add_typer(cap_app, name="cap")
app.add_typer(channel_app, name="channel")
app.add_typer(db_app, name="db")
app.add_typer(admin_app, name="admin")
app.add_typer(audit_app, name="audit")
app.add_typer(privacy_app, name="privacy")
app.command("invite")(invite)

CircleName = Annotated[str, typer.Option("--circle", help="响应圈名称 · name of the circle")]


@app.command()
def up(
    *,
    demo_alert: Annotated[
        bool,
        typer.Option(
            "--demo-alert",
            help="有人登录后发起演练警报 · raise an exercise once an observer has signed in",
        ),
    ] = False,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="示例响应圈 · load the demo circle")] = True,
    force_demo: Annotated[bool, typer.Option("--force-demo", help="RESPONDER_FORCE_DEMO")] = False,
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="立即演练后停止 · run the exercise at once, then stop; exit 0 when all arrived"
        ),
    ] = False,
    host: Annotated[str | None, typer.Option(help="RESPONDER_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="RESPONDER_PORT")] = None,
    live_port: Annotated[int | None, typer.Option(help="RESPONDER_LIVE_PORT")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="RESPONDER_DATA_DIR")] = None,
) -> None:
    """启动全部服务 · Start everything: database, API, live gateway, demo circle."""
    from responder.runtime.up import run_up

    given = {"host": host, "port": port, "live_port": live_port, "data_dir": data_dir}
    with explained(**given, force_demo=force_demo or None) as settings:
        alert = demo and (demo_alert or once)
        raise typer.Exit(run_up(settings, demo=demo, demo_alert=alert, once=once))


@app.command()
def serve() -> None:
    """提供页面与接口 · Serve the page and the API."""
    with loading():
        from responder.runtime.serving import serve as run_serve

    with explained() as settings:
        run_serve(settings)


@app.command()
def live() -> None:
    """提供实时推送 · Serve the live gateway."""
    with loading():
        from responder.runtime.serving_live import live as run_live

    with explained() as settings:
        run_live(settings)


@app.command("demo-services", hidden=True)
def demo_services() -> None:
    """示例通知服务 · Take what the demo circle sends by its channels, and list it."""
    from responder.runtime.demo_services import run_demo_services

    with explained() as settings:
        run_demo_services(settings)


@app.command()
def migrate() -> None:
    """更新数据库结构 · Migrate the database schema."""
    from responder.store.migrate import spatial_indexes_serve, upgrade
    from responder.terminal.database_url import database_at_hand
    from responder.terminal.earlier_roads import tell_earlier_roads

    with explained() as settings, database_at_hand(settings) as url:
        upgrade(url)
        say("数据库结构已是最新", "the database schema is up to date")
        tell_earlier_roads(url)
        if not spatial_indexes_serve(url):
            say(
                "空间索引未启用：请数据库管理员执行 docker/database/responder.sql 的最后一条语句",
                "spatial indexes are not used: the database administrator has to run the last statement of"
                " docker/database/responder.sql",
            )


@import_app.command("osm")
def import_osm(
    file: Annotated[Path, typer.Argument(help=".osm.pbf / .osm")],
    circle: CircleName,
    bbox: Annotated[str | None, typer.Option(help="W,S,E,N")] = None,
) -> None:
    """导入 OpenStreetMap · Import roads, buildings and facilities; creates the circle if needed."""
    from responder.cli.load_osm import load_osm

    with explained() as settings:
        load_osm(settings, file, circle_name=circle, bbox=bbox)


@import_app.command("features")
def import_features(
    kind: Annotated[str, typer.Argument(help=" | ".join(Noun))],
    file: Annotated[Path, typer.Argument(help="GeoJSON / GeoPackage / zipped shapefile")],
    circle: CircleName,
    *,
    crs: Annotated[str | None, typer.Option(help="坐标系 · EPSG:4490, GCJ-02, BD-09 …")] = None,
    axis_order: Annotated[
        str | None,
        typer.Option(
            help="xy 经度或东坐标在前 · longitude or easting first; yx 纬度或北坐标在前 · the other way round"
        ),
    ] = None,
    layer: Annotated[str | None, typer.Option(help="图层名称 · layer of a file with several")] = None,
    far: Annotated[
        bool, typer.Option("--far", help="也导入远离片区的行 · also import rows far from the circle")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            help="来源名称，编号在其中唯一；默认取文件名 · source of the ids; by default the file's name"
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="字段对应，YAML 或 JSON · column mapping, YAML or JSON")
    ] = None,
    fixed: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE，所有行相同 · value for all rows")
    ] = None,
    column: Annotated[list[str] | None, typer.Option("--column", help="FIELD=COLUMN")] = None,
    value: Annotated[list[str] | None, typer.Option("--value", help="FIELD:FILE=MEANING")] = None,
    identity: Annotated[str | None, typer.Option(help="作为编号的列 · the column with the ids")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="只预览 · preview, write nothing")] = False,
) -> None:
    """导入要素文件 · Import buildings, hazards, facilities or units from a file."""
    from responder.cli.import_mapping import mapping_said
    from responder.cli.load_features import ImportOptions, load_features

    with explained() as settings:
        read = mapping_said(mapping, fixed=fixed, columns=column, values=value, identity=identity)
        answers = ImportOptions(
            crs=crs,
            axis_order=axis_order,
            layer=layer,
            far=far,
            source=source,
            mapping=read,
            preview=preview,
        )
        load_features(settings, kind, file, circle_name=circle, answers=answers)


@import_app.command("list")
def import_list(circle: CircleName) -> None:
    """查看导入记录 · List imports, latest first, and the column mappings of sources."""
    from responder.cli.imports import show

    with explained() as settings:
        show(settings, circle_name=circle)


@import_app.command("remove")
def import_remove(
    number: Annotated[UUID, typer.Argument(metavar="ID", help="导入编号 · as `import list` prints it")],
    circle: CircleName,
    *,
    edited: Annotated[
        bool, typer.Option("--edited", help="之后改动过的也移除 · also remove features edited since")
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="只预览 · preview, remove nothing")] = False,
) -> None:
    """撤销一次导入 · Remove what an import added; what it only updated stays."""
    from responder.cli.imports import remove

    with explained() as settings:
        remove(settings, number, circle_name=circle, edited=edited, preview=preview)


@app.command("remove")
def remove_features(
    kind: Annotated[str, typer.Argument(help=" | ".join(Noun))],
    ids: Annotated[list[UUID], typer.Argument(metavar="ID…")],
    circle: CircleName,
    *,
    preview: Annotated[bool, typer.Option("--preview", help="只预览 · preview, remove nothing")] = False,
) -> None:
    """移除要素 · Remove features from the map by their ids."""
    from responder.cli.imports import remove_selected

    with explained() as settings:
        remove_selected(settings, kind, ids, circle_name=circle, preview=preview)


@alert_app.command("raise")
def alert_raise(
    circle: CircleName,
    kind: Annotated[str, typer.Option(help="警情类型代码，如 fire · code of a kind, such as fire")],
    *,
    building: Annotated[str | None, typer.Option(help="楼栋名称 · name of a building")] = None,
    at: Annotated[str | None, typer.Option(help="LON,LAT")] = None,
    severity: Annotated[
        Severity | None,
        typer.Option(help="预警颜色，不填则按类型 · severity; by default by kind"),
    ] = None,
    exercise: Annotated[bool, typer.Option("--exercise", help="演练 · this is an exercise")] = False,
    note: Annotated[str, typer.Option(help="说明 · note")] = "",
    not_same_as: Annotated[
        list[UUID] | None,
        typer.Option(
            help="并非同一起的警情，可多次 · an incident nearby that is another one; may be repeated"
        ),
    ] = None,
) -> None:
    """发起警报 · Raise an alert."""
    from responder.cli.alert import Said, raise_from_command_line

    said = Said(
        kind=kind,
        severity=severity,
        building=building,
        at=at,
        exercise=exercise,
        note=note,
        not_same_as=tuple(not_same_as or ()),
    )
    with explained() as settings:
        raise_from_command_line(settings, said, circle_name=circle)


@app.command()
def criticality(
    circle: CircleName,
    *,
    building: Annotated[str | None, typer.Option(help="只看一栋楼 · for one building only")] = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="行人也不能通过 · pedestrians cannot pass either")
    ] = False,
) -> None:
    """最要紧的路段 · Rank roads by the households that are out of reach when the road is closed."""
    from responder.cli.criticality import show_roads

    with explained() as settings:
        show_roads(settings, circle_name=circle, building=building, everybody=everybody)


@profiles_app.command("show")
def profiles_show(circle: CircleName) -> None:
    """查看 · Print the mobility profiles with their sources, as a file to edit."""
    from responder.cli.profiles import show

    with explained() as settings:
        show(settings, circle_name=circle)


@profiles_app.command("set")
def profiles_set(
    file: Annotated[Path, typer.Argument(help="YAML, as `profiles show` prints it")], circle: CircleName
) -> None:
    """修改 · Set the circle's profiles from a file; open incidents are recomputed."""
    from responder.cli.profiles import change

    with explained() as settings:
        change(settings, file, circle_name=circle)


@profiles_app.command("reset")
def profiles_reset(circle: CircleName) -> None:
    """恢复默认 · Reset the circle's profiles to the defaults."""
    from responder.cli.profiles import change

    with explained() as settings:
        change(settings, None, circle_name=circle)


@cap_app.command("check")
def cap_check(
    file: Annotated[
        Path, typer.Argument(help="CAP 1.2 文件或含 CAP 的 feed，- 为标准输入 · file or feed; - is stdin")
    ],
) -> None:
    """核对 · Check a CAP file beyond its schema; exit 1 when a message has errors."""
    from responder.cli.cap import check_file
    from responder.ports.clock import SystemClock

    with explained():
        code = check_file(file, now=SystemClock().now())
    if code:
        raise typer.Exit(code)


@db_app.command("start")
def db_start() -> None:
    """启动 · Start the private database."""
    from responder.embedded import Cluster

    with explained() as settings:
        fresh = Cluster(settings.data_dir).start()
        say("数据库已启动" if fresh else "数据库本就在运行", "started" if fresh else "was running already")


@db_app.command("stop")
def db_stop() -> None:
    """停止 · Stop the private database; a running `responder up` does not restart it until `db start`."""
    from responder.embedded import Cluster

    with explained() as settings:
        ended = Cluster(settings.data_dir).park()
        say("数据库已停止" if ended else "数据库没有运行", "stopped" if ended else "was not running")


@db_app.command("status")
def db_status() -> None:
    """状态 · Show the state of the private database."""
    from responder.embedded import Cluster, ClusterState
    from responder.terminal.earlier_roads import tell_earlier_roads

    with explained() as settings:
        status = Cluster(settings.data_dir).status()
        for name in ("state", "data_dir", "home", "major", "pid", "url"):
            OUT.print(f"{name:9} {getattr(status, name)}", soft_wrap=True, markup=False)
        if status.state is ClusterState.RUNNING and status.url is not None:
            tell_earlier_roads(status.url)


@db_app.command("restored")
def db_restored() -> None:
    """恢复备份之后 · After a restore: migrate the schema and make every client load a snapshot."""
    from responder.cli.restored import note_restored

    with explained() as settings:
        note_restored(settings)


@db_app.command("psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def db_psql(context: typer.Context) -> None:
    """打开 psql · Open psql on the private database."""
    from responder.embedded import Cluster

    with explained() as settings:
        raise typer.Exit(Cluster(settings.data_dir).psql(context.args))


def main() -> None:
    """Run the command."""
    app()
