"""The plan of a drill: where and when, who takes part, what should be reached, and what is thrown in."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from responder.domain.ids import AccountId, CircleId, DrillId, PartnerId, PhotoId, UnitId
from responder.domain.map.place import Place
from responder.domain.people.partner import PartnerKind

EXPIRES_AFTER_S: Final = 600.0
"""An inject that could not be given for so long, such as during an outage, is not given any more."""


class DrillMode(StrEnum):
    """How a drill is held."""

    FIELD = "field"
    """Real people walk and drive."""
    TABLETOP = "tabletop"
    """Talked through in a room, on one screen; no phone is called."""


class DrillState(StrEnum):
    """How far a drill has come."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    CALLED_OFF = "called_off"
    """It will not take place."""


class Measure(StrEnum):
    """By what an objective counts as met."""

    FIRST_ON_SCENE = "first_on_scene"
    """`count` units, one if it is not given, are on scene."""
    PARTNER_ON_SCENE = "partner_on_scene"
    """A unit of a partner of `partner_kind` is on scene."""
    COMING = "coming"
    """`count` people are on the way or on scene."""
    LANE_CLEAR = "lane_clear"
    """The lane that an inject closed is reported clear."""
    COUNTED = "counted"
    """`count` people are counted at the assembly point."""
    OBSERVED = "observed"
    """An evaluator says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What should be reached, and by when."""

    key: str
    """Names it within its plan: small letters, digits and _."""
    text: str
    measure: Measure
    within_s: float
    """Since the start on the drill's clock, or since the inject `since_inject` was given."""
    since_inject: int | None = None
    partner_kind: PartnerKind | None = None
    count: int | None = None


class InjectKind(StrEnum):
    """What is thrown in."""

    MESSAGE = "message"
    TELEPHONE = "telephone"
    """A call that staff make or play; on their console only."""
    HAZARD = "hazard"
    """Something dangerous at a point, shown on the map of the drill."""
    CLOSURE = "closure"
    """A lane that the drill takes as closed; real routes do not know of it."""
    UNIT_OUT = "unit_out"
    """A unit that the drill takes as out of service."""
    CASUALTY = "casualty"
    """Someone hurt at a point, shown on the map of the drill."""


class WaitKind(StrEnum):
    """What an inject may wait for."""

    ON_SCENE = "on_scene"
    """The first unit is on scene."""
    OBJECTIVE = "objective"
    """An objective is met."""
    INJECT = "inject"
    """Another inject was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsFor:
    """What has to happen before an inject's time begins to run."""

    kind: WaitKind
    objective: str | None = None
    """Key of the objective waited for."""
    inject: int | None = None
    """Number of the inject waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedClosure:
    """The stretch that an inject closes. Without a bound it is closed to all."""

    geometry: dict[str, Any]
    """GeoJSON LineString, Polygon or Point, WGS 84."""
    wider_than_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """One entry of the master list of injects."""

    number: int
    """From 1; unique in the plan."""
    after_s: float
    """Since the start on the drill's clock, or since what it waits for."""
    kind: InjectKind
    text: str
    """What the participants are told, or what the caller says."""
    expected: str = ""
    """What they are expected to do."""
    partner_ids: tuple[PartnerId, ...] = ()
    """Whom it is for; empty is all who take part."""
    objective: str | None = None
    """Key of the objective that it tries."""
    waits_for: WaitsFor | None = None
    expires_after_s: float = EXPIRES_AFTER_S
    """So long after it was due it can still be given by itself."""
    lon: float | None = None
    """Degrees east, WGS 84, of a hazard or casualty."""
    lat: float | None = None
    closure: PlannedClosure | None = None
    wider_than_m: float | None = None
    """Whom a lane that is not drawn yet is to be closed to, as a template has it; then `closure` says."""
    unit_id: UnitId | None = None
    """The unit that is out of service."""
    photo_id: PhotoId | None = None
    """A picture for those whom it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillPlan:
    """All that is decided before a drill."""

    name: str
    mode: DrillMode
    kind: str
    """Code of a kind of incident in the circle's catalogue, which gives the colour as well."""
    place: Place
    starts_at: datetime | None
    """None: no date yet."""
    duration_s: float
    scenario: str = ""
    """What the participants are not told beforehand."""
    notice: str = ""
    """What residents are told beforehand."""
    partner_ids: tuple[PartnerId, ...] = ()
    """Who takes part; empty is every partner of the circle."""
    objectives: tuple[Objective, ...] = ()
    injects: tuple[Inject, ...] = ()
    """By number."""
    template: str | None = None
    """Key of the template it was made from."""

    def objective(self, key: str) -> Objective | None:
        return next((each for each in self.objectives if each.key == key), None)

    def inject(self, number: int) -> Inject | None:
        return next((each for each in self.injects if each.number == number), None)


def plan_version(plan: DrillPlan) -> str:
    """Return the SHA-256 of a plan, in hexadecimal; 60 seconds are the same as 60.0."""
    plain = _with_floats(asdict(plan))
    return hashlib.sha256(json.dumps(plain, default=str, sort_keys=True).encode()).hexdigest()


def _with_floats(value: Any) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(value, dict):
        return {key: _with_floats(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_with_floats(each) for each in value]
    return float(value) if isinstance(value, int) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A drill of a circle with its plan."""

    id: DrillId
    circle_id: CircleId
    state: DrillState
    plan: DrillPlan
    revision: int
    """Grows with every change that participants notice: the SEQUENCE of its calendar entry."""
    version: str
    """SHA-256 of the plan: an edit names the one that it changes."""
    created_at: datetime
    created_by_name: str
    changed_at: datetime
    changed_by_name: str
    created_by: AccountId | None = None
    """None once the person is erased."""
    changed_by: AccountId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillCard:
    """What everyone in the circle may know of a drill beforehand: nothing that would give it away."""

    id: DrillId
    state: DrillState
    name: str
    mode: DrillMode
    kind: str
    place: Place
    starts_at: datetime | None
    duration_s: float
    notice: str
    partner_ids: tuple[PartnerId, ...]
    revision: int
    ended_at: datetime | None = None
    """When it was over; None of one that was not run to its end."""

    @classmethod
    def of(cls, drill: Drill, *, ended_at: datetime | None = None) -> "DrillCard":
        plan = drill.plan
        return cls(
            id=drill.id,
            state=drill.state,
            name=plan.name,
            mode=plan.mode,
            kind=plan.kind,
            place=plan.place,
            starts_at=plan.starts_at,
            duration_s=plan.duration_s,
            notice=plan.notice,
            partner_ids=plan.partner_ids,
            revision=drill.revision,
            ended_at=ended_at,
        )
