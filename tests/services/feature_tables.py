"""Tables as they come out of files."""

from collections.abc import Sequence
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.coordinates.crs import named_crs
from geo.formats.read import FeatureTable

SOMEWHERE = Point(112.9855, 28.1585)


def table_of(
    properties: Sequence[dict[str, Any]], geometries: Sequence[BaseGeometry] | None = None
) -> FeatureTable:
    return FeatureTable(
        geometries=tuple(geometries or [SOMEWHERE] * len(properties)),
        properties=tuple(properties),
        source=named_crs("EPSG:4326"),
        source_geometries=None,
    )
