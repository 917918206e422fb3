"""Show on the command line which roads matter most."""

from collections.abc import Iterable, Mapping
from typing import Final

from responder.cli.alert import circle_named
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.people.access import operator
from responder.domain.people.partner import PartnerKind
from responder.domain.reach.criticality import Counted, Criticality, Loss, Shut
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.map.queries import list_layer
from responder.services.reach.criticality import compute_criticality
from responder.settings import Settings
from responder.store.road_cache import StoredRoads
from responder.terminal.console import OUT, CommandError, StepBar, progress_bars, say
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.listing import listing

MOST_SHOWN = 20
KINDS: Final[Mapping[PartnerKind, str]] = {
    PartnerKind.COMMUNITY: "社区",
    PartnerKind.PROPERTY: "物业",
    PartnerKind.HOSPITAL: "医院",
    PartnerKind.POLICE: "派出所",
    PartnerKind.MINI_FIRE_STATION: "微型消防站",
    PartnerKind.FIRE_SERVICE: "消防救援",
    PartnerKind.VOLUNTEERS: "志愿者",
}
THINGS: Final[Mapping[Shut, str]] = {
    Shut.HAZARD: "隐患 hazard",
    Shut.CLOSURE: "通行限制 closure",
}


def show_roads(settings: Settings, *, circle_name: str, building: str | None, everybody: bool) -> None:
    """Compute with a progress bar; list roads, hazards and closures by the cost of closing them."""

    async def work(database: Database) -> Criticality:
        circle = await circle_named(database, circle_name)
        chosen = None if building is None else await _building(database, circle, building)
        return await compute_criticality(
            database,
            StoredRoads(database),
            viewer=operator(circle.id),
            building_id=None if chosen is None else chosen.id,
            pedestrians_pass=not everybody,
            clock=SystemClock(),
            progress=bar,
        )

    with database_at_hand(settings) as url, progress_bars() as bars:
        bar = StepBar(bars, "逐段封闭试算 closing each road in turn")
        found = with_database(url, work)
    _show(found)


async def _building(database: Database, circle: Circle, name: str) -> Building:
    buildings = await list_layer(database, viewer=operator(circle.id), kind=Building)
    found = [each for each in buildings if name in {each.name, each.name_en}]
    if len(found) != 1:
        raise CommandError(
            zh=f"“{name}”对应 {len(found)} 栋楼，应恰为一栋。",
            en=f"{len(found)} buildings are named {name!r}; it must be one.",
        )
    return found[0]


def _show(found: Criticality) -> None:
    zh, en = ("户", "households") if found.counted is Counted.HOUSEHOLDS else ("栋楼", "buildings")
    stopped_zh, stopped_en = (
        ("只挡车辆", "vehicles") if found.pedestrians_pass else ("车辆和行人都挡", "vehicles and pedestrians")
    )
    say(f"计入 {found.households} {zh}；{stopped_zh}", f"{found.households} {en}; {stopped_en} stopped")
    if found.excluded:
        say(
            f"另有 {found.excluded} 栋楼未计入，数量太多",
            f"{found.excluded} buildings were not counted, there are too many",
            style="yellow",
        )
    if not found.roads:
        say(
            "封闭任何一段路都不会使谁来不及",
            "closing any single road puts no household out of reach",
            style="green",
        )
        return
    roads = listing(
        "",
        "路段 Road",
        zh,
        "来不及的单位 Partners too late",
        title="最要紧的路段 Most critical roads",
        lines=True,
    )
    for rank, road in enumerate(found.roads[:MOST_SHOWN], 1):
        name = road.name or "无名巷道 unnamed"
        where = f"{name}\n{road.length_m:.0f} m"
        roads.add_row(str(rank), where, str(road.households), _too_late(road.losses))
    OUT.print(roads)
    if not found.features:
        return
    things = listing("", "隐患与限制", zh, "来不及的单位 Partners too late", lines=True)
    for thing in found.features:
        things.add_row(THINGS[thing.type], thing.name, str(thing.households), _too_late(thing.losses))
    OUT.print(things)


def _too_late(losses: Iterable[Loss]) -> str:
    """Return a line for each limit, the widest first."""
    by_limit: dict[float, list[str]] = {}
    for loss in losses:
        by_limit.setdefault(loss.limit_s, []).append(f"{KINDS[loss.kind]} {loss.households}")
    return "\n".join(
        f"超出 {limit_s / 60:g} 分钟 out of {limit_s / 60:g} min：{'、'.join(kinds)}"
        for limit_s, kinds in sorted(by_limit.items(), reverse=True)
    )
