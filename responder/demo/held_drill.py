"""The drill that was held in the demo circle some weeks before, and what became of its findings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.finding import Finding, FindingState
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.plan import (
    Drill,
    DrillMode,
    DrillPlan,
    DrillState,
    Inject,
    InjectKind,
    Measure,
    Objective,
    plan_version,
)
from responder.domain.drills.run import DrillRun, InjectRun, InjectState, begin
from responder.domain.ids import CircleId, DrillId, FindingId, HazardId, ObservationId
from responder.domain.map.place import Place
from responder.ports.demo import DemoAccount, HeldDrill

HELD_BEFORE: Final = timedelta(days=24)
_CHINA: Final = ZoneInfo("Asia/Shanghai")
_PLACE: Final = Place(lon=112.9850053, lat=28.1576823, label="脑科巷13栋", label_en="Naoke Alley Block 13")
_DURATION_S: Final = 900.0
_CALLED_S: Final = 65.0
_OBJECTIVES: Final = (
    Objective(key="called", text="2 分钟内报 119 并通知微型消防站", measure=Measure.OBSERVED, within_s=120),
    Objective(key="second_exit", text="5 分钟内打开后门疏散", measure=Measure.OBSERVED, within_s=300),
)
_INJECTS: Final = (
    Inject(
        number=1,
        after_s=0,
        kind=InjectKind.MESSAGE,
        text="13栋二楼厨房冒烟，住户往楼下跑。",
        expected="先报 119，再通知微型消防站和物业。",
        objective="called",
    ),
    Inject(
        number=2,
        after_s=180,
        kind=InjectKind.MESSAGE,
        text="前门楼道有烟，改走后门。",
        expected="说清后门现在能不能走，钥匙在谁手里。",
        objective="second_exit",
    ),
    Inject(
        number=3,
        after_s=420,
        kind=InjectKind.MESSAGE,
        text="门禁值班人员不在，救护车到了巷口。",
        expected="找到掌管钥匙的另一个人。",
    ),
)


def held_drill(
    circle_id: CircleId, accounts: Sequence[DemoAccount], now: datetime, *, hazards: Mapping[str, HazardId]
) -> HeldDrill:
    """Return the drill with its course and findings; `hazards` by their names in the file."""
    began = (now - HELD_BEFORE).astimezone(_CHINA).replace(hour=15, minute=0, second=0, microsecond=0)
    planner, observer = (
        next(each for each in accounts if each.account.username == name) for name in ("planner", "observer")
    )
    plan = DrillPlan(
        name="桌面推演：13栋厨房起火（示例）",
        mode=DrillMode.TABLETOP,
        kind="fire",
        place=_PLACE,
        starts_at=began,
        duration_s=_DURATION_S,
        scenario="13栋二楼厨房起火，后门被杂物间封堵。",
        objectives=_OBJECTIVES,
        injects=_INJECTS,
    )
    drill = Drill(
        id=DrillId(uuid5(circle_id, "drill held")),
        circle_id=circle_id,
        state=DrillState.ENDED,
        plan=plan,
        revision=0,
        version=plan_version(plan),
        created_at=began - timedelta(days=7),
        created_by=planner.account.id,
        created_by_name=planner.account.name,
        changed_at=began - timedelta(days=7),
        changed_by=planner.account.id,
        changed_by_name=planner.account.name,
    )
    observations = _observations(drill, observer, began)
    return HeldDrill(
        drill=drill,
        runs=tuple(_course(drill, began, by=planner, observed=len(observations))),
        observations=observations,
        findings=_findings(drill, accounts, observations, hazards, began=began),
    )


def _course(
    drill: Drill, began: datetime, *, by: DemoAccount, observed: int
) -> list[tuple[datetime, DrillRun]]:
    run = begin(drill.plan, drill.id, drill.circle_id, at=began, by_name=by.account.name)
    course = [(began, run)]
    for inject in _INJECTS:
        given = InjectRun(
            number=inject.number, state=InjectState.GIVEN, due_s=inject.after_s, at_s=inject.after_s
        )
        run = run.with_inject(given)
        course.append((began + timedelta(seconds=inject.after_s), run))
        if inject.number == 1:
            run = run.report(Fact(kind=FactKind.OBSERVED, at_s=_CALLED_S, objective="called"))
            course.append((began + timedelta(seconds=_CALLED_S), run))
    ended = began + timedelta(seconds=_DURATION_S)
    course.append((ended, replace(run, observations=observed).end(at=ended)))
    return course


def _observations(drill: Drill, by: DemoAccount, began: datetime) -> tuple[Observation, ...]:
    said = (
        (_CALLED_S, ObservationVerdict.GOOD, "报警词说清了楼栋和楼层", "called"),
        (330, ObservationVerdict.IMPROVE, "说不清后门能不能走，杂物间还在", "second_exit"),
        (540, ObservationVerdict.IMPROVE, "钥匙登记表没有夜班电话", None),
    )
    return tuple(
        Observation(
            id=ObservationId(_id(drill, f"observation {at_s}")),
            circle_id=drill.circle_id,
            drill_id=drill.id,
            at=began + timedelta(seconds=at_s),
            received_at=began + timedelta(seconds=at_s),
            by=by.account.id,
            by_name=by.account.name,
            partner_id=by.partner_id,
            verdict=verdict,
            text=text,
            objective=objective,
        )
        for at_s, verdict, text, objective in said
    )


def _findings(
    drill: Drill,
    accounts: Sequence[DemoAccount],
    observations: Sequence[Observation],
    hazards: Mapping[str, HazardId],
    *,
    began: datetime,
) -> tuple[Finding, ...]:
    """Return one that is open with time left, one that is overdue, and one that is closed."""
    people = {each.account.username: each for each in accounts}
    by, closer = people["planner"].account, people["community"].account
    written = began + timedelta(hours=1)

    def finding(text: str, *, owner: str, days: int) -> Finding:
        return Finding(
            id=FindingId(_id(drill, f"finding {text}")),
            circle_id=drill.circle_id,
            text=text,
            state=FindingState.OPEN,
            drill_id=drill.id,
            owner_id=people[owner].partner_id,
            due_on=began.date() + timedelta(days=days),
            lon=_PLACE.lon,
            lat=_PLACE.lat,
            version=1,
            created_at=written,
            created_by=by.id,
            created_by_name=by.name,
            changed_at=written,
            changed_by=by.id,
            changed_by_name=by.name,
        )

    exit_ = finding("拆除13栋后门杂物间，恢复第二出口", owner="property", days=45)
    keys = finding("钥匙登记表补上夜班电话", owner="property", days=14)
    gas = finding("9栋底商清运超量液化气瓶", owner="community", days=14)
    _, blocked, unlisted = observations
    return (
        replace(
            exit_, objective="second_exit", observation_id=blocked.id, hazard_id=hazards["exit-blocked-13"]
        ),
        replace(keys, observation_id=unlisted.id, state=FindingState.DOING),
        replace(gas, hazard_id=hazards["gas-cylinders-9"]).settle(
            FindingState.CLOSED,
            note="已清运，每月复查",
            at=written + timedelta(days=9),
            by=closer.id,
            by_name=closer.name,
        ),
    )


def _id(drill: Drill, name: str) -> UUID:
    return uuid5(drill.id, name)
