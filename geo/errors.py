"""Errors of `geo`: each has a stable code and inherits from the matching built-in."""

from typing import ClassVar


class GeoError(Exception):
    """Base of all errors of `geo`."""

    code: ClassVar[str] = "geo_error"


class NoRoadNearbyError(GeoError, LookupError):
    """No usable road within the snapping distance."""

    code = "no_road_nearby"


class OutsideNetworkError(GeoError, LookupError):
    """Location outside the road network."""

    code = "outside_network"


class InvalidLimitError(GeoError, ValueError):
    """Invalid time limit: it must be above 0 and at most 120 minutes."""

    code = "invalid_limit"


class InvalidGeometryError(GeoError, ValueError):
    """Invalid geometry: empty, malformed, of the wrong type or outside WGS 84."""

    code = "invalid_geometry"


class GeometryTooLargeError(GeoError, ValueError):
    """Geometry with too many vertices."""

    code = "geometry_too_large"


class UnreadableFileError(GeoError, ValueError):
    """Unreadable file: damaged, incomplete or of another format."""

    code = "unreadable_file"


class LayerNeededError(UnreadableFileError):
    """Layer missing or unknown; choose one of `layers`."""

    code = "layer_needed"

    def __init__(self, layers: tuple[str, ...]) -> None:
        self.layers = layers
        super().__init__(f"name one layer of the file; it has: {', '.join(layers) or 'none'}"[:500])


class ChangeFileError(UnreadableFileError):
    """OpenStreetMap file with changes or history, not a current map."""

    code = "change_file"


class CutDownloadError(UnreadableFileError):
    """Incomplete OpenStreetMap file: the server that made it says so in the file."""

    code = "cut_download"


class UnknownCrsError(GeoError, ValueError):
    """Coordinate reference system missing or unknown."""

    code = "unknown_crs"


class AxisOrderNeededError(UnknownCrsError):
    """Ambiguous axis order: the data fits the area only with exchanged coordinates."""

    code = "axis_order_needed"


class InvalidCoordinatesError(GeoError, ValueError):
    """Invalid coordinates: not finite, or out of range."""

    code = "invalid_coordinates"


class UnknownProfileError(GeoError, LookupError):
    """Unknown mobility profile."""

    code = "unknown_profile"


class InvalidProfileError(GeoError, ValueError):
    """Invalid mobility profile: a value is missing or out of range; see `field`."""

    code = "invalid_profile"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
