"""The plan of a drill as clients send it; answers have the same fields."""

from typing import Annotated, Any

from pydantic import Field

from responder.api.field_types import Body, Latitude, Line, Longitude, Moment, Note, ShortNote, Word
from responder.domain.drills import plan as domain
from responder.domain.ids import BuildingId, PartnerId, PhotoId, UnitId
from responder.domain.map.place import Place
from responder.domain.people.partner import PartnerKind

Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False, strict=True)]
Number = Annotated[int, Field(ge=1, le=9999, strict=True)]
Count = Annotated[int, Field(ge=1, le=10_000, strict=True)]
Width = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False, strict=True)]
Partners = Annotated[tuple[PartnerId, ...], Field(max_length=200)]


class DrillPlaceBody(Body):
    """Where; words are found when there are none."""

    lon: Longitude
    lat: Latitude
    label: Line = ""
    label_en: Line = ""
    building_id: BuildingId | None = None
    entrance: Word | None = None

    def value(self) -> Place:
        return Place(**dict(self))


class ObjectiveBody(Body):
    """What should be reached, and by when."""

    key: Word
    text: Line
    measure: domain.Measure
    within_s: Seconds
    since_inject: Number | None = None
    partner_kind: PartnerKind | None = None
    count: Count | None = None


class WaitsForBody(Body):
    """What has to happen before an inject's time begins to run."""

    kind: domain.WaitKind
    objective: Word | None = None
    inject: Number | None = None


class PlannedClosureBody(Body):
    """The stretch that an inject closes."""

    geometry: dict[str, Any]
    wider_than_m: Width | None = None


class InjectBody(Body):
    """One entry of the list of injects."""

    number: Number
    after_s: Seconds
    kind: domain.InjectKind
    text: ShortNote
    expected: ShortNote = ""
    partner_ids: Partners = ()
    objective: Word | None = None
    waits_for: WaitsForBody | None = None
    expires_after_s: Seconds = domain.EXPIRES_AFTER_S
    lon: Longitude | None = None
    lat: Latitude | None = None
    closure: PlannedClosureBody | None = None
    unit_id: UnitId | None = None
    wider_than_m: Width | None = None
    photo_id: PhotoId | None = None

    def value(self) -> domain.Inject:
        same = dict(self)
        waits, closure = same.pop("waits_for"), same.pop("closure")
        return domain.Inject(
            **same,
            waits_for=None if waits is None else domain.WaitsFor(**dict(waits)),
            closure=None if closure is None else domain.PlannedClosure(**dict(closure)),
        )


class PlanBody(Body):
    """All that is decided before a drill."""

    name: Word
    mode: domain.DrillMode
    kind: Word
    place: DrillPlaceBody
    starts_at: Moment | None
    duration_s: Seconds
    scenario: Note = ""
    notice: Note = ""
    partner_ids: Partners = ()
    objectives: Annotated[tuple[ObjectiveBody, ...], Field(max_length=100)] = ()
    injects: Annotated[tuple[InjectBody, ...], Field(max_length=1000)] = ()
    template: Word | None = None

    def value(self) -> domain.DrillPlan:
        same = dict(self)
        return domain.DrillPlan(
            **{
                **same,
                "place": self.place.value(),
                "objectives": tuple(domain.Objective(**dict(each)) for each in self.objectives),
                "injects": tuple(each.value() for each in self.injects),
            }
        )
