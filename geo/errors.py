"""What can go wrong in `geo`: each error has a stable code and the fitting built-in as a base."""

from typing import ClassVar


class GeoError(Exception):
    """Something `geo` was asked for cannot be done."""

    code: ClassVar[str] = "geo_error"


class NoRoadNearbyError(GeoError, LookupError):
    """No road that the traveller may use lies within the snapping distance."""

    code = "no_road_nearby"


class OutsideNetworkError(GeoError, LookupError):
    """The place lies outside the area of the network."""

    code = "outside_network"


class InvalidLimitError(GeoError, ValueError):
    """A time limit is not above zero, or above 120 minutes."""

    code = "invalid_limit"


class InvalidGeometryError(GeoError, ValueError):
    """A geometry is empty, not valid, of the wrong type or outside WGS 84."""

    code = "invalid_geometry"


class GeometryTooLargeError(GeoError, ValueError):
    """A geometry has more vertices than are accepted."""

    code = "geometry_too_large"


class UnreadableFileError(GeoError, ValueError):
    """A file is damaged, cut short or not of the format it should be."""

    code = "unreadable_file"


class LayerNeededError(UnreadableFileError):
    """A file has several layers and none, or one that is not there, was named; `layers` lists them."""

    code = "layer_needed"

    def __init__(self, layers: tuple[str, ...]) -> None:
        self.layers = layers
        super().__init__(f"name one layer of the file; it has: {', '.join(layers) or 'none'}"[:500])


class ChangeFileError(UnreadableFileError):
    """An OpenStreetMap file holds changes or the history of a map, not the map as it is."""

    code = "change_file"


class CutDownloadError(UnreadableFileError):
    """An OpenStreetMap file is not whole: the server that made it says so in it."""

    code = "cut_download"


class UnknownCrsError(GeoError, ValueError):
    """A coordinate reference system is missing or not known."""

    code = "unknown_crs"


class AxisOrderNeededError(UnknownCrsError):
    """The file lies far from where it should, and beside it once its coordinates are exchanged."""

    code = "axis_order_needed"


class InvalidCoordinatesError(GeoError, ValueError):
    """A longitude or latitude is not a finite number in its range."""

    code = "invalid_coordinates"


class UnknownProfileError(GeoError, LookupError):
    """No mobility profile has this name."""

    code = "unknown_profile"


class InvalidProfileError(GeoError, ValueError):
    """A mobility profile lacks a figure or has one that cannot be; `field` names it, if it is one."""

    code = "invalid_profile"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
