"""The ladders that are shipped: both readings of 1-3-5 in use, and one that begins with the nearest."""

from typing import Final

from responder.domain.ladder.profile import (
    Condition,
    Goal,
    LadderProfile,
    LadderProfiles,
    Mark,
    Rung,
    StepKind,
    UnitReach,
)


def _everyone(after_s: float, condition: Condition = Condition.ALWAYS) -> Rung:
    return Rung(
        name="呼叫所有能按时到的人",
        name_en="Call everyone who can be there in time",
        kind=StepKind.CALL,
        after_s=after_s,
        condition=condition,
        reach=(UnitReach.IN_TIME,),
    )


def _remind(after_s: float) -> Rung:
    return Rung(
        name="未应答的人换渠道再通知",
        name_en="Next channel for those who have not answered",
        kind=StepKind.REMIND,
        after_s=after_s,
    )


def _wider(after_s: float) -> Rung:
    return Rung(
        name="扩大呼叫：更远的在岗力量",
        name_en="Wider: units on duty further away",
        kind=StepKind.CALL,
        after_s=after_s,
        condition=Condition.NOT_ENOUGH,
        reach=(UnitReach.BEYOND,),
    )


def _deputies(after_s: float) -> Rung:
    return Rung(
        name="呼叫替补：不在岗的力量",
        name_en="Deputies: units off duty",
        kind=StepKind.CALL,
        after_s=after_s,
        condition=Condition.NOBODY,
        reach=(UnitReach.OFF_DUTY,),
    )


def _neighbours(after_s: float, condition: Condition) -> Rung:
    return Rung(
        name="请相邻响应圈支援",
        name_en="Neighbouring circles",
        kind=StepKind.NEIGHBOURS,
        after_s=after_s,
        condition=condition,
    )


def _call_list(after_s: float) -> Rung:
    return Rung(
        name="按名单打电话",
        name_en="Telephone by the call list",
        kind=StepKind.CALL_LIST,
        after_s=after_s,
        condition=Condition.NOBODY,
    )


STATIONS: Final = LadderProfile(
    key="135_stations",
    name="1-3-5：本站、邻站、消防队",
    name_en="1-3-5: own station, neighbours, fire service",
    enough=4,
    marks=(
        Mark(after_s=60, goal=Goal.OWN_STATION),
        Mark(after_s=180, goal=Goal.NEIGHBOURS),
        Mark(after_s=300, goal=Goal.FIRE_SERVICE),
    ),
    rungs=(
        _everyone(0),
        _remind(30),
        _wider(60),
        _deputies(120),
        _neighbours(180, Condition.NOT_ENOUGH),
        _call_list(240),
    ),
)
"""1 min own station acts, 3 min neighbours join, 5 min fire service: figures.md, reading (a)."""
ACTIONS: Final = LadderProfile(
    key="135_actions",
    name="1-3-5：出动、到场、联动处置",
    name_en="1-3-5: turn-out, on scene, joint action",
    enough=4,
    marks=(
        Mark(after_s=60, goal=Goal.TURNED_OUT),
        Mark(after_s=180, goal=Goal.ON_SCENE),
        Mark(after_s=300, goal=Goal.JOINT_ACTION),
    ),
    rungs=(
        _everyone(0),
        _remind(30),
        _wider(60),
        _deputies(90),
        _call_list(120),
        _neighbours(180, Condition.NOBODY),
    ),
)
"""1 min turn-out, 3 min on scene, 5 min joint action: reading (b)."""
NEAREST_FIRST: Final = LadderProfile(
    key="nearest_first",
    name="先近后远",
    name_en="Nearest first",
    enough=2,
    marks=STATIONS.marks,
    rungs=(
        Rung(
            name="呼叫 5 分钟内能到的人",
            name_en="Call those who can be there in 5 minutes",
            kind=StepKind.CALL,
            after_s=0,
            reach=(UnitReach.IN_TIME,),
            within_s=300,
        ),
        _remind(30),
        _everyone(60, Condition.NOT_ENOUGH),
        _wider(120),
        _deputies(180),
        _call_list(240),
    ),
)
SHIPPED: Final = LadderProfiles(default=ACTIONS.key, profiles=(STATIONS, ACTIONS, NEAREST_FIRST))
"""What a circle without ladders of its own goes by. But for the last, the first wave is everyone in reach."""
