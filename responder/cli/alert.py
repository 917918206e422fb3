"""Raise an alert from the command line, as the operator of the machine."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from responder.domain.errors import SimilarIncidentError
from responder.domain.ids import IncidentId
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.response_circle import Member, NonMember
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.people.access import operator
from responder.ports import Database
from responder.ports.clock import SystemClock
from responder.services.circles.create import find_circle, list_circles
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.services.map.queries import list_layer
from responder.settings import Settings
from responder.store.road_cache import StoredRoads
from responder.terminal.console import OUT, CommandError, say
from responder.terminal.database_url import database_at_hand, with_database
from responder.terminal.listing import listing

REASONS = {
    "beyond_limit": ("超出时限", "beyond the limit"),
    "no_road_nearby": ("附近没有道路", "no road nearby"),
    "cut_off": ("没有可通行的路", "no passable road"),
    "off_duty": ("不在岗", "off duty"),
}
"""Why a unit does not come, in the words of the page."""
OFF_DUTY = "off_duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Options of the command line."""

    kind: str
    severity: Severity | None
    """None: the default of the kind."""
    building: str | None
    at: str | None
    exercise: bool
    note: str
    not_same_as: tuple[UUID, ...]


def raise_from_command_line(settings: Settings, said: Said, *, circle_name: str) -> None:
    """Raise the alert and show who was called."""
    lonlat = _lonlat(said.at)

    async def work(database: Database) -> IncidentDetail:
        circle = await circle_named(database, circle_name)
        viewer = operator(circle.id)
        building = await _building(database, circle, said.building) if said.building is not None else None
        new = NewIncident(
            kind=said.kind,
            severity=said.severity,
            exercise=said.exercise,
            note=said.note,
            building_id=building.id if building is not None else None,
            lon=lonlat[0] if lonlat else None,
            lat=lonlat[1] if lonlat else None,
            not_same_as=tuple(IncidentId(each) for each in said.not_same_as),
        )
        try:
            return await raise_alert(
                database,
                StoredRoads(database),
                viewer=viewer,
                new=new,
                idempotency_key=str(uuid4()),
                clock=SystemClock(),
            )
        except SimilarIncidentError as error:
            raise _how_to_go_on(error) from None

    with database_at_hand(settings) as url:
        _show(with_database(url, work))


async def circle_named(database: Database, name: str) -> Circle:
    """Return the circle of that name, or raise with the names that exist."""
    circle = await find_circle(database, name=name)
    if circle is None:
        there_are = [each.name for each in await list_circles(database)]
        raise CommandError(
            zh=f"没有名为“{name}”的响应圈。现有：{'、'.join(there_are) or '无'}",
            en=f"There is no circle named {name!r}; there are: {', '.join(there_are) or 'none'}",
        )
    return circle


async def _building(database: Database, circle: Circle, name: str) -> Building:
    buildings = await list_layer(database, viewer=operator(circle.id), kind=Building)
    found = [building for building in buildings if name in {building.name, building.name_en}]
    if len(found) != 1:
        raise CommandError(
            zh=f"“{name}”对应 {len(found)} 栋楼，应恰为一栋。",
            en=f"{len(found)} buildings are named {name!r}; it must be one.",
        )
    return found[0]


def _how_to_go_on(error: SimilarIncidentError) -> CommandError:
    """Name the incidents that may be the same, and what says that they are not."""
    candidates: Any = error.detail["candidates"]
    near = "\n".join(
        f"  --not-same-as {each['incident_id']}  {each['label']} {each['kind']} {each['distance_m']} m"
        for each in candidates
    )
    return CommandError(
        zh="附近刚有人报警，可能是同一件事，未再呼叫。若不是，请加上：",
        en=f"One was raised nearby and may be the same; nobody was called. If it is not, add:\n{near}",
    )


def _lonlat(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise CommandError(
            zh=f"坐标应写作 经度,纬度，而不是“{text}”。", en=f"A point is LON,LAT, not {text!r}."
        ) from None
    return lon, lat


def _show(detail: IncidentDetail) -> None:
    say(detail.alerts[0].headline, f"incident {detail.incident.id}", style="bold")
    table = listing("联动力量 Unit", "响应 Response", "为何 Why", lines=True)
    for member in detail.response_circle.members:
        table.add_row(
            f"{member.unit_name}\n{member.unit_name_en}",
            f"{member.response_s / 60:.1f} min",
            f"{member.why_zh}\n{member.why_en}",
        )
    OUT.print(table)
    _show_who_does_not_come(detail)
    _show_who_cannot_be_called(detail)
    called = len(detail.deliveries)
    if called:
        say(f"已呼叫 {called} 人", f"{called} people called", style="green")
    elif detail.response_circle.members:
        say("没有呼叫任何人", "no one was called", style="bold red")
    else:
        say(
            "没有力量能在时限内到达，没有呼叫任何人。请直接拨打 119、120、110。",
            "no unit can be there in time, no one was called; call 119, 120 or 110",
            style="bold red",
        )


def _show_who_does_not_come(detail: IncidentDetail) -> None:
    absent = detail.response_circle.non_members
    off_duty = [unit for unit in absent if unit.reason == OFF_DUTY]
    late = [unit for unit in absent if unit.reason != OFF_DUTY]
    if late:
        zh = "、".join(f"{unit.unit_name}（{REASONS[unit.reason][0]}）" for unit in late)
        en = ", ".join(f"{_name_en(unit)} ({REASONS[unit.reason][1]})" for unit in late)
        say(f"来不及到：{zh}", f"cannot be there in time: {en}", style="yellow")
    if off_duty:
        zh = "、".join(unit.unit_name for unit in off_duty)
        en = ", ".join(map(_name_en, off_duty))
        say(f"{REASONS[OFF_DUTY][0]}：{zh}", f"{REASONS[OFF_DUTY][1]}: {en}", style="yellow")


def _name_en(unit: Member | NonMember) -> str:
    return unit.unit_name_en or unit.unit_name


def _show_who_cannot_be_called(detail: IncidentDetail) -> None:
    called = {unit_id for delivery in detail.deliveries for unit_id in delivery.unit_ids}
    units = [unit for unit in detail.response_circle.members if unit.unit_id not in called]
    if not units:
        return
    zh = "、".join(unit.unit_name for unit in units)
    en = ", ".join(map(_name_en, units))
    say(f"无人登记，请打电话通知：{zh}", f"no person on record, call by telephone: {en}", style="bold red")
