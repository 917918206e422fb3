"""Times between points of one road that is not left."""

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.network.closures import RoadClosure
from geo.network.snap import Snap
from geo.reach.model import ReachModel
from geo.testing import at, straight_street

FRACTIONS = np.linspace(0.0, 1.0, 21)
MIDDLE = at(200, 0)
AROUND_MIDDLE = shapely.Point(MIDDLE.lon, MIDDLE.lat).buffer(0.0002)


@pytest.mark.parametrize("closed", [None, AROUND_MIDDLE], ids=["open", "closed in the middle"])
@pytest.mark.parametrize("oneway", ["no", "yes", "-1"])
@pytest.mark.parametrize("end", [0.0, 0.3, 0.95])
def test_many_points_have_the_times_of_each_alone(
    grid_town: ReachModel, end: float, oneway: str, closed: BaseGeometry | None
) -> None:
    model = ReachModel(straight_street(length_m=400, oneway=oneway), grid_town.profiles)
    closures = () if closed is None else (RoadClosure(id="c", geometry=closed),)
    layer = model.ground.layers.layer(model.profiles["car"], closures, None)
    place = Snap(road=0, fraction=end, distance_m=0.0)
    found = layer.along_to_s(place, FRACTIONS)
    alone = [
        layer.along_s(Snap(road=0, fraction=fraction, distance_m=0.0), place)
        for fraction in FRACTIONS.tolist()
    ]
    assert found.tolist() == alone
    assert np.isinf(found).any() == (oneway != "no" or closed is not None)
