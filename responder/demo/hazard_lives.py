"""What was done about the hazards of the demo circle in the weeks before it is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from responder.domain.ids import HazardStepId, PartnerId
from responder.domain.map.hazard import Hazard, HazardState
from responder.domain.registers.hazard_life import HazardStep, HazardStepKind
from responder.domain.registers.hazard_rules import SHIPPED
from responder.ports.demo import DemoAccount, DemoHazards

_CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class _Life:
    """What was done: for each step how many days ago, by which account, and with which words."""

    owner: str | None
    steps: tuple[tuple[HazardStepKind, int, str, str], ...]


_STATE_AFTER: Final[Mapping[HazardStepKind, HazardState]] = {
    HazardStepKind.RECORD: HazardState.SEEN,
    HazardStepKind.ASSIGN: HazardState.ASSIGNED,
    HazardStepKind.START: HazardState.MENDING,
    HazardStepKind.MEND: HazardState.MENDED,
    HazardStepKind.VERIFY: HazardState.VERIFIED,
    HazardStepKind.CLOSE: HazardState.CLOSED,
}
_RECORD, _ASSIGN, _START = HazardStepKind.RECORD, HazardStepKind.ASSIGN, HazardStepKind.START
_LIVES: Final[Mapping[str, _Life]] = {
    "north-branch-parking": _Life(None, ((_RECORD, 1, "community", "夜间巡查时发现"),)),
    "ebike-charging-5": _Life(
        "property",
        ((_RECORD, 9, "community", ""), (_ASSIGN, 8, "community", "先清楼道，再装充电棚")),
    ),
    "wires-west": _Life(
        "property",
        (
            (_RECORD, 12, "community", ""),
            (_ASSIGN, 11, "community", ""),
            (_START, 6, "property", "已约运营单位整理"),
        ),
    ),
    "exit-blocked-13": _Life(None, ((_RECORD, 2, "community", "演练中发现后门走不通"),)),
    "clutter-17": _Life("property", ((_RECORD, 4, "community", ""), (_ASSIGN, 3, "community", ""))),
    "gas-cylinders-9": _Life(
        "property",
        (
            (_RECORD, 30, "community", ""),
            (_ASSIGN, 30, "community", "当天清运"),
            (_START, 29, "property", ""),
            (HazardStepKind.MEND, 28, "property", "3 只气瓶已清运，照片存社区台账"),
            (HazardStepKind.VERIFY, 27, "community", "现场已无超量存放"),
            (HazardStepKind.CLOSE, 27, "community", ""),
        ),
    ),
}


def hazard_lives(
    hazards: Mapping[str, Hazard],
    accounts: Sequence[DemoAccount],
    partners: Mapping[str, PartnerId],
    now: datetime,
) -> DemoHazards:
    """Return the hazards with what was done about each; both mappings are by the names in the files."""
    by = {each.account.username: each.account for each in accounts}
    lived, steps = [], []
    for name, hazard in hazards.items():
        life = _LIVES[name]
        owner_id = None if life.owner is None else partners[life.owner]
        day = (now - timedelta(days=life.steps[min(1, len(life.steps) - 1)][1])).astimezone(_CHINA).date()
        due_on = SHIPPED.due_on(hazard.grade, today=day)
        lived.append(replace(hazard, owner_id=owner_id, due_on=due_on, step_count=len(life.steps)))
        for number, (kind, days, username, note) in enumerate(life.steps, 1):
            at = (now - timedelta(days=days)).replace(microsecond=0) + timedelta(minutes=number)
            steps.append(
                HazardStep(
                    id=HazardStepId(uuid5(UUID(str(hazard.id)), f"step {number}")),
                    circle_id=hazard.circle_id,
                    hazard_id=hazard.id,
                    number=number,
                    kind=kind,
                    state=_STATE_AFTER[kind],
                    at=at,
                    by=by[username].id,
                    by_name=by[username].name,
                    note=note,
                    owner_id=None if kind is _RECORD else owner_id,
                    due_on=due_on,
                )
            )
    return DemoHazards(hazards=tuple(lived), steps=tuple(steps))
