#!/usr/bin/env bash
# pyosmium 4.3.2 reads an Overpass download that ran out of time as if it were whole.
#
# Overpass then ends the file in good order, with what it had so far, and says so in a <remark>. No error, no
# warning, and the header tells nothing of it: half a town of roads looks like a town.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check osmium==4.3.2
cd "$folder"
"$folder/venv/bin/python" - << 'END'
import osmium

DOWNLOAD = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
 <node id="1" lat="28.1500" lon="112.9800"/>
 <remark> runtime error: Query timed out in "recurse" at line 3 after 26 seconds. </remark>
</osm>
"""
with open("cut.osm", "w", encoding="utf-8") as file:
    file.write(DOWNLOAD)

file = osmium.FileProcessor("cut.osm")
read = [(thing.type_str(), thing.id) for thing in file]
remark = file.header.get("remark", "none")
print("read without a word:", read, "remark in the header:", remark)
assert read == [("n", 1)], read
assert remark == "none", remark
END
