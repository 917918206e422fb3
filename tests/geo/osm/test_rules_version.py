"""A change of what tags mean raises the version of the rules, so that maps read before are known."""

import hashlib
from itertools import product
from pathlib import Path

from geo.osm.roads import read_roads
from geo.tags.attributes import RULES_VERSION
from geo.tags.barriers import obstacle_attributes
from geo.tags.way_tags import Skipped, road_attributes

DEMO = Path(__file__).parents[3] / "responder" / "demo" / "data" / "lanes.osm"
CLASSES = ("primary", "residential", "service", "footway", "track", "steps", "pedestrian", "road", "proposed")
TAGS = (
    "",
    *("access=private", "access=permit", "vehicle=no", "motor_vehicle=emergency", "foot=no", "bicycle=yes"),
    *("oneway=yes", "oneway=-1", "oneway:bicycle=no", "junction=roundabout", "motor_vehicle:backward=no"),
    *("width=3.5", "width=3,5米", "width=narrow", "est_width=4", "width:effective=2.6", "maxwidth=2.2"),
    *("lanes=1", "maxheight=3.2", "maxheight=below_default", "maxweight=3.5", "maxspeed=30", "layer=-1"),
    *("surface=gravel", "surface=mud", "smoothness=very_horrible", "tracktype=grade4", "service=alley"),
    *("parking:both=lane", "parking:left=half_on_kerb", "parking:lane:right=diagonal", "tunnel=yes"),
)
OBSTACLES = (
    *("barrier=gate", "barrier=gate access=private", "barrier=lift_gate", "barrier=bollard", "barrier=block"),
    *("barrier=bollard bollard=removable", "barrier=gate;lift_gate", "barrier=bollard maxwidth=2.5"),
    *("barrier=kerb", "highway=crossing", "barrier=cycle_barrier", "door=yes", "barrier=gate locked=yes"),
)
FINGERPRINTS = {1: "47a056b0d0f17201"}
"""Of what the rules make of the tags above and of the demo's lanes, by version of the rules."""


def tags_of(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split() if "=" in pair)


def fingerprint() -> str:
    roads = [road_attributes({"highway": kind, **tags_of(text)}) for kind, text in product(CLASSES, TAGS)]
    obstacles = [obstacle_attributes(tags_of(text)) for text in OBSTACLES]
    kept = [None if isinstance(each, Skipped) else each for each in roads]  # why one is left out is but words
    digest = hashlib.sha256(repr((kept, obstacles)).encode())
    for name, array in read_roads(DEMO).network.arrays():
        if name != "road_length_m":  # the last digits are those of the library that measures
            digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def test_what_tags_mean_is_known_by_the_version_of_the_rules() -> None:
    assert fingerprint() == FINGERPRINTS[RULES_VERSION], (
        "the same tags make another network: raise RULES_VERSION (tags/attributes.py) and add its fingerprint"
    )
