"""The prepared road network of a circle."""

from typing import Protocol

from geo.reach import ReachModel
from responder.domain.ids import CircleId


class Roads(Protocol):
    """Has the prepared road network of every circle at hand."""

    async def model(self, circle_id: CircleId) -> ReachModel:
        """
        Return the road network that the circle uses now, prepared for searching.

        Raises
        ------
        NoRoadNetworkError
            The circle has no roads yet.
        """
        ...
