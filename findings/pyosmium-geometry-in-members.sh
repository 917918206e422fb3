#!/usr/bin/env bash
# pyosmium 4.3.2 refuses a whole Overpass download for the coordinates in one relation.
#
# The same query option (out geom) that it reads in ways puts points into the members of relations, too, such as a
# building with a courtyard. It ends the reading of the file with a RuntimeError; the roads beside it are lost with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmium==4.3.2
cd "$folder"
"$folder/venv/bin/python" - << 'END'
import osmium

WITH_RELATION = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
 <way id="5"><nd ref="1" lat="28.1500" lon="112.9800"/><nd ref="2" lat="28.1510" lon="112.9800"/></way>
 <relation id="6">
  <member type="way" ref="5" role="outer"><nd lat="28.1500" lon="112.9800"/><nd lat="28.1510" lon="112.9800"/></member>
  <tag k="type" v="multipolygon"/>
 </relation>
</osm>
"""
with open("relation.osm", "w", encoding="utf-8") as file:
    file.write(WITH_RELATION)

try:
    read = [thing.type_str() for thing in osmium.FileProcessor("relation.osm")]
except RuntimeError as error:
    print("RuntimeError:", error)
    assert "member" in str(error), error
else:
    raise SystemExit(f"it is read now: {read}")
END
