"""Gates on the way, and who holds the key."""

from dataclasses import asdict

from sqlalchemy import Column, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from responder.domain.ids import CircleId, GateId
from responder.domain.map.gate import Gate, KeyHolder
from responder.store.map.layer_table import LayerTable
from responder.store.metadata import METADATA, AnyRow, circle_id, geometry, geometry_rules, point, to_lonlat

GATE = Table(
    "gate",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("holders", JSONB, nullable=False),
    geometry("POINT"),
    *geometry_rules("gate"),
)


def _to_row(gate: Gate) -> dict[str, object]:
    return {
        "id": gate.id,
        "kind": gate.kind,
        "name": gate.name,
        "name_en": gate.name_en,
        "note": gate.note,
        "holders": [asdict(holder) for holder in gate.holders],
        "geometry": point(gate.lon, gate.lat),
    }


def _to_gate(row: AnyRow) -> Gate:
    lon, lat = to_lonlat(row.geometry)
    return Gate(
        id=GateId(row.id),
        circle_id=CircleId(row.circle_id),
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        lon=lon,
        lat=lat,
        note=row.note,
        holders=tuple(KeyHolder(**holder) for holder in row.holders),
    )


GATES = LayerTable(name="gates", table=GATE, to_row=_to_row, to_thing=_to_gate, people=("holders",))
