#!/usr/bin/env bash
# pyosmium 4.3.2 takes the coordinates out of a file when it is asked for locations.
#
# Overpass (out geom) writes the coordinates into the ways themselves, without the nodes. Read plainly, they are
# there; with_locations() and locations=True look for nodes that the file does not have, and leave every point of
# every way without a place. Nothing is raised: the roads are merely gone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmium==4.3.2
cd "$folder"
"$folder/venv/bin/python" - << 'END'
import osmium

WITH_GEOMETRY = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
 <way id="5">
  <nd ref="1" lat="28.1500" lon="112.9800"/>
  <nd ref="2" lat="28.1510" lon="112.9800"/>
  <tag k="highway" v="service"/>
 </way>
</osm>
"""
with open("geometry.osm", "w", encoding="utf-8") as file:
    file.write(WITH_GEOMETRY)


def has_place(file):
    return [[node.location.valid() for node in way.nodes] for way in file if way.is_way()]


plainly = has_place(osmium.FileProcessor("geometry.osm"))
with_locations = has_place(osmium.FileProcessor("geometry.osm").with_locations())
print("plainly:", plainly, "asked for locations:", with_locations)
assert plainly == [[True, True]], plainly
assert with_locations == [[False, False]], with_locations
END
