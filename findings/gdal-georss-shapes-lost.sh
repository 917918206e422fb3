#!/usr/bin/env bash
# GDAL 3.12 (in pyogrio 0.13.0) loses shapes of a GeoRSS feed without a word.
#
# An entry about two areas has two georss:polygon elements: the driver keeps the last. One with georss:circle, as feeds
# of warnings have it, comes without a geometry. Neither gives a warning, so a map shows half of a flood, or nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas
cd "$folder"
"$folder/venv/bin/python" -W error - << 'END'
import pyogrio

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss"><title>warnings</title>
<entry><id>1</id><title>two areas</title>
 <georss:polygon>28.1 112.9 28.1 113.0 28.2 113.0 28.1 112.9</georss:polygon>
 <georss:polygon>29.1 112.9 29.1 113.0 29.2 113.0 29.1 112.9</georss:polygon></entry>
<entry><id>2</id><title>a circle</title><georss:circle>28.158 112.985 500</georss:circle></entry>
</feed>
"""
with open("warnings.atom", "w", encoding="utf-8") as file:
    file.write(FEED)

read = pyogrio.read_dataframe("warnings.atom")
print(pyogrio.__gdal_version__)
print(read[["title", "geometry"]].to_string())
both, circle = read.geometry
assert both.geom_type == "Polygon", both
assert both.bounds[1] == 29.1, both
assert circle is None, circle
END
