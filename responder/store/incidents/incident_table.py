"""The table of incidents, and an incident as a row of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from responder.domain.ids import AccountId, BuildingId, CircleId, IncidentId
from responder.domain.incidents.incident import EndReason, Incident, IncidentStage, Severity
from responder.domain.map.place import Place
from responder.store.bodies import dump_times, load_times
from responder.store.metadata import (
    METADATA,
    AnyRow,
    circle_id,
    geometry,
    geometry_rules,
    point,
    time,
    to_lonlat,
)

INCIDENT = Table(
    "incident",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("exercise", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    geometry("POINT"),
    Column("label", Text, nullable=False),
    Column("label_en", Text, nullable=False, server_default=""),
    Column("building_id", Uuid),
    Column("entrance", Text),
    Column("note", Text, nullable=False),
    time("raised_at"),
    # Not a foreign key: what the command line does has no account.
    Column("raised_by", Uuid, nullable=False),
    Column("raised_by_name", Text, nullable=False),
    Column("stage", Text, nullable=False, server_default="raised"),
    Column("stage_times", JSONB, nullable=False, server_default=text("'{}'")),
    time("ended_at", nullable=True),
    Column("end_reason", Text),
    Column("ended_by_name", Text),
    Column("end_note", Text, nullable=False, server_default=""),
    Column("merged_into", Uuid),
    Column("response_circle", JSONB, nullable=False),
    # Of the circle when it was found who can respond.
    Column("reach_version", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_for_a_reason"),
    CheckConstraint("(ended_at IS NULL) = (ended_by_name IS NULL)", name="ended_by_a_person"),
    CheckConstraint(
        f"stage IN ({', '.join(repr(stage.value) for stage in IncidentStage)})", name="stage_known"
    ),
    CheckConstraint(
        "(end_reason IS NOT DISTINCT FROM 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"
    ),
    CheckConstraint("merged_into IS DISTINCT FROM id", name="not_merged_into_itself"),
    ForeignKeyConstraint(["circle_id", "merged_into"], ["incident.circle_id", "incident.id"]),
    Index("ix_incident_ended_at", "circle_id", "ended_at", "id"),
    *geometry_rules("incident"),
)


def to_values(incident: Incident) -> dict[str, object]:
    return {
        "circle_id": incident.circle_id,
        "id": incident.id,
        "exercise": incident.exercise,
        "kind": incident.kind,
        "severity": incident.severity.value,
        "geometry": point(incident.place.lon, incident.place.lat),
        "label": incident.place.label,
        "label_en": incident.place.label_en,
        "building_id": incident.place.building_id,
        "entrance": incident.place.entrance,
        "note": incident.note,
        "raised_at": incident.raised_at,
        "raised_by": incident.raised_by,
        "raised_by_name": incident.raised_by_name,
        "stage": incident.stage.value,
        "stage_times": dump_times(incident.stage_times),
        "ended_at": incident.ended_at,
        "end_reason": None if incident.end_reason is None else incident.end_reason.value,
        "ended_by_name": incident.ended_by_name,
        "end_note": incident.end_note,
        "merged_into": incident.merged_into,
    }


def to_incident(row: AnyRow) -> Incident:
    lon, lat = to_lonlat(row.geometry)
    return Incident(
        id=IncidentId(row.id),
        circle_id=CircleId(row.circle_id),
        exercise=row.exercise,
        kind=row.kind,
        severity=Severity(row.severity),
        place=Place(
            lon=lon,
            lat=lat,
            label=row.label,
            label_en=row.label_en,
            building_id=None if row.building_id is None else BuildingId(row.building_id),
            entrance=row.entrance,
        ),
        note=row.note,
        raised_at=row.raised_at,
        raised_by=AccountId(row.raised_by),
        raised_by_name=row.raised_by_name,
        stage=IncidentStage(row.stage),
        stage_times=load_times(row.stage_times),
        ended_at=row.ended_at,
        end_reason=None if row.end_reason is None else EndReason(row.end_reason),
        ended_by_name=row.ended_by_name,
        end_note=row.end_note,
        merged_into=None if row.merged_into is None else IncidentId(row.merged_into),
    )
