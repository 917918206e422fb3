#!/bin/sh
# Remove from a Python environment what is not needed where the application runs: trim_venv.sh FOLDER
set -eu
rm -rf "$1/include"
cd "$1"/lib/python3*/site-packages

# Tests of the libraries; `testing` stays, because some libraries import it at run time.
find . -type d \( -name tests -o -name test \) -prune -exec rm -rf {} +
rm -rf sqlalchemy/testing
# Headers, archives, sources and types: for compilers and type checkers only.
find . -type f \( -name '*.a' -o -name '*.h' -o -name '*.hpp' -o -name '*.c' -o -name '*.cpp' -o -name '*.pxd' \
    -o -name '*.pyx' -o -name '*.pyi' -o -name '*.cmake' \) -delete
# Machines with graphics processors.
rm -rf numba/cuda
# Parts of SciPy that neither the application nor what it uses of SciPy imports; tests/test_image_contents.py looks.
for part in cluster constants datasets differentiate fft fftpack integrate interpolate io misc ndimage odr optimize \
    signal spatial stats; do
    rm -rf "scipy/$part"
done
# Debugging symbols of machine code.
find . -type f -name '*.so*' -exec strip --strip-unneeded {} +
# pyproj and pyogrio each bring the table of coordinate systems; of one version of PROJ they are the same.
"$1/bin/python" - << 'END'
import sqlite3
from pathlib import Path

kept, other = Path("pyproj/proj_dir/share/proj/proj.db"), Path("pyogrio/proj_data/proj.db")
tables = [sqlite3.connect(path).execute("SELECT * FROM metadata ORDER BY key").fetchall() for path in (kept, other)]
if tables[0] == tables[1]:
    other.unlink()
    other.symlink_to(Path("../..") / kept)
END
