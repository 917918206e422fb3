"""
A town for rehearsals in which every time can be counted: ten metres a second by vehicle, one on foot.

    y=200   +-----------------+-----------------+     Back Street
            |                 |                 |
    y=0     +-----------------+----------S------+     Main Street
           x=0               500        800   1000

S is the place of the drill. All streets are 6 m wide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from geo.lonlat import LonLat
from geo.network.profiles import MobilityProfile
from geo.reach.model import ReachModel
from geo.testing import at, town
from responder.domain.drills.plan import (
    DrillMode,
    DrillPlan,
    Inject,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
    WaitsFor,
)
from responder.domain.drills.rehearsal.spread import Quantiles, Spread
from responder.domain.ids import CircleId, DrillId, PartnerId, UnitId
from responder.domain.ladder.ladder import plan as ladder_plan
from responder.domain.ladder.profile import LadderProfile
from responder.domain.ladder.shipped import ACTIONS
from responder.domain.map.place import Place
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner, PartnerKind
from responder.services.drills.rehearsal.inputs import SOME_DAY, RehearsalInputs
from responder.services.incidents.response_circle import ReachInputs

CIRCLE, DRILL = CircleId(UUID(int=1)), DrillId(UUID(int=7))
ENGINE, PATROL, WARDEN, GUARD = (UnitId(UUID(int=number)) for number in (11, 12, 13, 14))
SCENE = at(800, 0)
STREET = {"highway": "residential", "width": "6", "name": "大街"}

_SIZES: Mapping[str, Any] = {"clear_height_m": 1.9, "weight_t": 2.0}
PROFILES: Mapping[str, MobilityProfile] = {
    "foot": MobilityProfile(
        name="foot",
        label_zh="步行",
        label_en="on foot",
        mode="foot",
        on_foot=True,
        speeds_kph={"default": 3.6},
        clear_width_m=0.8,
        **_SIZES,
    ),
    "car": MobilityProfile(
        name="car",
        label_zh="汽车",
        label_en="car",
        mode="motor",
        speeds_kph={"default": 36.0},
        clear_width_m=2.0,
        dismount_s=30.0,
        **_SIZES,
    ),
    "fire_engine": MobilityProfile(
        name="fire_engine",
        label_zh="消防车",
        label_en="fire engine",
        mode="emergency",
        speeds_kph={"default": 36.0},
        clear_width_m=3.5,
        dismount_s=30.0,
        **_SIZES,
    ),
}


def roads(*, width_m: float = 6.0) -> ReachModel:
    """Return the town; Main Street east of x=500 is `width_m` wide."""
    main = [((0.0, 0.0), (500.0, 0.0)), ((500.0, 0.0), (1000.0, 0.0))]
    back = [((0.0, 200.0), (500.0, 200.0)), ((500.0, 200.0), (1000.0, 200.0))]
    across = [((x, 0.0), (x, 200.0)) for x in (0.0, 500.0, 1000.0)]
    streets = [(line, STREET) for line in (main[0], *back, *across)]
    return ReachModel(town([*streets, (main[1], {**STREET, "width": str(width_m)})]), PROFILES)


def exactly(value: int) -> Quantiles:
    return Quantiles(points=((0, value), (1000, value)))


AS_STATED = Spread(
    turnout=exactly(1000),
    travel=exactly(1000),
    clearing_ms=exactly(60_000),
    count_ms=exactly(2000),
    answer_ms=exactly(10_000),
    coming=1000,
)
"""Nothing is left to chance."""


def partner(kind: PartnerKind, number: int) -> Partner:
    return Partner(
        id=PartnerId(UUID(int=number)), circle_id=CIRCLE, kind=kind, name=kind.value, name_en=kind.value
    )


FIRE = partner(PartnerKind.FIRE_SERVICE, 101)
POLICE = partner(PartnerKind.POLICE, 102)
COMMUNITY = partner(PartnerKind.COMMUNITY, 103)
PROPERTY = partner(PartnerKind.PROPERTY, 104)


def unit(which: UnitId, of: Partner, profile: str, x_m: float, y_m: float, *, turnout_s: float) -> Unit:
    post = at(x_m, y_m)
    return Unit(
        id=which,
        partner_id=of.id,
        name=of.kind.value,
        name_en=of.kind.value,
        kind=of.kind.value,
        profile=profile,
        turnout_s=turnout_s,
        people=4,
        on_duty=True,
        post=(post.lon, post.lat),
    )


UNITS = (
    # On scene after 20 + 80 s, 30 + 90 s, 60 + 100 s and 40 + 50 s.
    unit(ENGINE, FIRE, "fire_engine", 0, 0, turnout_s=20),
    unit(PATROL, POLICE, "car", 100, 200, turnout_s=30),
    unit(WARDEN, COMMUNITY, "foot", 900, 0, turnout_s=60),
    unit(GUARD, PROPERTY, "foot", 750, 0, turnout_s=40),
)


def lane(number: int, after_s: float, *points: LonLat, waits_for: WaitsFor | None = None) -> Inject:
    """Return an inject that closes a line to all."""
    return Inject(
        number=number,
        after_s=after_s,
        kind=InjectKind.CLOSURE,
        text="封路",
        waits_for=waits_for,
        closure=PlannedClosure(
            geometry={"type": "LineString", "coordinates": [[p.lon, p.lat] for p in points]}
        ),
    )


MAIN_STREET_SHUT = (at(550, 0), at(650, 0))


def plan(*injects: Inject, objectives: Sequence[Objective] = (), duration_s: float = 1800) -> DrillPlan:
    return DrillPlan(
        name="演练",
        mode=DrillMode.FIELD,
        kind="fire",
        place=Place(lon=SCENE.lon, lat=SCENE.lat, label="大街8号"),
        starts_at=None,
        duration_s=duration_s,
        objectives=tuple(objectives),
        injects=injects,
    )


def objective(
    key: str,
    measure: Measure,
    within_s: float,
    *,
    since_inject: int | None = None,
    partner_kind: PartnerKind | None = None,
    count: int | None = None,
) -> Objective:
    return Objective(
        key=key,
        text=key,
        measure=measure,
        within_s=within_s,
        since_inject=since_inject,
        partner_kind=partner_kind,
        count=count,
    )


def inputs(
    a_plan: DrillPlan,
    *,
    units: Sequence[Unit] = UNITS,
    partners: Sequence[Partner] = (FIRE, POLICE, COMMUNITY, PROPERTY),
    aeds: Sequence[LonLat] = (SCENE,),
    limit_s: float = 900,
    profile: LadderProfile = ACTIONS,
    everyone_at_once: bool = True,
) -> RehearsalInputs:
    return RehearsalInputs(
        drill_id=DRILL,
        circle_id=CIRCLE,
        plan=a_plan,
        doors=(SCENE,),
        reach=ReachInputs(
            reach_version=1,
            limit_s=limit_s,
            units=tuple(units),
            partners=tuple(partners),
            positions=(),
            closures=(),
        ),
        ladder=ladder_plan(
            profile, raised_at=a_plan.starts_at or SOME_DAY, everyone_at_once=everyone_at_once
        ),
        aeds=tuple(aeds),
        at=a_plan.starts_at,
    )


def with_post(which: Unit, x_m: float, y_m: float) -> Unit:
    place = at(x_m, y_m)
    return replace(which, post=(place.lon, place.lat))
