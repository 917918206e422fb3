"""Stretches of road that (some) traffic cannot pass."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from responder.domain.ids import CircleId, ClosureId, HazardId
from responder.domain.map.closure import Closure
from responder.store.map.layer_table import LayerTable
from responder.store.metadata import (
    METADATA,
    AnyRow,
    circle_id,
    from_element,
    geometry,
    geometry_rules,
    positive,
    time,
    to_element,
)

CLOSURE = Table(
    "closure",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("wider_than_m", Float),
    Column("higher_than_m", Float),
    Column("heavier_than_t", Float),
    Column("profiles", ARRAY(Text)),
    Column("hazard_id", Uuid),
    time("starts_at", nullable=True),
    time("ends_at", nullable=True),
    time("lifted_at", nullable=True),
    geometry(),
    ForeignKeyConstraint(["circle_id", "hazard_id"], ["hazard.circle_id", "hazard.id"]),
    positive("wider_than_m"),
    positive("higher_than_m"),
    positive("heavier_than_t"),
    CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
    *geometry_rules("closure"),
)


def _to_row(closure: Closure) -> dict[str, object]:
    return {
        "id": closure.id,
        "name": closure.name,
        "wider_than_m": closure.wider_than_m,
        "higher_than_m": closure.higher_than_m,
        "heavier_than_t": closure.heavier_than_t,
        "profiles": None if closure.profiles is None else list(closure.profiles),
        "hazard_id": closure.hazard_id,
        "starts_at": closure.starts_at,
        "ends_at": closure.ends_at,
        "lifted_at": closure.lifted_at,
        "geometry": to_element(closure.geometry),
    }


def _to_closure(row: AnyRow) -> Closure:
    return Closure(
        id=ClosureId(row.id),
        circle_id=CircleId(row.circle_id),
        name=row.name,
        geometry=from_element(row.geometry),
        wider_than_m=row.wider_than_m,
        higher_than_m=row.higher_than_m,
        heavier_than_t=row.heavier_than_t,
        profiles=None if row.profiles is None else tuple(row.profiles),
        hazard_id=None if row.hazard_id is None else HazardId(row.hazard_id),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        lifted_at=row.lifted_at,
    )


CLOSURES = LayerTable(
    name="closures", table=CLOSURE, to_row=_to_row, to_thing=_to_closure, listed=CLOSURE.c.lifted_at.is_(None)
)
