"""The layers of a circle: one line registers a noun with its table."""

from collections.abc import Mapping
from typing import Any, Final

from responder.domain.map.building import Building
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.store.map import building, closure, facility, gate, hazard, unit
from responder.store.map.layer_table import LayerTable

LAYERS: Final[Mapping[type, LayerTable[Any]]] = {
    Building: building.BUILDINGS,
    Closure: closure.CLOSURES,
    Facility: facility.FACILITIES,
    Gate: gate.GATES,
    Hazard: hazard.HAZARDS,
    Unit: unit.UNITS,
}
