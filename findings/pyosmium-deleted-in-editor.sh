#!/usr/bin/env bash
# pyosmium 4.3.2 gives what was deleted in JOSM as if it were there.
#
# An editor that has not uploaded yet marks what its user deleted with an attribute and keeps it in the file. The
# reader neither leaves it out nor tells: visible is true, deleted is false. A hydrant that was taken off the map is
# a hydrant again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmium==4.3.2
cd "$folder"
"$folder/venv/bin/python" - << 'END'
import osmium

BEFORE_UPLOAD = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="JOSM">
 <node id="7" action="delete" visible="true" version="3" lat="28.1500" lon="112.9800">
  <tag k="emergency" v="fire_hydrant"/>
 </node>
 <node id="-8" action="modify" visible="true" lat="28.1510" lon="112.9800">
  <tag k="emergency" v="fire_hydrant"/>
 </node>
</osm>
"""
with open("editor.osm", "w", encoding="utf-8") as file:
    file.write(BEFORE_UPLOAD)

read = [(node.id, node.visible, node.deleted) for node in osmium.FileProcessor("editor.osm")]
print("id, visible, deleted:", read)
assert read == [(7, True, False), (-8, True, False)], read
END
