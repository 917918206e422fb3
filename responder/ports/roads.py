"""The prepared road network of a circle."""

from typing import TYPE_CHECKING, Protocol

from responder.domain.ids import CircleId
from responder.ports.database import Transaction

if TYPE_CHECKING:
    # The live gateway only needs the ports; SciPy would double the time that it takes to start.
    from geo.reach.model import ReachModel


class Roads(Protocol):
    """Has the prepared road network of every circle at hand."""

    async def model(self, circle_id: CircleId) -> "ReachModel":
        """
        Return the road network that the circle uses now, prepared for searching.

        Raises
        ------
        NoRoadNetworkError
            The circle has no roads yet.
        """
        ...

    async def is_current(self, transaction: Transaction, circle_id: CircleId, model: "ReachModel") -> bool:
        """Tell whether the model is of the roads and figures that the circle has in this transaction."""
        ...
