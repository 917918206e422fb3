"""What all tables share: naming, the circle they belong to, geometry, and what may be stored in it."""

from typing import Any, Final

from geoalchemy2 import Geometry, WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry import shape
from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, MetaData, Row, Uuid

from responder.services.validation.geometry import to_geojson

SRID: Final = 4326
"""WGS 84, longitude first."""

AnyRow = Row[*tuple[Any, ...]]
"""A row of a query; its columns are attributes."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def circle_id(*, known_by_other_keys: bool = False) -> Column[Any]:
    """
    Return the column that says whose row it is; it comes first in every key.

    With `known_by_other_keys` another foreign key of the table leads to the circle already, and asking again
    for each of a thousand rows would take its time.
    """
    references = [] if known_by_other_keys else [ForeignKey("circle.id")]
    return Column("circle_id", Uuid, *references, primary_key=True)


def time(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column for a moment; it is read in UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def geometry(kind: str = "GEOMETRY") -> Column[Any]:
    """Return a column for a geometry; its index is declared by `geometry_rules`."""
    return Column("geometry", Geometry(geometry_type=kind, srid=SRID, spatial_index=False), nullable=False)


def geometry_rules(table: str) -> tuple[Index, CheckConstraint]:
    """Return the spatial index of a table, and that its geometry stays on Earth (NaN does not)."""
    return (
        Index(f"ix_{table}_geometry", "geometry", postgresql_using="gist"),
        CheckConstraint(
            "NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 "
            "AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90",
            name="on_earth",
        ),
    )


def positive(column: str) -> CheckConstraint:
    """Return that a number is above zero and finite; in PostgreSQL NaN is above infinity."""
    return CheckConstraint(f"{column} > 0 AND {column} < 'Infinity'", name=f"{column}_positive")


def to_element(geojson: dict[str, Any]) -> WKBElement:
    # Extended: as bytes and not as text, so that every digit arrives.
    return from_shape(shape(geojson), srid=SRID, extended=True)


def from_element(element: WKBElement) -> dict[str, Any]:
    """Return a geometry as GeoJSON, with every digit that was stored."""
    return to_geojson(to_shape(element))


def point(lon: float, lat: float) -> WKBElement:
    return to_element({"type": "Point", "coordinates": (lon, lat)})


def to_lonlat(element: WKBElement) -> tuple[float, float]:
    place: Any = to_shape(element)
    return (place.x, place.y)
