"""Fire hazards."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, Integer, Table, Text, Uuid

from responder.domain.ids import CircleId, HazardId, PartnerId
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.store.map.layer_table import LayerTable
from responder.store.metadata import (
    METADATA,
    AnyRow,
    circle_id,
    from_element,
    geometry,
    geometry_rules,
    to_element,
)

HAZARD = Table(
    "hazard",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("owner_id", Uuid),
    Column("due_on", Date),
    Column("step_count", Integer, nullable=False),
    Column("reopened_count", Integer, nullable=False),
    geometry(),
    ForeignKeyConstraint(["circle_id", "owner_id"], ["partner.circle_id", "partner.id"]),
    CheckConstraint(
        "state IN ('seen', 'assigned', 'mending', 'mended', 'verified', 'closed')", name="known_state"
    ),
    *geometry_rules("hazard"),
)


def _to_row(hazard: Hazard) -> dict[str, object]:
    return {
        "id": hazard.id,
        "kind": hazard.kind,
        "grade": hazard.grade.value,
        "state": hazard.state.value,
        "name": hazard.name,
        "name_en": hazard.name_en,
        "note": hazard.note,
        "owner_id": hazard.owner_id,
        "due_on": hazard.due_on,
        "step_count": hazard.step_count,
        "reopened_count": hazard.reopened_count,
        "geometry": to_element(hazard.geometry),
    }


def _to_hazard(row: AnyRow) -> Hazard:
    return Hazard(
        id=HazardId(row.id),
        circle_id=CircleId(row.circle_id),
        kind=row.kind,
        grade=HazardGrade(row.grade),
        state=HazardState(row.state),
        name=row.name,
        name_en=row.name_en,
        geometry=from_element(row.geometry),
        note=row.note,
        owner_id=None if row.owner_id is None else PartnerId(row.owner_id),
        due_on=row.due_on,
        step_count=row.step_count,
        reopened_count=row.reopened_count,
    )


HAZARDS = LayerTable(name="hazards", table=HAZARD, to_row=_to_row, to_thing=_to_hazard)
